import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { z } from 'zod';
import { finding } from '../../domain/finding.ts';
import { topology } from '../../domain/entity.ts';
import { window } from '../../domain/time.ts';
import type { Prediction, Suite, SuiteOptions } from '../suite.ts';
import type { FitSet } from './fit-sets.ts';

const present = z
  .object({ present: z.boolean(), note: z.string().optional() })
  .transform(({ present: is, note }) => ({ present: is, ...(note === undefined ? {} : { note }) }));
const kept = z.object({
  case: z.string(),
  family: z.string(),
  elapsedMs: z.number(),
  input: z.object({
    window,
    baseline: window,
    focus: z.array(z.string()),
    findings: z.array(finding),
    topology,
    coverage: z.object({
      metrics: present,
      logs: present,
      traces: present,
      changes: present,
      resources: present,
      topology: present,
    }),
  }),
});
type Kept = z.infer<typeof kept>;

/**
 * What the engine ranks causes over in each case of a set, as the product collects it: cases that it never asked the engine about are left
 * out. With `keep`, a set that was collected there before is read back instead; a folder is good as long as nothing below the ranking changes.
 */
export async function* collectCases(set: FitSet, suite: Suite, options: SuiteOptions): AsyncIterable<Prediction> {
  const file = options.keep === undefined ? undefined : join(options.keep, `${set.suite}.inputs.jsonl.zst`);
  if (file !== undefined && existsSync(file)) {
    for (const one of readKept(file)) yield predictionOf(set, one);
    return;
  }
  const { keep: _, ...rest } = options;
  const found: Kept[] = [];
  const data = join(options.data ?? '', set.folder);
  for await (const prediction of suite.predict({ ...rest, data, cases: [...set.cases] })) {
    if (prediction.input === undefined) continue;
    const one = {
      case: prediction.case,
      family: set.familyOf(prediction),
      elapsedMs: prediction.elapsedMs,
      input: prediction.input,
    };
    found.push(one);
    yield predictionOf(set, one);
  }
  if (file === undefined) return;
  mkdirSync(options.keep ?? '', { recursive: true });
  writeFileSync(`${file}.part`, zstdCompressSync(found.map((one) => `${JSON.stringify(one)}\n`).join('')));
  renameSync(`${file}.part`, file);
}

function readKept(file: string): Kept[] {
  return zstdDecompressSync(readFileSync(file))
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => kept.parse(JSON.parse(line)));
}

function predictionOf(set: FitSet, { case: name, family, elapsedMs, input }: Kept): Prediction {
  return {
    case: name,
    line: { suite: set.suite, family },
    elapsedMs,
    input,
    calls: 0,
    tokens: 0,
    dollars: 0,
  };
}
