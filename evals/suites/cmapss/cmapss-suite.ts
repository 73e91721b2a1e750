import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { trainFailurePredictor, type FailurePredictor } from '../../../detection/models/failure/failure-predictor.ts';
import { areaUnderRoc } from '../../../detection/models/trees/ranking.ts';
import { systemClock } from '../../../infra/runtime/clock.ts';
import { CerebroError } from '../../../infra/runtime/errors.ts';
import { createRandom } from '../../../infra/runtime/random.ts';
import { bootstrapInterval } from '../../bootstrap-interval.ts';
import type { Prediction, Suite } from '../../suite.ts';
import { engineSignals, firstCycles, readEngines, type Engine } from './read-engines.ts';

const cap = 125;
const horizon = 30;
const folds = 5;

/**
 * Life that is left of turbofan engines. Where `test_FD001.txt` lies in the folder its engines are predicted from all training engines; else the
 * training engines themselves in five folds, each held-out engine cut once at a seeded cycle (`--seeds`, the first one; at least ten cycles are
 * seen). A training engine's length is read when its own fold is scored or when it teaches the other folds, never to predict it.
 */
export function createCmapssSuite(): Suite {
  return {
    name: 'cmapss',
    description: 'Remaining life of turbofan engines that ran to failure, and whether they fail within 30 cycles.',
    async *predict(options) {
      if (options.data === undefined)
        throw new CerebroError('INPUT_INVALID', 'The suite needs --data <folder with train_FD001.txt>.');
      const known = readEngines(join(options.data, 'train_FD001.txt'));
      const asked = join(options.data, 'test_FD001.txt');
      if (existsSync(asked)) {
        const predictor = learn(known);
        for (const engine of readEngines(asked)) yield predictionOf(predictor, engine);
        return;
      }
      const random = createRandom(options.seeds[0] ?? 1);
      const fold = random.shuffle(known.map((_, index) => index % folds));
      const cuts = known.map(({ history }) => 10 + random.integer(history.rows - 10));
      for (let one = 0; one < folds; one += 1) {
        const predictor = learn(known.filter((_, index) => fold[index] !== one));
        for (const [index, engine] of known.entries())
          if (fold[index] === one) yield predictionOf(predictor, firstCycles(engine, cuts[index]!));
      }
    },
    write: (predictions, path) => {
      mkdirSync(dirname(path), { recursive: true });
      const sorted = [...predictions].sort((left, right) => Number(left.case) - Number(right.case));
      writeFileSync(
        path,
        [
          'engine,rul,p_fail_within_30',
          ...sorted.map(({ case: id, line }) => `${id},${Number(line['rul'])},${Number(line['p_fail_within_30'])}`),
        ]
          .map((line) => `${line}\n`)
          .join(''),
      );
      return Promise.resolve();
    },
    score: (predictions, truth) => {
      if (truth === undefined) return Promise.resolve({ scores: [], failures: [] });
      const left = lifeLeft(truth);
      const rows = predictions.flatMap((prediction) => {
        const rest = left(prediction);
        return rest === undefined ? [] : [{ prediction, rest: Math.min(cap, rest), soon: rest <= horizon ? 1 : 0 }];
      });
      const mean = rows.reduce((sum, { rest }) => sum + rest / rows.length, 0);
      const squares = bootstrapInterval(
        rows.map(({ prediction, rest }) => (Number(prediction.line['rul']) - rest) ** 2),
      );
      const covered = bootstrapInterval(
        rows.map(({ prediction: { line }, rest }) =>
          Number(rest >= Number(line['low']) && rest <= Number(line['high'])),
        ),
      );
      const area = areaUnderRoc(
        rows.map(({ prediction }) => Number(prediction.line['p_fail_within_30'])),
        rows.map(({ soon }) => soon),
      );
      const naive = Math.sqrt(rows.reduce((sum, { rest }) => sum + (rest - mean) ** 2 / rows.length, 0));
      return Promise.resolve({
        scores: [
          {
            metric: `RMSE, life capped at ${cap}`,
            score: Math.sqrt(squares.mean),
            low: Math.sqrt(squares.low),
            high: Math.sqrt(squares.high),
            cases: rows.length,
            baseline: naive,
          },
          {
            metric: `AUC of failing within ${horizon}`,
            score: area,
            low: area,
            high: area,
            cases: rows.length,
            baseline: 0.5,
          },
          {
            metric: 'coverage of the 90 % interval',
            score: covered.mean,
            low: covered.low,
            high: covered.high,
            cases: rows.length,
          },
        ],
        failures: [],
      });
    },
  };
}

function learn(engines: readonly Engine[]): FailurePredictor {
  return trainFailurePredictor(
    engines.map(({ history }) => ({ history, failed: true })),
    { signals: engineSignals, cap, horizon },
    createRandom(1),
  );
}

function predictionOf(predictor: FailurePredictor, { id, history }: Engine): Prediction {
  const startedAt = systemClock.monotonic();
  const { remaining, low, high, probability, factors } = predictor.predict(history);
  return {
    case: id,
    line: {
      rul: round(remaining),
      p_fail_within_30: round(probability, 6),
      low: round(low),
      high: round(high),
      cut: history.rows,
      factors: factors.slice(0, 3).map(({ feature, share }) => `${feature} ${share.toFixed(1)}`),
    },
    elapsedMs: systemClock.monotonic() - startedAt,
    calls: 1,
    tokens: 0,
    dollars: 0,
  };
}

/** Truth is either a file of lives that are left, one a line in the order of the engines, or the training file, whose lengths tell them. */
function lifeLeft(path: string): (prediction: Prediction) => number | undefined {
  const engines = readEngines(path);
  if (engines.length > 0) {
    const lengths = new Map(engines.map(({ id, history }) => [id, history.rows]));
    return ({ case: id, line }) => {
      const length = lengths.get(id);
      return length === undefined ? undefined : length - Number(line['cut']);
    };
  }
  const lives = readFileSync(path, 'utf8').trim().split('\n').map(Number);
  return ({ case: id }) => lives[Number(id) - 1];
}

function round(value: number, digits = 3): number {
  return Number(value.toFixed(digits));
}
