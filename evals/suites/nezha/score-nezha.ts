import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { entityNameOf } from '../../../domain/entity.ts';
import type { Judge, Prediction, ScoreReport } from '../../suite.ts';
import { claimScores, faultTable, outcomeOf, replayOf, scoreOf } from '../stated.ts';

const faultList = z.record(
  z.string(),
  z.array(z.object({ inject_time: z.string(), inject_pod: z.string(), inject_type: z.string() })),
);
const line = z.object({
  ranking: z.array(z.object({ pod: z.string(), fault: z.string() })),
  verdict: z.string(),
});

interface Injected {
  pod: string;
  type: string;
}

/** Truth by `<inject_time>/<n>`: of the fault lists below a folder, or of one such file. */
function readTruth(path: string): Map<string, Injected> {
  const files = statSync(path).isDirectory()
    ? readdirSync(join(path, 'rca_data'))
        .map((day) => join(path, 'rca_data', day, `${day}-fault_list.json`))
        .filter((file) => existsSync(file))
    : [path];
  const found = new Map<string, Injected>();
  for (const file of files)
    for (const list of Object.values(faultList.parse(JSON.parse(readFileSync(file, 'utf8')))))
      for (const [index, one] of list.entries())
        found.set(`${one.inject_time}/${index + 1}`, { pod: one.inject_pod, type: one.inject_type });
  return found;
}

/** The injected pod within the first k, by day. The baseline blames one pod at random. */
export function scoreNezha(predictions: readonly Prediction[], truth: string | undefined): ScoreReport {
  const truths = truth === undefined ? new Map<string, Injected>() : readTruth(truth);
  const rows = predictions.flatMap((prediction) => {
    const injected = truths.get(prediction.case.slice(prediction.case.indexOf('/') + 1));
    if (injected === undefined) return [];
    const said = line.parse(prediction.line);
    return [
      {
        prediction,
        injected,
        said,
        day: prediction.case.split('/')[0] ?? '',
        rank: said.ranking.findIndex(({ pod }) => pod === injected.pod),
      },
    ];
  });
  const scores = [...new Set(rows.map(({ day }) => day))].sort().flatMap((day) => {
    const mine = rows.filter((row) => row.day === day);
    const pods = new Set(mine.flatMap(({ said, injected }) => [...said.ranking.map(({ pod }) => pod), injected.pod]))
      .size;
    return [
      ...[1, 3].map((k) =>
        scoreOf(
          `${day} AS@${k}`,
          mine.map(({ rank }) => rank >= 0 && rank < k),
          k / Math.max(1, pods),
        ),
      ),
      scoreOf(
        `${day} fault told`,
        mine.map(({ said, injected, rank }) => rank === 0 && said.ranking[0]?.fault === injected.type),
      ),
    ];
  });
  const outcomes = rows.map(({ prediction, rank }) => outcomeOf(prediction, rank === 0));
  return {
    scores: [...scores, ...claimScores(outcomes)],
    failures: rows
      .filter(({ rank }) => rank !== 0)
      .map(({ prediction, injected, said }) => ({
        case: prediction.case,
        expected: `${injected.pod} ${injected.type}`,
        got: `${said.verdict} ${said.ranking
          .slice(0, 3)
          .map(({ pod, fault }) => `${pod} ${fault}`)
          .join(', then ')}`,
        replay: replayOf('nezha', prediction),
      })),
    tables: [
      faultTable(
        rows.map(({ injected, rank }) => ({
          fault: injected.type,
          first: rank === 0,
          inThree: rank >= 0 && rank < 3,
        })),
      ),
    ],
    outcomes,
  };
}

/** A hypothesis is right when it blames the injected pod. */
export function judgeNezha(truth: string): Judge {
  const truths = readTruth(truth);
  return (name, claim) => {
    const injected = truths.get(name.slice(name.indexOf('/') + 1));
    if (injected === undefined) return undefined;
    return claim !== undefined && entityNameOf(claim.entity) === injected.pod ? 'right' : 'wrong';
  };
}
