import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../infra/runtime/clock.ts';
import { CerebroError } from '../../infra/runtime/errors.ts';
import { learnCauseClasses } from '../../knowledge/incidents/cause-class.ts';
import { bootstrapInterval } from '../bootstrap-interval.ts';
import type { Score, Suite } from '../suite.ts';
import { learnPlainClassifier } from './postmortems/plain-classifier.ts';

type Report = Record<string, unknown>;

/** Words of the set for the classes that are predicted. */
const classNames: Record<string, string> = {
  'internal causes': 'internal',
  'external causes': 'external',
  unknown: 'unknown',
};
const spoken = ['title', 'summary', 'details'];

/**
 * The class of root cause of public post-mortems from what they say, their root-cause fields put away. Learns from the even records (their
 * labels are what a team's own verified outcomes are) and predicts the odd ones.
 */
export function createPostmortemsSuite(): Suite {
  return {
    name: 'postmortems',
    description: 'Class of the root cause (internal, external, unknown) of odd records, learned from the even ones.',
    async *predict(options) {
      const reports = readReports(options.data);
      const classifier = learnCauseClasses(labelled(reports, 0));
      for (let index = 1; index < reports.length; index += 2) {
        const started = systemClock.monotonic();
        const { causeClass, confidence, mechanisms } = classifier.predict(visibleText(reports[index]!));
        yield await Promise.resolve({
          case: String(index),
          line: { class: causeClass, confidence: Number(confidence.toFixed(4)), mechanisms },
          elapsedMs: systemClock.monotonic() - started,
          calls: 0,
          tokens: 0,
          dollars: 0,
        });
      }
    },
    score: (predictions, truth, options) => {
      if (truth === undefined) return Promise.resolve({ scores: [], failures: [] });
      const reports = readReports(options.data);
      const answers = readReports(truth);
      const plain = learnPlainClassifier(labelled(reports, 0));
      const usual = mostUsual(labelled(reports, 0).map(({ causeClass }) => causeClass));
      const rows = predictions.flatMap((prediction) => {
        const expected = classOf(answers[Number(prediction.case)] ?? {});
        const report = reports[Number(prediction.case)];
        if (expected === undefined || report === undefined) return [];
        const got = String(prediction.line['class']);
        const guess = plain(visibleText(report));
        return [{ prediction, expected, got, guess }];
      });
      const score = (metric: string, right: (row: (typeof rows)[number]) => boolean): Score => {
        const { mean, low, high } = bootstrapInterval(rows.map((row) => Number(right(row))));
        const baseline = rows.filter(({ expected }) => expected === usual).length / Math.max(1, rows.length);
        return { metric, score: mean, low, high, cases: rows.length, baseline };
      };
      return Promise.resolve({
        scores: [
          score('accuracy', ({ expected, got }) => expected === got),
          score('accuracy of TF-IDF with logistic regression', ({ expected, guess }) => expected === guess),
        ],
        failures: rows
          .filter(({ expected, got }) => expected !== got)
          .map(({ prediction, expected, got }) => ({ case: prediction.case, expected, got })),
        calibration: rows.map(({ prediction, expected, got }) => ({
          confidence: Number(prediction.line['confidence']),
          right: expected === got,
        })),
      });
    },
  };
}

function readReports(path: string | undefined): Report[] {
  if (path === undefined)
    throw new CerebroError('INPUT_INVALID', 'The suite needs --data <folder with structured.json>.');
  const file = statSync(path).isDirectory() ? join(path, 'structured.json') : path;
  const parsed: unknown = JSON.parse(readFileSync(file, 'utf8'));
  return Array.isArray(parsed)
    ? parsed.map((row: unknown): Report => (row !== null && typeof row === 'object' ? { ...row } : {}))
    : [];
}

function labelled(reports: readonly Report[], parity: 0 | 1): { text: string; causeClass: string }[] {
  return reports.flatMap((report, index) => {
    const causeClass = classOf(report);
    return index % 2 === parity && causeClass !== undefined ? [{ text: visibleText(report), causeClass }] : [];
  });
}

/** The first label's outermost layer. */
function classOf(report: Report): string | undefined {
  const cause = report['root cause'];
  const labels: unknown = cause !== null && typeof cause === 'object' && 'label' in cause ? cause.label : undefined;
  const first: unknown = Array.isArray(labels) ? labels[0] : undefined;
  const layer = first !== null && typeof first === 'object' ? { ...first } : {};
  const name = 'layer-1' in layer ? layer['layer-1'] : undefined;
  return typeof name === 'string' ? classNames[name] : undefined;
}

/** What a reader of the report sees; nothing of the root-cause fields. */
function visibleText(report: Report): string {
  const mitigation = report['mitigation'];
  const done: unknown =
    mitigation !== null && typeof mitigation === 'object' && 'details' in mitigation ? mitigation.details : '';
  return [...spoken.map((field) => report[field]), done].filter((part) => typeof part === 'string').join('. ');
}

function mostUsual(values: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort((left, right) => right[1] - left[1])[0]?.[0] ?? 'unknown';
}
