import type { ValidationReport } from '../validation/validate-table.ts';
import type { ConfidenceBands } from './confidence-bands.ts';
import type { ScoreReport } from './score-report.ts';
import type { SearchResult } from './search-options.ts';
import type { CrossValidation } from './train-classifier.ts';

/** What one trained model showed. `holdout` is absent where the held-out rows have no labels of both classes. */
export interface ModelReport {
  role: string;
  method: string;
  options: Readonly<Record<string, unknown>>;
  trainedRows: number;
  holdout?: ScoreReport;
  crossValidation?: CrossValidation;
  search?: SearchResult | undefined;
  /** Mean absolute contribution of the features that count most, largest first. */
  importance: readonly { feature: string; share: number }[];
  /** Largest difference between the ONNX file's scores and the native ones; absent without an ONNX form. */
  onnxDifference?: number;
}

/** How well causes are told apart on held-out rows: `confusion[truth][said]`. */
export interface CauseReport {
  classes: readonly string[];
  confusion: readonly (readonly number[])[];
  accuracy: number;
  rows: number;
}

/** All that a training run found out, as plain JSON. */
export interface TrainingReport {
  name: string;
  data: ValidationReport;
  rows: { train: number; holdout: number; features: number };
  bands: ConfidenceBands;
  labels: { given: number; guessed: number; classes: readonly string[] };
  models: readonly ModelReport[];
  causes?: CauseReport;
  /** The role that did best on the held-out rows; the forest where there are no labels. */
  best: string;
  notes: readonly string[];
}

/** The report for a person. */
export function renderTrainingReport(report: TrainingReport): string {
  const { rows, labels, bands } = report;
  const lines = [
    `${report.name}: ${rows.train} rows to train on, ${rows.holdout} held out, ${rows.features} features; ${labels.given} labelled, ${labels.guessed} pseudo-labelled`,
    `  bands: normal up to ${bands.low.toFixed(3)}, abnormal from ${bands.high.toFixed(3)} (${(bands.contamination * 100).toFixed(1)} % of rows)`,
    ...report.models.flatMap((model) => modelLines(model, model.role === report.best)),
    ...(report.causes === undefined ? [] : causeLines(report.causes)),
    ...report.notes.map((note) => `  note: ${note}`),
  ];
  return `${lines.join('\n')}\n`;
}

function modelLines(model: ModelReport, best: boolean): string[] {
  const { holdout, crossValidation: cv } = model;
  const lines = [`  ${best ? '*' : ' '} ${model.role} (${model.method})`];
  if (cv !== undefined)
    lines.push(
      `      ${cv.folds}-fold AUC-PR ${cv.aucPr.toFixed(3)} ± ${cv.aucPrSpread.toFixed(3)} against ${cv.against}`,
    );
  if (holdout !== undefined) {
    const { truePositive, falsePositive, falseNegative, trueNegative } = holdout.confusion;
    lines.push(
      `      holdout AUC-PR ${holdout.aucPr.toFixed(3)}, AUROC ${holdout.auroc.toFixed(3)}; at ${holdout.threshold.toFixed(3)}: precision ${holdout.precision.toFixed(2)}, recall ${holdout.recall.toFixed(2)}`,
      `      confusion: ${truePositive} found, ${falseNegative} missed, ${falsePositive} false alarms, ${trueNegative} rightly passed; Brier ${holdout.brier.toFixed(3)}, calibration error ${holdout.calibrationError.toFixed(3)}`,
    );
  }
  if (model.importance.length > 0)
    lines.push(
      `      most important: ${model.importance
        .slice(0, 5)
        .map(({ feature }) => feature)
        .join(', ')}`,
    );
  if (model.onnxDifference !== undefined)
    lines.push(`      ONNX differs from native by at most ${model.onnxDifference.toExponential(1)}`);
  return lines;
}

function causeLines({ classes, confusion, accuracy, rows }: CauseReport): string[] {
  return [
    `    causes: ${(accuracy * 100).toFixed(0)} % of ${rows} held-out abnormal rows right`,
    ...classes.map(
      (name, truth) => `      ${name}: ${classes.map((said, c) => `${said} ${confusion[truth]![c]}`).join(', ')}`,
    ),
  ];
}
