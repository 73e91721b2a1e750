import { bootstrapInterval } from '../../bootstrap-interval.ts';
import type { Score, ScoreReport } from '../../suite.ts';

/**
 * Mean AUROC over sets at each budget, what it is above the isolation forest's on the same rows, and on how many sets it is below by more than
 * the standard error of the difference over the seeds. Baseline of an AUROC: the forest's.
 */
export function compareWithForest(lines: readonly Record<string, unknown>[], budgets: readonly number[]): ScoreReport {
  const scores: Score[] = [];
  const rows: string[][] = [];
  const failures: ScoreReport['failures'] = [];
  for (const budget of budgets) {
    const sets = Map.groupBy(
      lines.filter((line) => line['budget'] === budget),
      (line) => String(line['dataset']),
    );
    const gains: number[] = [];
    const areas: number[] = [];
    const forests: number[] = [];
    let below = 0;
    for (const [name, own] of sets) {
      const area = mean(own.map((line) => Number(line['auroc'])));
      const forest = mean(own.map((line) => Number(line['forest_auroc'])));
      const differences = own.map((line) => Number(line['auroc']) - Number(line['forest_auroc']));
      const gain = mean(differences);
      const spread = Math.sqrt(mean(differences.map((own) => (own - gain) ** 2)) / Math.max(1, differences.length - 1));
      areas.push(area);
      forests.push(forest);
      gains.push(gain);
      rows.push([name, `${budget} %`, area.toFixed(3), forest.toFixed(3), gain.toFixed(3), spread.toFixed(3)]);
      if (gain >= -spread) continue;
      below += 1;
      failures.push({
        case: `${name} at ${budget} %`,
        expected: `at least ${(forest - spread).toFixed(3)}`,
        got: area.toFixed(3),
      });
    }
    if (sets.size === 0) continue;
    const add = (metric: string, values: number[], baseline?: number): void => {
      const { low, high } = bootstrapInterval(values);
      scores.push({
        metric,
        score: mean(values),
        low,
        high,
        cases: values.length,
        ...(baseline === undefined ? {} : { baseline }),
      });
    };
    add(`mean AUROC, ${budget} % labels`, areas, mean(forests));
    add(`above the forest, ${budget} % labels`, gains, 0);
    scores.push({
      metric: `sets below the forest by more than their error, ${budget} %`,
      score: below,
      low: below,
      high: below,
      cases: sets.size,
    });
  }
  const header = ['set', 'labels', 'AUROC', 'forest', 'difference', 'standard error'];
  return { scores, failures, tables: [{ title: 'By set', header, rows }] };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}
