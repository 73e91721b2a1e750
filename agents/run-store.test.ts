import { describe, expect, it } from 'vitest';
import type { Answer } from '../domain/answer.ts';
import { createFakeClock } from '../infra/runtime/clock.ts';
import { shopQuestion, shopUnderstanding } from './fake-shop.ts';
import { createRunStore } from './run-store.ts';
import { openStateFile } from './state-file.ts';

const answerOf = (run: string): Answer => ({
  run,
  thread: 'thread-1',
  status: 'answered',
  understanding: shopUnderstanding,
  headline: [],
  sections: [],
  charts: [],
  evidence: [],
  by: 'rules',
});

function setUp(alive: number[] = [1, 2]) {
  const database = openStateFile(':memory:');
  const clock = createFakeClock(shopQuestion.askedAt);
  const living = new Set(alive);
  const storeOf = (token: string, pid: number) =>
    createRunStore({ database, clock }, { owner: { token, pid }, isAlive: (id) => living.has(id) });
  return { database, clock, living, storeOf };
}

describe('run store', () => {
  it('gives a run to one living owner only', () => {
    const { storeOf } = setUp();
    const [one, two] = [storeOf('one', 1), storeOf('two', 2)];
    expect(one.claim('r', shopQuestion).taken).toBe(true);
    expect(two.claim('r', shopQuestion).taken).toBe(false);
    expect(two.abandoned()).toEqual([]);
  });

  it('takes over from a process that died, one with our own number before a restart, and one that is silent too long', () => {
    const { storeOf, living, clock } = setUp();
    storeOf('one', 1).claim('dead', shopQuestion);
    storeOf('old', 2).claim('same-number', shopQuestion);
    storeOf('three', 3).claim('silent', shopQuestion);
    living.add(3);
    const two = storeOf('two', 2);
    expect(two.abandoned().map(({ run }) => run)).toEqual(['same-number']);
    living.delete(1);
    expect(two.abandoned().map(({ run }) => run)).toEqual(['dead', 'same-number']);
    clock.advance(11 * 60_000);
    expect(two.abandoned().map(({ run }) => run)).toEqual(['dead', 'same-number', 'silent']);
    expect(two.claim('silent', shopQuestion).taken).toBe(true);
    expect(storeOf('three', 3).finish('silent', answerOf('silent'))).toBe(false);
    expect(two.finish('silent', answerOf('silent'))).toBe(true);
  });

  it('keeps a done run done, and starts a failed one again', () => {
    const { storeOf } = setUp();
    const one = storeOf('one', 1);
    one.claim('r', shopQuestion);
    one.fail('r', 'failed', 'INTERNAL: bug');
    expect(one.get('r')).toMatchObject({ status: 'failed', error: 'INTERNAL: bug' });
    expect(one.claim('r', shopQuestion).taken).toBe(true);
    one.finish('r', answerOf('r'));
    expect(one.claim('r', shopQuestion)).toMatchObject({
      taken: false,
      stored: { status: 'done', answer: { run: 'r' } },
    });
    expect(one.unrecorded().map(({ run }) => run)).toEqual(['r']);
    one.recorded('r');
    expect(one.unrecorded()).toEqual([]);
  });

  it('forgets old runs that ended, and never one at work', () => {
    const { storeOf, database } = setUp();
    const one = storeOf('one', 1);
    for (const run of ['ended', 'at-work']) one.claim(run, shopQuestion);
    one.finish('ended', answerOf('ended'));
    database.sql.exec(`INSERT INTO checkpoints VALUES ('ended', '', '1', NULL, '{}', '{}')`);
    expect(one.prune(Date.parse(shopQuestion.askedAt))).toBe(0);
    expect(one.prune(Date.parse(shopQuestion.askedAt) + 1)).toBe(1);
    expect([one.get('ended'), one.get('at-work')?.status]).toEqual([undefined, 'running']);
    expect(database.sql.prepare('SELECT count(*) AS n FROM checkpoints').get()?.['n']).toBe(0);
  });
});
