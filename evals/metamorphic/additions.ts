import type { EntityId } from '../../domain/entity.ts';
import type { Change, LogRecord, Series } from '../../domain/signal.ts';
import { isoOf, msOf } from '../../infra/runtime/clock.ts';
import type { AskedData } from '../asked-data.ts';
import type { Transformation } from './transformation.ts';

/** Documents and a test are changed at three entities while it breaks. */
export const addInnocentChanges: Transformation = {
  name: 'innocent changes added',
  expects: 'same',
  apply: (asked) => {
    const [from, to] = spanOf(asked);
    const entities = spread(entitiesOf(asked), 3);
    if (entities.length === 0) return undefined;
    const added = entities.map((entity, index): Change => ({
      id: `added-${index}`,
      at: isoOf(from + (to - from) * (0.3 + 0.2 * index)),
      kind: 'commit',
      entity,
      title: ['docs: how to run the tests', 'readme: new badge', 'tests: one more case'][index] ?? 'docs',
      author: 'dev',
      diff:
        [
          '--- a/README.md\n+++ b/README.md\n@@ -1,2 +1,3 @@\n # Service\n+Run the tests with make test.\n \n',
          '--- a/README.md\n+++ b/README.md\n@@ -1,2 +1,3 @@\n # Service\n+![build](badge.svg)\n \n',
          '--- a/tests/basic_test.py\n+++ b/tests/basic_test.py\n@@ -1,2 +1,4 @@\n import service\n+def test_more():\n+    assert service.name\n \n',
        ][index] ?? '',
    }));
    return { asked: withData(asked, { changes: [...(asked.data.changes ?? []), ...added] }) };
  },
};

/** Everybody says now and then that all is well, and counts something that does not change its pace. */
export const addNoise: Transformation = {
  name: 'noise added',
  expects: 'same',
  apply: (asked) => {
    const [from, to] = spanOf(asked);
    const entities = entitiesOf(asked).slice(0, 40);
    if (entities.length === 0) return undefined;
    const step = Math.max(15_000, (to - from) / 200);
    const ticks = Array.from({ length: Math.floor((to - from) / step) }, (_, index) => from + index * step);
    const lines = entities.flatMap((entity) =>
      ticks
        .filter((_, index) => index % 4 === 0)
        .map((at): LogRecord => ({ at: isoOf(at), entity, level: 'info', message: 'heartbeat sent' })),
    );
    const series = entities.map((entity): Series => ({
      metric: 'heartbeats_sent_total',
      type: 'counter',
      entity,
      labels: {},
      samples: ticks.map((at, index) => [at, index * 3]),
    }));
    return {
      asked: withData(asked, {
        ...(asked.data.logs === undefined ? {} : { logs: [...asked.data.logs, ...lines] }),
        ...(asked.data.metrics === undefined ? {} : { metrics: [...asked.data.metrics, ...series] }),
      }),
    };
  },
};

/** Every series carries labels of where it runs. */
export const addLabels: Transformation = {
  name: 'labels added',
  expects: 'same',
  apply: (asked) =>
    asked.data.metrics === undefined
      ? undefined
      : {
          asked: withData(asked, {
            metrics: asked.data.metrics.map((one) => ({
              ...one,
              labels: { ...one.labels, region: 'eu-1', env: 'production' },
            })),
          }),
        },
};

/** The same records in another order. */
export const reorder: Transformation = {
  name: 'records reordered',
  expects: 'same',
  apply: (asked) => ({
    asked: withData(asked, {
      ...(asked.data.metrics === undefined ? {} : { metrics: asked.data.metrics.toReversed() }),
      ...(asked.data.changes === undefined ? {} : { changes: asked.data.changes.toReversed() }),
      ...(asked.data.resources === undefined ? {} : { resources: asked.data.resources.toReversed() }),
      ...(asked.data.topology === undefined
        ? {}
        : {
            topology: {
              entities: asked.data.topology.entities.toReversed(),
              edges: asked.data.topology.edges.toReversed(),
            },
          }),
    }),
  }),
};

/** The change that was blamed now only adds a comment where it altered code. */
export const emptyTheCulprit: Transformation = {
  name: 'culprit made harmless',
  expects: 'not-the-change',
  apply: (asked, blamed) => {
    const culprit = asked.data.changes?.find(
      ({ id, ref }) => blamed !== undefined && (id === blamed || ref === blamed),
    );
    if (culprit?.diff === undefined) return undefined;
    const changes = (asked.data.changes ?? []).map((one) =>
      one === culprit ? { ...one, title: 'tidy up', diff: harmless(culprit.diff ?? '') } : one,
    );
    return { asked: withData(asked, { changes }) };
  },
};

/** The files and places of a diff, with nothing altered but a comment. */
function harmless(diff: string): string {
  return diff
    .split('\n')
    .flatMap((line) => {
      if (/^(---|\+\+\+|@@|diff |index )/.test(line)) return [line];
      if (line.startsWith('+')) return [];
      return line.startsWith('-') ? [` ${line.slice(1)}`] : [line];
    })
    .join('\n');
}

/** One kind of data is gone. */
export function dropSignal(kind: 'logs' | 'metrics' | 'spans' | 'changes' | 'topology'): Transformation {
  return {
    name: `without ${kind}`,
    expects: 'no-more',
    apply: (asked) => {
      const { [kind]: dropped, ...data } = asked.data;
      return dropped === undefined ? undefined : { asked: { ...asked, data } };
    },
  };
}

function withData(asked: AskedData, data: AskedData['data']): AskedData {
  return { ...asked, data: { ...asked.data, ...data } };
}

function spanOf({ question, data }: AskedData): [number, number] {
  if (question.window !== undefined) return [msOf(question.window.from), msOf(question.window.to)];
  const times = (data.logs ?? []).map(({ at }) => msOf(at));
  return times.length === 0
    ? [msOf(question.askedAt) - 3_600_000, msOf(question.askedAt)]
    : [Math.min(...times), Math.max(...times)];
}

function entitiesOf({ data }: AskedData): EntityId[] {
  const ids = new Set<EntityId>((data.metrics ?? []).map(({ entity }) => entity));
  for (const { entity } of data.logs ?? []) ids.add(entity);
  return [...ids].filter((id) => id.startsWith('service:')).sort();
}

function spread<T>(list: readonly T[], count: number): T[] {
  const picked = Array.from(
    { length: Math.min(count, list.length) },
    (_, index) => list[Math.floor((index * list.length) / count)],
  );
  return picked.filter((one): one is T => one !== undefined);
}
