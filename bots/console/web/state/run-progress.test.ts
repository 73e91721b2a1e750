import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../../../domain/run.ts';
import { advance, noProgress } from './run-progress.ts';

const common = { run: 'run-1', at: '2026-11-02T09:40:00.000Z', agent: 'investigator', tool: 'query_metrics' };
const call = (input: Record<string, unknown>): RunEvent => ({ type: 'tool-call', ...common, input });
const result = (status: string, digest: string): RunEvent => ({ type: 'tool-result', ...common, status, digest });
const play = (...events: RunEvent[]) => events.reduce(advance, noProgress);

describe('the progress of a run', () => {
  it('closes calls of one tool in the order they were made', () => {
    const { steps } = play(call({ of: 1 }), call({ of: 2 }), result('ok', 'first'), result('no-data', 'second'));
    expect(steps.map(({ input, status, digest }) => [input['of'], status, digest])).toEqual([
      [1, 'ok', 'first'],
      [2, 'no-data', 'second'],
    ]);
  });

  it('shows a result whose call was not heard, and takes an unknown status as failed', () => {
    expect(play(result('odd', 'x')).steps).toMatchObject([{ status: 'failed', digest: 'x' }]);
  });

  it('leaves no step running when the run has ended', () => {
    const progress = play(call({}), {
      type: 'run-end',
      run: 'run-1',
      at: common.at,
      status: 'failed',
      error: 'TIMEOUT: slow',
    });
    expect(progress).toMatchObject({ status: 'failed', error: 'TIMEOUT: slow', steps: [{ status: 'failed' }] });
  });
});
