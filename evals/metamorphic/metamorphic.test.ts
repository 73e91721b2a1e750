import { describe, expect, it } from 'vitest';
import type { AskedData } from '../asked-data.ts';
import { addInnocentChanges, emptyTheCulprit } from './additions.ts';
import { follows } from './follows.ts';
import { renameEntities } from './rename-entities.ts';
import { shiftClock } from './shift-clock.ts';

const diff = '--- a/cart/pool.ts\n+++ b/cart/pool.ts\n@@ -1,2 +1,2 @@\n-const size = 20;\n+const size = 2;\n';
const asked: AskedData = {
  name: 'made-up',
  data: {
    metrics: [
      {
        metric: 'up',
        type: 'gauge',
        entity: 'service:cart',
        labels: { job: 'cart' },
        samples: [[1_790_000_000_000, 1]],
      },
    ],
    logs: [
      {
        at: '2026-09-21T14:00:00Z',
        entity: 'service:cart',
        level: 'error',
        message: 'cart-db refused cartesian cart at 2026-09-21T14:00:00Z',
      },
    ],
    changes: [
      { id: 'c1', at: '2026-09-21T13:59:00Z', kind: 'commit', entity: 'service:cart', title: 'smaller pool', diff },
    ],
    topology: {
      entities: [
        { id: 'service:cart', kind: 'service', name: 'cart' },
        { id: 'database:cart-db', kind: 'database', name: 'cart-db' },
      ],
      edges: [{ from: 'service:cart', to: 'database:cart-db', kind: 'calls', source: 'made-up', confidence: 1 }],
    },
  },
  question: {
    text: 'Why is cart slow?',
    thread: 't',
    askedAt: '2026-09-21T14:10:00Z',
    timeZone: 'UTC',
    principal: { id: 'e', kind: 'evaluation', roles: [] },
    window: { from: '2026-09-21T13:50:00Z', to: '2026-09-21T14:10:00Z' },
  },
};

describe('transformations', () => {
  it('rename an entity wherever it stands as a whole word, and nothing else', () => {
    const { asked: changed, renamed = String } = renameEntities.apply(asked, undefined) ?? { asked };
    const id = renamed('service:cart');
    expect(id).toMatch(/^service:[a-z]+$/);
    expect(id).not.toBe('service:cart');
    expect(changed.data.metrics?.[0]?.entity).toBe(id);
    expect(changed.data.logs?.[0]?.message).toMatch(/^[a-z]+ refused cartesian [a-z]+ at/);
    expect(changed.data.topology?.edges[0]).toMatchObject({ from: id, to: renamed('database:cart-db') });
    expect(changed.question.text).toBe(`Why is ${id.slice(8)} slow?`);
  });

  it('move everything in time alike, texts included', () => {
    const moved = shiftClock.apply(asked, undefined)?.asked;
    const by = (moved?.data.metrics?.[0]?.samples[0]?.[0] ?? 0) - 1_790_000_000_000;
    expect(by).toBeGreaterThan(30 * 86_400_000);
    expect(moved?.data.logs?.[0]?.at).toBe(new Date(Date.parse('2026-09-21T14:00:00Z') + by).toISOString());
    expect(moved?.data.logs?.[0]?.message).toContain(moved?.data.logs?.[0]?.at ?? 'nothing');
    expect(moved?.question.window?.from).toBe(new Date(Date.parse('2026-09-21T13:50:00Z') + by).toISOString());
  });

  it('add changes beside those there are, and take the sting out of the one that was blamed', () => {
    expect(addInnocentChanges.apply(asked, undefined)?.asked.data.changes?.map(({ id }) => id)).toEqual([
      'c1',
      'added-0',
    ]);
    const harmless = emptyTheCulprit.apply(asked, 'c1')?.asked.data.changes?.[0];
    expect(harmless?.diff).toContain(' const size = 20;');
    expect(harmless?.diff).not.toContain('const size = 2;');
    expect(emptyTheCulprit.apply(asked, undefined)).toBeUndefined();
  });
});

describe('follows', () => {
  const claim = { verdict: 'cause', entity: 'service:cart', fault: 'pool-exhaustion', change: 'c1', grade: 'proven' };
  it('wants the same claim under its new name, or less where something was taken away', () => {
    const renamed = (): string => 'service:badoke';
    expect(follows({ expects: 'same' }, claim, { ...claim, entity: 'service:badoke' }, renamed)).toBe(true);
    expect(follows({ expects: 'same' }, claim, claim, renamed)).toBe(false);
    expect(follows({ expects: 'same' }, claim, { verdict: 'abstain' })).toBe(false);
    expect(follows({ expects: 'no-more' }, claim, { verdict: 'abstain' })).toBe(true);
    expect(follows({ expects: 'no-more' }, { verdict: 'abstain' }, claim)).toBe(false);
    expect(follows({ expects: 'not-the-change' }, claim, claim)).toBe(false);
  });
});
