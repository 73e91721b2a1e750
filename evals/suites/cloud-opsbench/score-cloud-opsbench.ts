import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Failure, Judge, Prediction, Score, ScoreReport } from '../../suite.ts';
import { claimScores, faultTable, outcomeOf, replayOf, scoreOf } from '../stated.ts';
import { labelOf } from './vocabulary.ts';

const label = z.object({ fault_taxonomy: z.string(), fault_object: z.string(), root_cause: z.string() });
const truths = z.record(z.string(), label.extend({ system: z.string() }).loose());
const line = z.object({
  top_3_predictions: z.array(label.loose()),
  verdict: z.string(),
});
type Label = z.infer<typeof label>;

/** A@1 and A@3 by system: all three fields equal, case aside. The only code that opens the truth. */
export function scoreCloudOpsbench(predictions: readonly Prediction[], truth: string | undefined): ScoreReport {
  if (truth === undefined) return { scores: [], failures: [] };
  const known = truths.parse(JSON.parse(readFileSync(truth, 'utf8')));
  const rows = predictions.flatMap((prediction) => {
    const expected = known[prediction.case];
    if (expected === undefined) return [];
    const said = line.parse(prediction.line);
    const ranks = said.top_3_predictions.map((one) => isSame(one, expected));
    return [{ prediction, expected, said, first: ranks[0] === true, inThree: ranks.includes(true) }];
  });
  const systems = [...new Set(rows.map(({ expected }) => expected.system))].sort();
  const scores = systems.flatMap((system): Score[] => {
    const mine = rows.filter(({ expected }) => expected.system === system);
    const guess = commonest(mine.map(({ expected }) => keyOf(expected)));
    return [
      scoreOf(
        `${system} A@1`,
        mine.map(({ first }) => first),
        guess[0]! / mine.length,
      ),
      scoreOf(
        `${system} A@3`,
        mine.map(({ inThree }) => inThree),
        guess.slice(0, 3).reduce((sum, count) => sum + count, 0) / mine.length,
      ),
    ];
  });
  const outcomes = rows.map(({ prediction, first }) => outcomeOf(prediction, first));
  return {
    scores: [...scores, ...claimScores(outcomes)],
    failures: rows.filter(({ first }) => !first).map(failureOf),
    tables: [faultTable(rows.map(({ expected, first, inThree }) => ({ fault: expected.root_cause, first, inThree })))],
    outcomes,
  };
}

/** A hypothesis is right when its taxonomy, object and cause are. Every case has a culprit. */
export function judgeCloudOpsbench(truth: string): Judge {
  const known = truths.parse(JSON.parse(readFileSync(truth, 'utf8')));
  return (name, claim) => {
    const expected = known[name];
    if (expected === undefined) return undefined;
    const said = claim === undefined ? undefined : labelOf(claim);
    return said !== undefined && isSame(said, expected) ? 'right' : 'wrong';
  };
}

function failureOf(row: {
  prediction: Prediction;
  expected: Label;
  said: z.infer<typeof line>;
  inThree: boolean;
}): Failure {
  const { prediction, expected, said } = row;
  return {
    case: prediction.case,
    expected: `${expected.fault_object} ${expected.root_cause}`,
    got: `${said.verdict}: ${said.top_3_predictions.map((one) => `${one.fault_object} ${one.root_cause}`).join('; ') || 'nothing'}${row.inThree ? ' (in three)' : ''}`,
    replay: replayOf('cloud-opsbench', prediction),
  };
}

function isSame(one: Label, other: Label): boolean {
  return keyOf(one) === keyOf(other);
}

function keyOf({ fault_taxonomy, fault_object, root_cause }: Label): string {
  return `${fault_taxonomy}|${fault_object}|${root_cause}`.toLowerCase();
}

/** How often each answer is right, most often first: what guessing the commonest answers would reach. */
function commonest(keys: readonly string[]): number[] {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return [...counts.values()].sort((left, right) => right - left);
}
