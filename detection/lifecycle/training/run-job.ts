import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { z } from 'zod';
import { bytesHash, canonicalJson } from '../../../infra/runtime/canonical-json.ts';
import type { Clock } from '../../../infra/runtime/clock.ts';
import { CerebroError } from '../../../infra/runtime/errors.ts';
import { fileHash } from '../../../infra/runtime/file-hash.ts';
import type { Frame } from '../features/frame.ts';
import { readFileList, telemetryFiles } from '../ingest/read-files.ts';
import type { Matrix } from '../../models/matrix.ts';
import type { ModelRegistry } from '../registry/open-registry.ts';
import { blocksOf, sliceRows } from '../../models/stored-rows.ts';
import { type ValidationReport, validationReport } from '../validation/validate-table.ts';
import { codeVersion } from './code-version.ts';
import { openRows, readFrames, writeFrames, writeRows } from './dataset-files.ts';
import type { JobSpec } from './job-spec.ts';
import { runStages, type Stage, type StageProgress } from './run-stages.ts';
import { modelStages, registerRun, type TrainingRun } from './train-models.ts';
import { trainingOptions } from './training-options.ts';
import type { TrainingParts } from './training-parts.ts';
import { featuresStage, prepareStage } from './training-stages.ts';

type Hooks = { onProgress?: (progress: StageProgress) => void };

const partFile = z.object({ hash: z.string(), prepare: z.string(), features: z.string(), empty: z.boolean() });
const resultFile = z.object({
  options: trainingOptions,
  dataHash: z.string(),
  stages: z.array(z.object({ name: z.string(), key: z.string(), folder: z.string(), ran: z.boolean() })),
});

/** Prepares and computes the features of one task's entities, into `<parts>/<task>`. A task that is done is not done again. */
export async function runTask(
  spec: JobSpec,
  task: number,
  place: { input: string; parts: string },
  hooks: Hooks = {},
): Promise<void> {
  const all = telemetryFiles(place.input);
  if (spec.tasks > 1 && !all.every((file) => /\/entity=[^/]*\//.test(file)))
    throw new CerebroError(
      'INPUT_INVALID',
      `${place.input} is not in partitions by entity; write it with \`cerebro train-job partition\` first.`,
    );
  const files = all.filter(
    (file) => spec.tasks === 1 || taskOf(/\/entity=([^/]*)\//.exec(file)![1]!, spec.tasks) === task,
  );
  const folder = join(place.parts, String(task));
  mkdirSync(folder, { recursive: true });
  const hash = bytesHash(canonicalJson(files.map((file) => [relative(place.input, file), fileHash(file)])));
  const write = (more: Omit<z.infer<typeof partFile>, 'hash'>): void => {
    writeFileSync(join(folder, 'part.json.partial'), canonicalJson({ hash, ...more }));
    renameSync(join(folder, 'part.json.partial'), join(folder, 'part.json'));
  };
  if (files.length === 0) {
    write({ prepare: '', features: '', empty: true });
    return;
  }
  const source = { hash, read: () => readFileList(place.input, files) };
  const stages = await runStages(
    folder,
    [prepareStage(source, spec.options), featuresStage(spec.options, codeVersion())],
    hooks,
  );
  const [prepare, features] = stages.map((stage) => relative(folder, stage.folder));
  write({ prepare: prepare!, features: features!, empty: false });
}

/**
 * Joins the parts and runs the remaining stages, then writes `<output>/result.json`. With a clock, it waits until all parts are there, looking
 * every ten seconds, at most `maxHours`. Throws NOT_FOUND for a part that is not there.
 */
export async function runTraining(
  spec: JobSpec,
  place: { parts: string; output: string },
  deps: { parts: TrainingParts; clock?: Clock },
  hooks: Hooks = {},
): Promise<void> {
  const folders = Array.from({ length: spec.tasks }, (_, task) => join(place.parts, String(task)));
  const missing = (): string[] => folders.filter((folder) => !existsSync(join(folder, 'part.json')));
  const until = (deps.clock?.now() ?? 0) + spec.maxHours * 3_600_000;
  while (deps.clock !== undefined && missing().length > 0 && deps.clock.now() < until) await deps.clock.sleep(10_000);
  if (missing().length > 0) throw new CerebroError('NOT_FOUND', `These tasks are not done: ${missing().join(', ')}.`);
  const parts = folders
    .map((folder) => ({ folder, ...partFile.parse(JSON.parse(readFileSync(join(folder, 'part.json'), 'utf8'))) }))
    .filter(({ empty }) => !empty);
  if (parts.length === 0) throw new CerebroError('INPUT_INVALID', 'No task found a row to train on.');
  const work = join(place.output, 'work');
  const stages = await runStages(work, [...joinStages(parts), ...modelStages(spec.options, deps.parts)], hooks);
  const dataHash = bytesHash(canonicalJson(parts.map(({ hash }) => hash)));
  const result = {
    options: spec.options,
    dataHash,
    stages: stages.map((stage) => ({ ...stage, folder: relative(place.output, stage.folder) })),
  };
  writeFileSync(join(place.output, 'result.json'), canonicalJson(result));
}

/** All tasks one after the other on this machine, then the training: what the engines run, without an engine. */
export async function runLocalJob(
  spec: JobSpec,
  place: { input: string; output: string },
  deps: { parts: TrainingParts },
  hooks: Hooks = {},
): Promise<void> {
  const parts = join(place.output, 'parts');
  for (let task = 0; task < spec.tasks; task += 1) await runTask(spec, task, { input: place.input, parts }, hooks);
  await runTraining(spec, { parts, output: place.output }, deps, hooks);
}

/** Registers what a job made, from its output folder, wherever it ran. Throws NOT_FOUND when it is not finished. */
export function importResult(registry: ModelRegistry, output: string): TrainingRun {
  const path = join(output, 'result.json');
  if (!existsSync(path))
    throw new CerebroError('NOT_FOUND', `${output} holds no result.json: the job is not finished.`);
  const { options, dataHash, stages } = resultFile.parse(JSON.parse(readFileSync(path, 'utf8')));
  return registerRun(registry, {
    options,
    dataHash,
    stages: stages.map((stage) => ({ ...stage, folder: join(output, stage.folder) })),
  });
}

/** The task that an entity belongs to, the same on every machine. */
function taskOf(entity: string, tasks: number): number {
  return Number.parseInt(bytesHash(entity).slice(0, 12), 16) % tasks;
}

type Part = { folder: string; hash: string; prepare: string; features: string };

/** The stages `prepare` and `features` as if one machine had done them: the parts one below the other, entities in the order of their names. */
function joinStages(parts: readonly Part[]): Stage[] {
  const hashes = parts.map(({ hash }) => hash);
  const order = parts
    .flatMap((part) => {
      let from = 0;
      return readFrames(join(part.folder, part.prepare, 'frames')).map((frame) => {
        from += frame.times.length;
        return { part, frame, from: from - frame.times.length };
      });
    })
    .sort((left, right) => (left.frame.entity < right.frame.entity ? -1 : 1));
  return [
    {
      name: 'prepare',
      needs: [],
      inputs: { parts: hashes },
      run({ folder }) {
        writeFrames(join(folder, 'frames'), oneClassList(order.map(({ frame }) => frame)));
        writeFileSync(join(folder, 'validation.json'), canonicalJson(joinReports(parts)));
        const rows = parts.flatMap((part) =>
          readFileSync(join(part.folder, part.prepare, 'quarantine.csv'), 'utf8')
            .trim()
            .split('\n')
            .slice(1),
        );
        writeFileSync(
          join(folder, 'quarantine.csv'),
          `row,entity,timestamp,reason,text\n${rows.map((row) => `${row}\n`).join('')}`,
        );
      },
    },
    {
      name: 'features',
      needs: ['prepare'],
      inputs: { parts: hashes },
      run({ folder }) {
        const first = parts[0]!;
        const head = readFileSync(join(first.folder, first.features, 'features.json'), 'utf8');
        const columns = z.object({ names: z.array(z.string()) }).parse(JSON.parse(head)).names.length;
        const other = parts.find(
          (part) => readFileSync(join(part.folder, part.features, 'features.json'), 'utf8') !== head,
        );
        if (other !== undefined)
          throw new CerebroError(
            'INPUT_INVALID',
            `${other.folder} has other columns than ${first.folder}; all entities need the same.`,
          );
        writeFileSync(join(folder, 'features.json'), head);
        writeRows(join(folder, 'rows.f32'), joinRows(order, columns));
      },
    },
  ];
}

/** The rows of each entity in turn, out of the parts' files. */
function* joinRows(order: readonly { part: Part; frame: Frame; from: number }[], columns: number): Generator<Matrix> {
  for (const { part, frame, from } of order) {
    using file = openRows(join(part.folder, part.features, 'rows.f32'), columns);
    for (const { block } of blocksOf(sliceRows(file, from, frame.times.length))) yield block;
  }
}

/** Each part numbered the classes that it saw; afterwards all use one list. */
function oneClassList(frames: readonly Frame[]): Frame[] {
  if (frames.every(({ classes }) => classes === undefined)) return [...frames];
  const all = ['normal', ...[...new Set(frames.flatMap(({ classes }) => (classes ?? []).slice(1)))].sort()];
  return frames.map((frame) => ({
    ...frame,
    classes: all,
    labels: Int32Array.from(frame.times, (_, r) => {
      const label = frame.labels?.[r] ?? -1;
      return label <= 0 ? label : all.indexOf(frame.classes![label]!);
    }),
  }));
}

function joinReports(parts: readonly Part[]): ValidationReport {
  const reports = parts.map((part) =>
    validationReport.parse(JSON.parse(readFileSync(join(part.folder, part.prepare, 'validation.json'), 'utf8'))),
  );
  const sum = (of: (report: ValidationReport) => number): number =>
    reports.reduce((total, report) => total + of(report), 0);
  const rows = sum((report) => report.rows);
  return {
    source: reports[0]!.source,
    rows,
    kept: sum((report) => report.kept),
    quarantined: sum((report) => report.quarantined),
    entities: sum((report) => report.entities),
    columns: reports[0]!.columns,
    from: Math.min(...reports.map((report) => report.from ?? Infinity)),
    to: Math.max(...reports.map((report) => report.to ?? -Infinity)),
    quality: sum((report) => report.quality * report.rows) / rows,
    checks: reports[0]!.checks.map((check) => {
      const same = reports.map((report) => report.checks.find(({ name }) => name === check.name)!);
      const worst = same.reduce((bad, one) => (one.share > bad.share ? one : bad));
      return { ...worst, count: same.reduce((total, { count }) => total + count, 0) };
    }),
  };
}
