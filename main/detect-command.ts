import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config.ts';
import type { Frame } from '../detection/lifecycle/features/frame.ts';
import type { TelemetryTable } from '../detection/lifecycle/ingest/telemetry-table.ts';
import type { Matrix } from '../detection/models/matrix.ts';
import { type ModelRegistry, openRegistry } from '../detection/lifecycle/registry/open-registry.ts';
import { findSpans } from '../detection/lifecycle/serving/find-spans.ts';
import { onlineSetOf } from '../detection/lifecycle/serving/infer.ts';
import { createKserveClient } from '../detection/lifecycle/serving/kserve-client.ts';
import { blocksOf, type StoredRows, takeStored } from '../detection/models/stored-rows.ts';
import { createDefaultParts } from '../detection/lifecycle/training/default-parts.ts';
import { onnxScores } from '../detection/lifecycle/training/measure-model.ts';
import { openScorer, readBundleHead, type Scorer } from '../detection/lifecycle/training/model-bundle.ts';
import { dataSchema } from '../detection/lifecycle/validation/data-schema.ts';
import { renderReport } from '../detection/lifecycle/validation/render-report.ts';
import { validateTable } from '../detection/lifecycle/validation/validate-table.ts';
import { writeQuarantine } from '../detection/lifecycle/validation/write-quarantine.ts';
import { isoOf, systemClock } from '../infra/runtime/clock.ts';
import { CerebroError } from '../infra/runtime/errors.ts';
import { createHttpClient } from '../infra/runtime/http.ts';
import { runLive } from './detect-live.ts';
import { runStreams } from './detect-streams.ts';
import { openOnline } from './open-online.ts';
import { readTarget, type TargetOptions } from './read-target.ts';
import { openStageBar } from './stage-progress.ts';

export interface DetectOptions extends TargetOptions {
  model?: string;
  version?: string;
  threshold?: string;
  kserve?: string;
  out?: string;
  /** Keep each entity's newest features online, for servers. */
  keep?: boolean;
  json?: boolean;
}

/** One stretch of abnormal samples of one entity. */
interface Found {
  entity: string;
  from: string;
  to: string;
  peakAt: string;
  score: number;
  /** Where a model of causes was trained: the likeliest one. */
  cause?: { name: string; probability: number };
  because: string[];
  /** Its peak lies outside what the model was trained on: the score should not be relied on. */
  outOfDistribution: boolean;
}

/**
 * Says where a file, folder or query is abnormal: with the registered model that takes its columns, else column by column with the default ensemble. A
 * metric or entity of a Cerebro that runs here is asked of that. Throws INPUT_INVALID, NOT_FOUND and what the back ends throw.
 */
export async function runDetect(config: Config, target: string, options: DetectOptions): Promise<void> {
  const asked = thresholdOf(options.threshold);
  if (await runLive(config, target, options)) return;
  const registry = openRegistry(join(config.dataDir, 'models'), { clock: systemClock });
  try {
    const table = await readTarget(config, target, options);
    const chosen = chooseModel(registry, table, options);
    if (chosen === undefined) {
      runStreams(table, asked ?? config.watch.threshold, options);
      return;
    }
    const { scorer, label, name } = chosen;
    const { frames, quarantined, report } = validateTable(table, dataSchema.parse({}), referencesOf(scorer));
    const threshold = asked ?? scorer.head.threshold;
    const scored = await scoreAll(frames, {
      scorer,
      causes: causesOf(registry, name),
      threshold,
      score: options.kserve === undefined ? (rows) => scorer.score(rows) : remoteScorer(options.kserve, name),
    });
    const found = scored.flatMap((one) => one.found);
    if (options.keep === true) await keepNewest(config, scorer, scored);
    if (options.out !== undefined) writeScores(options.out, scored);
    if (options.out !== undefined && quarantined.length > 0)
      writeQuarantine(`${options.out}.quarantine.csv`, quarantined);
    if (options.json === true) {
      process.stdout.write(`${JSON.stringify({ model: label, threshold, data: report, found }, undefined, 2)}\n`);
      return;
    }
    process.stderr.write(renderReport(report));
    printScored(label, threshold, { kept: report.kept, several: scored.length > 1, found });
  } finally {
    registry.close();
  }
}

function printScored(
  label: string,
  threshold: number,
  { kept, several, found }: { kept: number; several: boolean; found: readonly Found[] },
): void {
  const head =
    found.length === 0
      ? 'nothing abnormal'
      : `${found.length} abnormal ${found.length === 1 ? 'stretch' : 'stretches'}`;
  process.stdout.write(`${label}: ${head} in ${kept} rows (scores from ${threshold.toFixed(3)})\n`);
  for (const one of found) {
    const where = several ? `${one.entity}  ` : '';
    const cause = one.cause === undefined ? '' : `  likely ${one.cause.name} (${one.cause.probability.toFixed(2)})`;
    const because = one.because.length > 0 ? `  because of ${one.because.join(', ')}` : '';
    const doubt = one.outOfDistribution ? '  outside what the model was trained on' : '';
    process.stdout.write(
      `  ${where}${one.from} to ${one.to}  score ${one.score.toFixed(3)}${cause}${because}${doubt}\n`,
    );
  }
}

function thresholdOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const threshold = Number(text);
  if (!(threshold >= 0 && threshold <= 1))
    throw new CerebroError('INPUT_INVALID', `${text} is no threshold between 0 and 1.`);
  return threshold;
}

/** The model that is asked for; else the one whose columns the data has; undefined where there is none. Throws NOT_FOUND where one must be chosen. */
function chooseModel(
  registry: ModelRegistry,
  table: TelemetryTable,
  options: DetectOptions,
): { scorer: Scorer; label: string; name: string } | undefined {
  const parts = createDefaultParts();
  const names = [
    ...new Set(
      registry
        .list()
        .filter(({ role }) => role !== 'causes')
        .map(({ name }) => name),
    ),
  ];
  const fits = (name: string): boolean => {
    const version = registry.get(name, options.version);
    return readBundleHead(registry.read(version, 'bundle.json')).columns.every((column) =>
      table.names.includes(column),
    );
  };
  const fitting = options.model === undefined ? names.filter(fits) : [options.model];
  if (fitting.length === 0) return undefined;
  // A model that was trained on a file of this name is meant before others with the same columns.
  const chosen =
    fitting.find((name) => table.source.startsWith(name)) ?? (fitting.length === 1 ? fitting[0] : undefined);
  if (chosen === undefined) {
    throw new CerebroError(
      'NOT_FOUND',
      `Several models take these columns: ${fitting.join(', ')}; choose one with --model.`,
    );
  }
  const version = registry.get(chosen, options.version);
  return {
    scorer: openScorer((file) => registry.read(version, file), parts),
    label: `${version.name} ${version.version} (${version.method})`,
    name: chosen,
  };
}

/** The model of causes that was trained beside this one, where there is one. */
function causesOf(registry: ModelRegistry, name: string): Scorer | undefined {
  const version = registry.list(`${name}-causes`).find(({ stage }) => stage === 'production');
  return version === undefined ? undefined : openScorer((file) => registry.read(version, file), createDefaultParts());
}

/** How frames are scored: here or by a server, and by whom a cause is told. */
interface Scoring {
  scorer: Scorer;
  causes: Scorer | undefined;
  threshold: number;
  score(rows: Matrix): Eventually<Float64Array>;
}

type Eventually<T> = T | Promise<T>;

interface Scored {
  frame: Frame;
  /** Computed again when they are read. */
  rows: StoredRows;
  scores: Float64Array;
  found: Found[];
}

/** Frame by frame, with a bar on stderr. */
async function scoreAll(frames: readonly Frame[], scoring: Scoring): Promise<Scored[]> {
  const bar = openStageBar(Math.max(1, frames.length));
  const scored: Scored[] = [];
  try {
    for (const frame of frames) {
      const stage = frames.length === 1 ? 'scoring' : `scoring ${frame.entity}`;
      bar.show({ stage, state: 'running', share: 0 });
      scored.push({ frame, ...(await scoreFrame(frame, scoring)) });
      bar.show({ stage, state: 'done' });
    }
  } finally {
    bar.stop();
  }
  return scored;
}

async function scoreFrame(frame: Frame, scoring: Scoring): Promise<Omit<Scored, 'frame'>> {
  const { scorer, causes, threshold } = scoring;
  const rows = scorer.prepare(frame);
  const scores = new Float64Array(rows.rows);
  for (const { from, block } of blocksOf(rows)) scores.set(await scoring.score(block), from);
  const spans = findSpans(scores, threshold);
  const told = causes === undefined || spans.length === 0 ? undefined : causes.prepare(frame);
  const found = spans.map(({ from, to, peak, score }) => ({
    entity: frame.entity,
    from: isoOf(frame.times[from]!),
    to: isoOf(frame.times[to]!),
    peakAt: isoOf(frame.times[peak]!),
    score,
    ...(causes === undefined || told === undefined
      ? {}
      : { cause: likeliest(causes, takeStored(told, [peak]).values) }),
    because: scorer
      .explain(takeStored(rows, [peak]).values)
      .contributions.filter(({ share }) => share > 0)
      .toSorted((left, right) => right.share - left.share)
      .slice(0, 3)
      .map(({ feature, value }) => `${feature} = ${Number.isNaN(value) ? 'missing' : Number(value.toPrecision(4))}`),
    outOfDistribution: scorer.outOfDistribution?.(takeStored(rows, [peak]))[0] === 1,
  }));
  return { rows, scores, found };
}

async function keepNewest(
  config: Config,
  { head }: Scorer,
  scored: readonly { frame: Frame; rows: StoredRows }[],
): Promise<void> {
  const online = openOnline(config);
  try {
    for (const { frame, rows } of scored)
      if (rows.rows > 0)
        await online.put(onlineSetOf(head), frame.entity, {
          at: frame.times[rows.rows - 1]!,
          values: Float32Array.from(takeStored(rows, [rows.rows - 1]).values),
        });
    await online.sweep();
  } finally {
    await online.close();
  }
}

function likeliest(causes: Scorer, row: Matrix['values']): { name: string; probability: number } {
  const shares = causes.probabilities?.({ rows: 1, columns: row.length, values: row }).values ?? new Float64Array(1);
  const best = shares.indexOf(Math.max(...shares));
  return { name: causes.head.classes[best] ?? '', probability: shares[best] ?? 0 };
}

/** Scores by a Triton or KServe that serves the model's ONNX file, or by a Cerebro. */
function remoteScorer(baseUrl: string, name: string): Scoring['score'] {
  const client = createKserveClient(createHttpClient({ clock: systemClock }, { name: 'kserve', baseUrl }), { name });
  return async (rows) => onnxScores((await client.infer(rows)).values, rows.rows);
}

function referencesOf(scorer: Scorer): Record<string, Float64Array> {
  return Object.fromEntries(
    Object.entries(scorer.head.reference).map(([name, values]) => [name, Float64Array.from(values)]),
  );
}

function writeScores(path: string, scored: readonly { frame: Frame; scores: Float64Array }[]): void {
  const lines = scored.flatMap(({ frame, scores }) =>
    Array.from(scores, (score, r) => `${isoOf(frame.times[r]!)},${frame.entity},${score}`),
  );
  writeFileSync(path, `timestamp,entity,score\n${lines.map((line) => `${line}\n`).join('')}`);
}
