import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { bootstrapInterval } from '../../bootstrap-interval.ts';
import type { Prediction, Score, ScoreReport } from '../../suite.ts';

const faultList = z.record(
  z.string(),
  z.array(z.object({ inject_time: z.string(), inject_pod: z.string(), inject_type: z.string() })),
);
const line = z.object({
  ranking: z.array(z.object({ pod: z.string(), fault: z.string() })),
  verdict: z.string(),
  grade: z.string().optional(),
  confidence: z.number(),
  capsule: z.string().optional(),
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
  const proven = rows.filter(({ said }) => said.verdict === 'cause' && said.grade === 'proven');
  const byType = [...new Set(rows.map(({ injected }) => injected.type))].sort().map((type) => {
    const mine = rows.filter(({ injected }) => injected.type === type);
    return [type, `${mine.filter(({ rank }) => rank === 0).length} of ${mine.length}`];
  });
  return {
    scores: [
      ...scores,
      scoreOf(
        'proven',
        rows.map((row) => proven.includes(row)),
      ),
      scoreOf(
        'wrong among proven',
        proven.map(({ rank }) => rank !== 0),
      ),
    ],
    failures: rows
      .filter(({ rank }) => rank !== 0)
      .map(({ prediction, injected, said }) => ({
        case: prediction.case,
        expected: `${injected.pod} ${injected.type}`,
        got: `${said.verdict} ${said.ranking
          .slice(0, 3)
          .map(({ pod, fault }) => `${pod} ${fault}`)
          .join(', then ')}`,
        ...(said.capsule === undefined
          ? {}
          : { replay: `npx --no cerebro ask --capsule ${said.capsule} "what is wrong?"` }),
      })),
    tables: [{ title: 'by fault', header: ['fault', 'pod first'], rows: byType }],
    calibration: rows
      .filter(({ said }) => said.verdict === 'cause')
      .map(({ said, rank }) => ({ confidence: said.confidence, right: rank === 0 })),
  };
}

function scoreOf(metric: string, right: readonly boolean[], baseline?: number): Score {
  const { mean, low, high } = bootstrapInterval(right.map(Number));
  return { metric, score: mean, low, high, cases: right.length, ...(baseline === undefined ? {} : { baseline }) };
}
