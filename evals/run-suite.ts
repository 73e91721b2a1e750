import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { printScores } from './print-scores.ts';
import { htmlReport } from './html-report.ts';
import type { Prediction, ScoreReport, Suite, SuiteOptions } from './suite.ts';

/**
 * Predicts all cases, writes the predictions, and scores them where truth is given or the suite brings its own. Predictions are written
 * before any truth is opened. With `ladder` everything is predicted again without each signal. With `report` there is also a file of
 * outcomes beside the page, which `eval calibrate` fits on.
 */
export async function runSuite(
  suite: Suite,
  options: SuiteOptions,
  paths: { predictions?: string; truth?: string; report?: string; ladder?: boolean },
  say: (text: string) => void,
): Promise<ScoreReport | undefined> {
  const predictions: Prediction[] = [];
  for await (const prediction of suite.predict(options)) {
    predictions.push(prediction);
    say(
      `${String(predictions.length).padStart(4)}  ${prediction.case}  ${(prediction.elapsedMs / 1000).toFixed(2)} s\n`,
    );
  }
  if (paths.predictions !== undefined) {
    if (suite.write === undefined) writeLines(paths.predictions, predictions);
    else await suite.write(predictions, paths.predictions, options);
  }
  if (paths.truth === undefined && !selfScored.has(suite.name)) return undefined;
  const report = await suite.score(predictions, paths.truth, options);
  if (paths.ladder === true) report.ladder = await climbLadder(suite, options, { truth: paths.truth, predictions });
  say(printScores(suite.name, predictions, report));
  if (paths.report !== undefined) {
    mkdirSync(paths.report, { recursive: true });
    writeFileSync(`${paths.report}/${suite.name}.html`, htmlReport(suite, predictions, report));
    if (report.outcomes !== undefined)
      writeFileSync(
        `${paths.report}/${suite.name}.outcomes.jsonl`,
        [
          ...report.outcomes,
          ...(report.ladder ?? []).flatMap(({ without, outcomes = [] }) =>
            outcomes.map((one) => ({ ...one, without })),
          ),
        ]
          .map((outcome) => `${JSON.stringify({ suite: suite.name, ...outcome })}\n`)
          .join(''),
      );
  }
  return report;
}

/** Signals that are left out one at a time, to see what each is worth. */
const rungs = ['traces', 'logs', 'metrics', 'changes', 'resources', 'topology'];

async function climbLadder(
  suite: Suite,
  options: SuiteOptions,
  whole: { truth: string | undefined; predictions: readonly Prediction[] },
): Promise<NonNullable<ScoreReport['ladder']>> {
  const ladder: NonNullable<ScoreReport['ladder']> = [];
  for (const without of rungs) {
    // A signal that no case has is worth nothing here.
    if (whole.predictions.every(({ signals }) => signals !== undefined && !signals.includes(without))) continue;
    const { keep: _, ...rest } = options;
    const predictions: Prediction[] = [];
    for await (const prediction of suite.predict({ ...rest, without: [without] })) predictions.push(prediction);
    const { scores, outcomes } = await suite.score(predictions, whole.truth, options);
    ladder.push({ without, scores, ...(outcomes === undefined ? {} : { outcomes }) });
  }
  return ladder;
}

/** Suites that make their own cases and so hold their own truth. */
const selfScored = new Set(['lab', 'real', 'questions', 'fit', 'watch', 'metamorphic', 'alert-rules']);

function writeLines(path: string, predictions: readonly Prediction[]): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(
    path,
    predictions
      .map(
        (prediction) =>
          `${JSON.stringify({ case: prediction.case, ...prediction.line, elapsed_ms: Math.round(prediction.elapsedMs) })}\n`,
      )
      .join(''),
  );
}

/** Reads a file of JSON lines. */
export function readLines(path: string): Record<string, unknown>[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const parsed: unknown = JSON.parse(line);
      return parsed !== null && typeof parsed === 'object' ? { ...parsed } : {};
    });
}
