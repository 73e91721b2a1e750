import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createLogger } from '../infra/runtime/logger.ts';
import { runSuite } from './run-suite.ts';
import type { Prediction, Suite } from './suite.ts';
import { claimScores, faultTable, outcomeOf, replayOf, scoreOf } from './suites/stated.ts';

const dir = mkdtempSync(join(tmpdir(), 'cerebro-run-suite-'));
afterAll(() => rmSync(dir, { recursive: true }));

/** Two cases; the second is only right with traces. */
function createMadeUpSuite(): Suite {
  return {
    name: 'made-up',
    description: 'Made up.',
    async *predict({ without }) {
      for (const name of ['a', 'b'])
        yield {
          case: name,
          line: {
            verdict: 'cause',
            grade: 'proven',
            confidence: 0.9,
            score: 0.8,
            right: name === 'a' || !without.includes('traces'),
          },
          elapsedMs: 1,
          cpuMs: 1,
          signals: ['traces', 'logs'],
          calls: 0,
          tokens: 0,
          dollars: 0,
        };
    },
    score: (predictions) => {
      const isRight = ({ line }: Prediction): boolean => line['right'] === true;
      const outcomes = predictions.map((one) => outcomeOf(one, isRight(one)));
      return Promise.resolve({
        scores: [scoreOf('first', predictions.map(isRight), 0.5), ...claimScores(outcomes)],
        failures: predictions
          .filter((one) => !isRight(one))
          .map((one) => ({ case: one.case, expected: 'x', got: 'y', replay: replayOf('made-up', one) })),
        tables: [faultTable(predictions.map((one) => ({ fault: 'leak', first: isRight(one) })))],
        outcomes,
      });
    },
  };
}

describe('a suite with its ladder', () => {
  it('is measured again without each signal that its cases have, and reports what each is worth', async () => {
    const options = { reasoner: 'rules' as const, seeds: [], faults: [], cases: [], without: [] };
    const said: string[] = [];
    const report = await runSuite(
      createMadeUpSuite(),
      { ...options, logger: createLogger({ level: 'silent' }) },
      { predictions: join(dir, 'p.jsonl'), truth: 'none', report: dir, ladder: true },
      (text) => said.push(text),
    );
    expect(report?.ladder?.map(({ without, scores }) => [without, scores[0]?.score])).toEqual([
      ['traces', 0.5],
      ['logs', 1],
    ]);
    const page = readFileSync(join(dir, 'made-up.html'), 'utf8');
    for (const part of [
      'no traces',
      'Calibration: expected calibration error',
      'by fault',
      '95 % interval',
      'baseline',
    ])
      expect(page).toContain(part);
    expect(said.join('')).toContain('processor seconds');
    const outcomes = readFileSync(join(dir, 'made-up.outcomes.jsonl'), 'utf8').trim().split('\n');
    expect(outcomes).toHaveLength(6);
    expect(JSON.parse(outcomes[3] ?? '')).toMatchObject({
      suite: 'made-up',
      case: 'b',
      without: 'traces',
      right: false,
    });
  });
});
