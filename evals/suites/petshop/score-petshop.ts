import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Judge, Prediction, ScoreReport } from '../../suite.ts';
import { claimScores, faultTable, outcomeOf, replayOf, scoreOf } from '../stated.ts';
import { idOfNode } from './node-kinds.ts';

const truthFile = z.object({ root_cause: z.object({ node: z.string() }) });
const truthTable = z.record(
  z.string(),
  z.union([
    z.string(),
    truthFile.transform((one) => one.root_cause.node),
    z.object({ node: z.string() }).transform(({ node }) => node),
  ]),
);
const line = z.object({
  metric_kind: z.string(),
  ranking: z.array(z.string()),
  verdict: z.string(),
});

/** The true node of each case: of a folder with the issues' `target.json`, or of a JSON object from case to node. */
function readTruth(path: string, cases: readonly string[]): Map<string, string> {
  if (!statSync(path).isDirectory())
    return new Map(Object.entries(truthTable.parse(JSON.parse(readFileSync(path, 'utf8')))));
  const found = new Map<string, string>();
  for (const name of cases) {
    const file = join(path, name, 'target.json');
    if (!existsSync(file)) continue;
    const parsed = truthFile.safeParse(JSON.parse(readFileSync(file, 'utf8')));
    if (parsed.success) found.set(name, parsed.data.root_cause.node);
  }
  return found;
}

/** The true node within the first k, by what was complained about. The baseline blames one node at random. */
export function scorePetshop(predictions: readonly Prediction[], truth: string | undefined): ScoreReport {
  const truths =
    truth === undefined
      ? new Map<string, string>()
      : readTruth(
          truth,
          predictions.map((one) => one.case),
        );
  const rows = predictions.flatMap((prediction) => {
    const node = truths.get(prediction.case);
    if (node === undefined) return [];
    const said = line.parse(prediction.line);
    return [{ prediction, node, said, rank: said.ranking.indexOf(node) }];
  });
  const nodes = new Set(rows.flatMap(({ said, node }) => [...said.ranking, node])).size;
  const scores = [...new Set(rows.map(({ said }) => said.metric_kind))].sort().flatMap((kind) => {
    const mine = rows.filter(({ said }) => said.metric_kind === kind);
    return [1, 3].map((k) =>
      scoreOf(
        `${kind} top-${k}`,
        mine.map(({ rank }) => rank >= 0 && rank < k),
        k / Math.max(1, nodes),
      ),
    );
  });
  const outcomes = rows.map(({ prediction, rank }) => outcomeOf(prediction, rank === 0));
  return {
    scores: [...scores, ...claimScores(outcomes)],
    failures: rows
      .filter(({ rank }) => rank !== 0)
      .map(({ prediction, node, said }) => ({
        case: prediction.case,
        expected: node,
        got: `${said.verdict} ${said.ranking.slice(0, 3).join(', then ')}`,
        replay: replayOf('petshop', prediction),
      })),
    tables: [
      faultTable(
        rows.map(({ said, node, rank }) => ({
          fault: `${said.metric_kind} of ${node}`,
          first: rank === 0,
          inThree: rank >= 0 && rank < 3,
        })),
      ),
    ],
    outcomes,
  };
}

/** A hypothesis is right when it blames the true node. */
export function judgePetshop(truth: string): Judge {
  return (name, claim) => {
    const node = readTruth(truth, [name]).get(name);
    if (node === undefined) return undefined;
    return claim?.entity === idOfNode(node) ? 'right' : 'wrong';
  };
}
