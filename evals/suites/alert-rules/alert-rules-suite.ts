import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { explainMetric } from '../../../detection/evidence/technologies/explain-metric.ts';
import { lookUp } from '../../../detection/evidence/technologies/look-up.ts';
import type { MetricHints } from '../../../detection/evidence/technologies/metric-hints.ts';
import type { MetricKnowledge } from '../../../detection/evidence/technologies/metric-knowledge.ts';
import { isUnderstood } from '../../../detection/evidence/technologies/metric-knowledge.ts';
import { metricsOfRules } from '../../../detection/evidence/technologies/uses-of-rules.ts';
import { systemClock } from '../../../infra/runtime/clock.ts';
import { CerebroError } from '../../../infra/runtime/errors.ts';
import { readRuleFile, textsOf } from '../../../main/read-rule-file.ts';
import type { Prediction, Score, ScoreReport, Suite } from '../../suite.ts';
import { disagreements } from './agrees.ts';

/** What every target exposes, whatever it runs: known also where its technology has no table. */
const shared = new Set(['Prometheus', 'process', 'Go', 'OpenTelemetry']);

/** One file. `inferred`, `checked`, `true`, `wrong`: with the technology's own tables left out, how many are understood, how many a table can judge, and what it denies. */
const fileResult = z.object({
  metrics: z.number(),
  understood: z.number(),
  unknown: z.array(z.string()),
  inferred: z.number(),
  checked: z.number(),
  true: z.number(),
  wrong: z.array(z.string()),
});
type FileResult = z.infer<typeof fileResult>;

/** Of the metrics that public alerting rules name: which are understood, with the tables and with the technology's own left out. It has no truth but the tables. */
export function createAlertRulesSuite(): Suite {
  return {
    name: 'alert-rules',
    description: 'Metrics that public alerting rules name: what is understood of them, by technology.',
    async *predict(options) {
      if (options.data === undefined)
        throw new CerebroError('INPUT_INVALID', 'The suite needs --data <folder of rule files>.');
      for (const file of readdirSync(options.data)
        .filter((one) => /\.ya?ml$/.test(one))
        .sort()) {
        const startedAt = systemClock.monotonic();
        const rules = readRuleFile(readFileSync(join(options.data, file), 'utf8'), file);
        const metrics = metricsOfRules(rules.map(textsOf));
        if (metrics.size === 0) continue;
        yield {
          case: basename(file).replace(/\.ya?ml$/, ''),
          line: { ...judge(metrics) },
          elapsedMs: systemClock.monotonic() - startedAt,
          calls: 0,
          tokens: 0,
          dollars: 0,
        };
      }
    },
    score: (predictions) => Promise.resolve(report(predictions)),
  };
}

function judge(metrics: ReadonlyMap<string, MetricHints>): FileResult {
  const own = ownTechnologies([...metrics.keys()]);
  const result: FileResult = {
    metrics: metrics.size,
    understood: 0,
    unknown: [],
    inferred: 0,
    checked: 0,
    true: 0,
    wrong: [],
  };
  for (const [metric, hints] of metrics) {
    const known = explainMetric(metric, hints);
    if (isWhole(known, hints)) result.understood += 1;
    else result.unknown.push(metric);
    const inferred = explainMetric(metric, hints, { without: (technology) => own.has(technology) });
    const whole = isWhole(inferred, hints);
    if (whole) result.inferred += 1;
    if (known.source !== 'table' || known.facet === 'unknown') continue;
    result.checked += 1;
    const wrong = disagreements(inferred, known, {
      divides: dividesByLimit(known, hints),
      labels: hints.use?.labels ?? [],
    });
    if (whole && wrong.length === 0) result.true += 1;
    else result.wrong.push(`${metric}: ${wrong.join('; ') || 'not understood'}`);
  }
  return result;
}

/** Type, aspect and owner, and the limit where the rule divides a level by one. */
function isWhole(known: MetricKnowledge, hints: MetricHints): boolean {
  return isUnderstood(known) && (!dividesByLimit(known, hints) || known.limit !== undefined);
}

function dividesByLimit({ facet }: MetricKnowledge, { use }: MetricHints): boolean {
  return ['used', 'left'].includes(facet) && use?.counted !== true && (use?.dividedBy.length ?? 0) > 0;
}

/** The technologies that the file is about: those that supply its names, without what all expose, unless that is most of it. */
function ownTechnologies(metrics: readonly string[]): ReadonlySet<string> {
  const counts = new Map<string, number>();
  for (const metric of metrics) {
    const technology = lookUp(metric)?.technology;
    if (technology !== undefined) counts.set(technology, (counts.get(technology) ?? 0) + 1);
  }
  return new Set(
    [...counts].filter(([name, count]) => !shared.has(name) || count > metrics.length / 2).map(([name]) => name),
  );
}

function report(predictions: readonly Prediction[]): ScoreReport {
  const files = predictions.map(({ case: name, line }) => ({ name, ...fileResult.parse(line) }));
  const shares = (of: (file: FileResult) => number | undefined): number[] =>
    files.map(of).filter((one) => one !== undefined);
  const scores = [
    scoreOf(
      'understood, by technology',
      shares((file) => file.understood / file.metrics),
    ),
    scoreOf(
      'without its own table: understood',
      shares((file) => file.inferred / file.metrics),
    ),
    scoreOf(
      'without its own table: borne out by it',
      shares((file) => (file.checked === 0 ? undefined : file.true / file.checked)),
    ),
  ];
  const failures = files.flatMap((file) => [
    ...file.unknown.map((metric) => ({ case: file.name, expected: 'understood', got: metric })),
    ...file.wrong.map((wrong) => ({ case: file.name, expected: 'as the table says', got: wrong })),
  ]);
  const rows = files.map((file) => [
    file.name,
    String(file.metrics),
    share(file.understood, file.metrics),
    share(file.inferred, file.metrics),
    file.checked === 0 ? '' : share(file.true, file.checked),
  ]);
  return {
    scores,
    failures,
    tables: [
      { title: 'by technology', header: ['file', 'metrics', 'understood', 'without its table', 'borne out'], rows },
    ],
  };
}

/** The mean of shares; `low` and `high` are the worst and the best technology. */
function scoreOf(metric: string, shares: readonly number[]): Score {
  const mean = shares.reduce((sum, one) => sum + one, 0) / Math.max(1, shares.length);
  return { metric, score: mean, low: Math.min(1, ...shares), high: Math.max(0, ...shares), cases: shares.length };
}

function share(part: number, all: number): string {
  return (part / Math.max(1, all)).toFixed(2);
}
