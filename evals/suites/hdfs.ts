import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createSequenceTrainer } from '../../detection/evidence/logs/sequence-detector.ts';
import { systemClock } from '../../infra/runtime/clock.ts';
import { CerebroError } from '../../infra/runtime/errors.ts';
import { bootstrapInterval } from '../bootstrap-interval.ts';
import type { Prediction, Suite } from '../suite.ts';

/**
 * Sessions of a distributed file system as sequences of event ids: learns from normal ones, scores others. Truth is a CSV file
 * `Sequence,label`, or a folder that holds robust_log_valid.csv.
 */
export function createHdfsSuite(): Suite {
  return {
    name: 'hdfs',
    description: 'Abnormal sessions among sequences of log events, learned from normal ones alone.',
    async *predict({ data }) {
      if (data === undefined) throw new CerebroError('INPUT_INVALID', 'The suite needs --data <folder>.');
      const startedAt = systemClock.monotonic();
      const training = linesOf(join(data, 'hdfs_train')).map(eventsOf);
      // Whatever follows the comma is the label: never looked at here.
      const sessions = linesOf(join(data, 'robust_log_valid.csv'))
        .slice(1)
        .map((line) => eventsOf(line.split(',', 1)[0]!));
      const scores = createSequenceTrainer().fit(training).score(sessions);
      const elapsedMs = (systemClock.monotonic() - startedAt) / Math.max(1, sessions.length);
      for (const [index, score] of scores.entries()) {
        const { length } = sessions[index]!;
        yield await Promise.resolve({
          case: String(index),
          line: { score, length },
          elapsedMs,
          calls: 0,
          tokens: 0,
          dollars: 0,
        });
      }
    },
    write(predictions, path) {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, `session,score\n${predictions.map((one) => `${one.case},${scoreOf(one)}\n`).join('')}`);
      return Promise.resolve();
    },
    score(predictions, truth) {
      if (truth === undefined) return Promise.resolve({ scores: [], failures: [] });
      const labels = linesOf(
        existsSync(join(truth, 'robust_log_valid.csv')) ? join(truth, 'robust_log_valid.csv') : truth,
      )
        .slice(1)
        .map((line) => line.slice(line.lastIndexOf(',') + 1).trim() === '1');
      const abnormal = predictions.filter((_, index) => labels[index] === true);
      const normal = predictions.filter((_, index) => labels[index] === false);
      const allowed = Math.floor(0.002 * normal.length);
      const bar = (of: (one: Prediction) => number) => normal.map(of).sort((left, right) => right - left)[allowed] ?? 0;
      const byLength = (one: Prediction) => Number(one.line['length']);
      const recall = (of: (one: Prediction) => number, above: number) =>
        bootstrapInterval(abnormal.map((one) => Number(of(one) > above)));
      const row = (
        metric: string,
        { mean, low, high }: ReturnType<typeof bootstrapInterval>,
        cases: number,
        baseline?: number,
      ) => ({
        metric,
        score: mean,
        low,
        high,
        cases,
        ...(baseline === undefined ? {} : { baseline }),
      });
      const guess = recall(byLength, bar(byLength)).mean;
      const limit = bar(scoreOf);
      const failures = abnormal
        .filter((one) => scoreOf(one) <= limit)
        .map((one) => ({ case: one.case, expected: `above ${limit.toFixed(4)}`, got: scoreOf(one).toFixed(4) }));
      return Promise.resolve({
        scores: [
          row('recall at 2 of 1,000 normal flagged', recall(scoreOf, limit), abnormal.length, guess),
          row("recall at the model's own threshold", recall(scoreOf, 0.5), abnormal.length, guess),
          row(
            'normal flagged at that (lower is better)',
            bootstrapInterval(normal.map((one) => Number(scoreOf(one) > 0.5))),
            normal.length,
          ),
        ],
        failures,
      });
    },
  };
}

function scoreOf(prediction: Prediction): number {
  return Number(prediction.line['score']);
}

function linesOf(path: string): string[] {
  return readFileSync(path, 'utf8')
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '');
}

function eventsOf(line: string): string[] {
  return line.trim().split(/\s+/);
}
