import type { Failure, Prediction, Score, ScoreReport } from '../../suite.ts';
import { z } from 'zod';
import { scoreOf } from '../../suites/stated.ts';

const line = z.object({
  set: z.string(),
  transform: z.string(),
  wanted: z.string(),
  effects: z.array(z.object({ effect: z.string(), sure: z.number() })),
});

/** Among so many of the surest effects must the wanted one be. */
const surest = 3;

/**
 * The share of edits whose effect follows, by set and by way of telling: the wanted effect is among the three surest; where behaviour stays,
 * there is none; turned about, it is not the edit's any more (what was replaced stays so).
 */
export function scoreDiffs(predictions: readonly Prediction[]): ScoreReport {
  const rows = predictions.map((prediction) => {
    const told = line.parse(prediction.line);
    return { ...told, case: prediction.case, follows: follows(told) };
  });
  const scores: Score[] = [];
  const add = (metric: string, list: typeof rows): void => {
    if (list.length > 0)
      scores.push(
        scoreOf(
          metric,
          list.map((row) => Number(row.follows)),
        ),
      );
  };
  for (const set of new Set(rows.map((row) => row.set))) {
    const mine = rows.filter((row) => row.set === set);
    add(`${set}: effects that follow`, mine);
    for (const transform of new Set(mine.map((row) => row.transform)))
      add(
        `${set}: ${transform}`,
        mine.filter((row) => row.transform === transform),
      );
  }
  const failures: Failure[] = rows
    .filter((row) => !row.follows)
    .map((row) => ({
      case: row.case,
      expected: row.transform === 'turned' ? `not ${row.wanted}` : row.wanted,
      got:
        row.effects
          .slice(0, surest)
          .map(({ effect, sure }) => `${effect} ${sure}`)
          .join(', ') || 'none',
    }));
  return { scores, failures };
}

function follows({ wanted, transform, effects }: z.infer<typeof line>): boolean {
  if (wanted === 'none') return effects.length === 0;
  const named = effects.slice(0, surest).some(({ effect }) => effect === wanted);
  // What was replaced is replaced again by going back.
  const both = wanted.endsWith('-changed') || wanted.endsWith('-renamed') || wanted.endsWith('-moved');
  return transform === 'turned' && !both ? !named : named;
}
