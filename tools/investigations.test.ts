import { describe, expect, it } from 'vitest';
import type { Answer } from '../domain/answer.ts';
import type { Alert } from '../domain/question.ts';
import { createFakeClock } from '../infra/runtime/clock.ts';
import { openInvestigations } from './investigations.ts';

const clock = createFakeClock('2026-11-20T12:00:00Z');
const at = '2026-11-20T12:00:00Z';

function answerOf(run: string): Answer {
  return {
    run,
    thread: 't1',
    status: 'answered',
    understanding: { intent: 'status', agents: [], entities: [], unknownNames: [] },
    headline: [{ text: `answer ${run}`, evidence: [], kind: 'note' }],
    sections: [],
    charts: [],
    evidence: [],
    by: 'rules',
  };
}
function alertOf(changes: Partial<Alert> = {}): Alert {
  return {
    fingerprint: 'f1',
    name: 'Slow',
    status: 'firing',
    startsAt: at,
    labels: {},
    annotations: {},
    source: 'alertmanager',
    ...changes,
  };
}

describe('investigations', () => {
  it('keeps runs, answers, alerts and feedback, and gives the newest answer', () => {
    const store = openInvestigations({ clock }, ':memory:');
    store.open({ id: 't1', title: 'Checkout is slow', openedBy: 'ann', alerts: [alertOf()] });
    store.addRun('t1', 'r1');
    store.addAnswer('t1', answerOf('r1'));
    store.addAnswer('t1', answerOf('r2'));
    store.addFeedback('t1', { run: 'r2', at, by: 'ann', right: false });
    store.addFeedback('t1', { run: 'r2', at, by: 'ann', right: true });
    const found = store.get('t1');
    expect(found?.runs).toEqual(['r1', 'r2']);
    expect(found?.answer?.run).toBe('r2');
    expect(found?.alerts).toHaveLength(1);
    expect(found?.feedback).toEqual([{ run: 'r2', at, by: 'ann', right: true }]);
    expect(store.answerOf('r1')?.headline[0]?.text).toBe('answer r1');
    expect(store.ofRun('r1')?.id).toBe('t1');
  });

  it('opens an id once', () => {
    const store = openInvestigations({ clock }, ':memory:');
    store.open({ id: 't1', title: 'first', openedBy: 'ann' });
    expect(store.open({ id: 't1', title: 'second', openedBy: 'bob' }).title).toBe('first');
    expect(store.list(10)).toHaveLength(1);
  });

  it('lists the last touched first', () => {
    const moving = createFakeClock(0);
    const store = openInvestigations({ clock: moving }, ':memory:');
    store.open({ id: 'a', title: 'a', openedBy: 'ann' });
    moving.advance(1_000);
    store.open({ id: 'b', title: 'b', openedBy: 'ann' });
    moving.advance(1_000);
    store.addRun('a', 'r1');
    expect(store.list(10).map(({ id }) => id)).toEqual(['a', 'b']);
    expect(store.list(1)).toHaveLength(1);
  });

  it('replaces an alert that resolves, and reopens for one that fires', () => {
    const store = openInvestigations({ clock }, ':memory:');
    store.open({ id: 't1', title: 't', openedBy: 'am', alerts: [alertOf()] });
    store.addAlert('t1', alertOf({ status: 'resolved', endsAt: '2026-11-20T13:00:00Z' }));
    store.resolve('t1');
    expect(store.get('t1')).toMatchObject({ status: 'resolved', alerts: [{ status: 'resolved' }] });
    store.addAlert('t1', alertOf({ startsAt: '2026-11-20T14:00:00Z' }));
    expect(store.get('t1')).toMatchObject({ status: 'open', alerts: [{}, {}] });
  });

  it('refuses to write to what was never opened, and a run of another investigation', () => {
    const store = openInvestigations({ clock }, ':memory:');
    expect(() => store.addRun('nowhere', 'r1')).toThrow('No investigation has the id nowhere');
    store.open({ id: 'a', title: 'a', openedBy: 'ann' });
    store.open({ id: 'b', title: 'b', openedBy: 'ann' });
    store.addAnswer('a', answerOf('r1'));
    expect(() => store.addAnswer('b', answerOf('r1'))).toThrow('belongs to another investigation');
    expect(store.get('unknown')).toBeUndefined();
    expect(store.answerOf('unknown')).toBeUndefined();
  });
});
