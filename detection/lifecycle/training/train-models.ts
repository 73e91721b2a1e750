import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { bytesHash, contentHash } from '../../../infra/runtime/canonical-json.ts';
import type { Lineage, ModelVersion } from '../registry/model-version.ts';
import type { ModelRegistry } from '../registry/open-registry.ts';
import { causesStage, classifierStage, reportStage } from './classifier-stages.ts';
import { codeVersion } from './code-version.ts';
import { correctedStage } from './corrected-stage.ts';
import type { ModelReport, TrainingReport } from './holdout-report.ts';
import { readBundleHead } from './model-bundle.ts';
import { runStages, type Stage, type StageProgress, type StageResult } from './run-stages.ts';
import { featuresStage, forestStage, labelsStage, prepareStage, type TelemetrySource } from './training-stages.ts';
import type { TrainingOptions } from './training-options.ts';
import type { TrainingParts } from './training-parts.ts';

export interface TrainingRun {
  report: TrainingReport;
  /** The report for a person. */
  text: string;
  stages: readonly StageResult[];
  /** What was registered, or was there already with the same bytes. */
  versions: readonly ModelVersion[];
  /** Files that a person may want: rows to label, rows set aside. */
  reviewFile: string;
  quarantineFile: string;
}

/** All stages of a training run, in order. The same source, options, methods and code give the same bytes. */
export function trainingStages(source: TelemetrySource, options: TrainingOptions, parts: TrainingParts): Stage[] {
  return [prepareStage(source, options), featuresStage(options, codeVersion()), ...modelStages(options, parts)];
}

/** The stages after the features: those that need all rows in one place. */
export function modelStages(options: TrainingOptions, parts: TrainingParts): Stage[] {
  const code = codeVersion();
  return [
    forestStage(parts, options, code),
    labelsStage(options, code),
    correctedStage(parts.corrected, options, code),
    classifierStage('champion', parts.champion, options, code),
    classifierStage('challenger', parts.challenger, options, code),
    causesStage(parts.causes, options, code),
    reportStage(parts, options, code),
  ];
}

/**
 * Runs what is not finished yet in `folder`, then registers every model that is new, the best one last to production where no rule
 * objects. The aliases `champion` and `challenger` point at the two best.
 */
export async function trainModels(
  deps: { folder: string; parts: TrainingParts; registry: ModelRegistry },
  source: TelemetrySource,
  options: TrainingOptions,
  hooks: { onProgress?: (progress: StageProgress) => void; signal?: AbortSignal } = {},
): Promise<TrainingRun> {
  const stages = await runStages(deps.folder, trainingStages(source, options, deps.parts), hooks);
  return registerRun(deps.registry, { stages, options, dataHash: source.hash });
}

/** What a finished run is: where its stages wrote, what was asked, what data it saw. */
export interface FinishedRun {
  stages: readonly StageResult[];
  options: TrainingOptions;
  dataHash: string;
}

/** Registers the models of a finished run that are new, from this machine or another. */
export function registerRun(registry: ModelRegistry, { stages, options, dataHash }: FinishedRun): TrainingRun {
  const folderOf = (name: string): string => stages.find((stage) => stage.name === name)!.folder;
  const report = z
    .custom<TrainingReport>()
    .parse(JSON.parse(readFileSync(join(folderOf('report'), 'report.json'), 'utf8')));
  const versions = register(registry, { stages, report, options, dataHash });
  return {
    report,
    text: readFileSync(join(folderOf('report'), 'report.txt'), 'utf8'),
    stages,
    versions,
    reviewFile: join(folderOf('labels'), 'review.csv'),
    quarantineFile: join(folderOf('prepare'), 'quarantine.csv'),
  };
}

function register(registry: ModelRegistry, run: FinishedRun & { report: TrainingReport }): ModelVersion[] {
  const { report, options } = run;
  const byMerit = [...report.models].sort((left, right) => meritOf(right, report) - meritOf(left, report));
  const versions = new Map<string, ModelVersion>();
  for (const model of [...byMerit].reverse())
    versions.set(model.role, addOnce(registry, options.name, model.role, filesOf(run, model.role), run, model));
  const [first, second] = byMerit.map(({ role }) => versions.get(role)!);
  if (first !== undefined) {
    registry.setAlias(options.name, 'champion', first.version);
    try {
      if (registry.get(options.name, first.version).stage !== 'production')
        registry.promote(options.name, first.version, 'production');
    } catch (thrown) {
      // A rule objects: it waits in staging, and whoever trained it reads why when they promote it.
      if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'CONFLICT')) throw thrown;
      registry.promote(options.name, first.version, 'staging');
    }
  }
  if (second !== undefined) registry.setAlias(options.name, 'challenger', second.version);
  if (report.causes !== undefined) {
    const name = `${options.name}-causes`;
    const model: ModelReport = { role: 'causes', method: '', options: {}, trainedRows: 0, importance: [] };
    const added = addOnce(registry, name, 'causes', filesOf(run, 'causes'), run, model);
    if (registry.get(name, added.version).stage === 'none')
      registry.promote(name, added.version, 'production', { force: true });
    versions.set('causes', added);
  }
  return [...versions.values()].map(({ name, version }) => registry.get(name, version));
}

/** Measured on labels where there are any; otherwise the order in which the methods can be relied on without labels. */
function meritOf(model: ModelReport, report: TrainingReport): number {
  if (model.role === report.best) return 2;
  return model.holdout?.aucPr ?? { corrected: 1, champion: 0.5 }[model.role] ?? 0;
}

function addOnce(
  ...[registry, name, role, files, run, model]: [
    ModelRegistry,
    string,
    string,
    Record<string, Uint8Array>,
    Parameters<typeof register>[1],
    ModelReport,
  ]
): ModelVersion {
  const hash = bytesHash(files['model.json']!);
  const bundle = bytesHash(files['bundle.json']!);
  const same = registry
    .list(name)
    .find(
      (one) =>
        one.role === role && one.files['model.json']?.sha256 === hash && one.files['bundle.json']?.sha256 === bundle,
    );
  if (same !== undefined) return same;
  const { report, options, dataHash, stages } = run;
  const head = readBundleHead(files['bundle.json']!);
  const lineage: Lineage = {
    dataHash,
    featureSet: `${head.featureSet.name}@${head.featureSet.version}`,
    featureNames: head.features.length,
    codeVersion: codeVersion(),
    seed: options.seed,
    stages: Object.fromEntries(stages.map((stage) => [stage.name, stage.key])),
    holdoutHash: contentHash({ data: dataHash, holdout: options.holdout, rows: report.rows.holdout }).slice(0, 24),
  };
  return registry.add({
    name,
    method: head.method,
    role,
    lineage,
    metrics: metricsOf(model, report),
    options: model.options,
    files,
  });
}

function metricsOf(model: ModelReport, report: TrainingReport): Record<string, number> {
  const { holdout, crossValidation } = model;
  return {
    dataQuality: report.data.quality,
    ...(holdout === undefined
      ? {}
      : {
          aucPr: holdout.aucPr,
          auroc: holdout.auroc,
          f1: holdout.f1,
          precision: holdout.precision,
          recall: holdout.recall,
          calibrationError: holdout.calibrationError,
        }),
    ...(crossValidation === undefined ? {} : { cvAucPr: crossValidation.aucPr }),
    ...(model.role === 'causes' && report.causes !== undefined ? { accuracy: report.causes.accuracy } : {}),
    ...(model.onnxDifference === undefined ? {} : { onnxDifference: model.onnxDifference }),
  };
}

function filesOf(run: Parameters<typeof register>[1], role: string): Record<string, Uint8Array> {
  const folder = run.stages.find(({ name }) => name === role)!.folder;
  const files: Record<string, Uint8Array> = {};
  for (const file of ['bundle.json', 'model.json', 'card.json', 'model.onnx']) {
    try {
      files[file] = readFileSync(join(folder, file));
    } catch (thrown) {
      if (file !== 'model.onnx') throw thrown;
    }
  }
  if (role !== 'causes')
    files['scores.json'] = readFileSync(
      join(run.stages.find(({ name }) => name === 'report')!.folder, `scores-${role}.json`),
    );
  files['report.json'] = readFileSync(join(run.stages.find(({ name }) => name === 'report')!.folder, 'report.json'));
  return files;
}
