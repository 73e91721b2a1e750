import { describe, expect, it } from 'vitest';
import { createRandom } from '../random.ts';
import { worldOf } from '../world.ts';
import { diffOf } from './diff.ts';
import { createChangeFeed } from './feed.ts';
import { innocentChange } from './innocent-changes.ts';
import { nextVersion } from './next-version.ts';

describe('diffOf', () => {
  it('counts the lines of each side', () => {
    const diff = diffOf({
      file: 'a.ts',
      line: 3,
      before: ['x'],
      removed: ['old'],
      added: ['new', 'more'],
      after: ['y'],
    });
    expect(diff).toBe('diff --git a/a.ts b/a.ts\n--- a/a.ts\n+++ b/a.ts\n@@ -3,3 +3,4 @@\n x\n-old\n+new\n+more\n y\n');
  });
});

describe('the change feed', () => {
  it('gives changes from a time on, oldest first', () => {
    const feed = createChangeFeed(createRandom(1));
    const draft = { kind: 'flag', title: 't', summary: 's' } as const;
    feed.publish(draft, new Date('2026-01-02T00:00:00Z'));
    feed.publish(draft, new Date('2026-01-01T00:00:00Z'));
    expect(feed.since(undefined).map(({ at }) => at.slice(0, 10))).toEqual(['2026-01-01', '2026-01-02']);
    expect(feed.since('2026-01-01T12:00:00+00:00')).toHaveLength(1);
  });
});

describe('innocent changes', () => {
  it('come in every kind, with the service and a version for deploys', () => {
    const random = createRandom(5);
    const [service] = worldOf(5).services;
    if (service === undefined) throw new Error('no service');
    const drafts = Array.from({ length: 200 }, () => innocentChange(random, service, '1.2.3'));
    expect(new Set(drafts.map(({ kind }) => kind)).size).toBe(5);
    for (const { kind, title, service: named } of drafts) {
      expect(named).toBe(service.name);
      if (kind === 'deploy') expect(title).toContain('1.2.3');
    }
  });
});

describe('nextVersion', () => {
  it('raises the last number', () => {
    expect(nextVersion('1.2.9')).toBe('1.2.10');
  });
});
