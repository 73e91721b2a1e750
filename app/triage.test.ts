import { describe, expect, it } from 'vitest';
import { makeFinding } from '../detection/evidence/signals/make-finding.ts';
import { entityId } from '../domain/entity.ts';
import type { Finding } from '../domain/finding.ts';
import type { Question } from '../domain/question.ts';
import { createFakeClock, isoOf, msOf } from '../infra/runtime/clock.ts';
import { createLogger } from '../infra/runtime/logger.ts';
import { createMetrics } from '../infra/runtime/metrics.ts';
import { openInvestigations } from '../tools/investigations.ts';
import { runTriage, type TriageOptions } from './triage.ts';
import type { Held, Watch } from './watch.ts';

const start = msOf('2026-11-20T10:00:00.000Z');
const minute = 60_000;

interface Shown {
  findings?: Finding[];
  alarms?: Finding[];
}

function about(name: string, onset: number, trigger?: 'stream'): Finding {
  return makeFinding({
    kind: 'anomaly',
    entity: entityId.parse(`service:${name}`),
    signal: { type: 'metric', role: 'latency', name: 'request_seconds' },
    statement: `${name} is slow`,
    direction: 'up',
    onset: isoOf(onset),
    severity: 0.8,
    ...(trigger === undefined ? {} : { data: { trigger, score: 0.999_99 } }),
  });
}
const alarm = (name: string, onset: number): Finding => about(name, onset, 'stream');

function fakeWatch(parts: Partial<Watch>): Watch {
  return {
    check: () => Promise.resolve([]),
    alarms: () => [],
    streams: () => ({ score: 0, judged: 0, watched: 0, foremost: [] }),
    stepMs: () => 1_000,
    hold: () => undefined,
    healthOf: () => ({ state: 'unknown' }),
    stale: () => undefined,
    gaps: () => [],
    ...parts,
  };
}

/** An investigation that Alertmanager has opened. */
function openByAlert(investigations: ReturnType<typeof openInvestigations>): void {
  investigations.open({ id: 'inv_1', title: 'HighLatency', openedBy: 'alert-source:alertmanager' });
  investigations.addAlert('inv_1', {
    fingerprint: 'a',
    name: 'HighLatency',
    status: 'firing',
    startsAt: isoOf(start),
    labels: {},
    annotations: {},
    source: 'alertmanager',
  });
}

/** Runs the watch over what `shows` tells for each moment (milliseconds since the start), until `untilMs`. */
async function watchOver(
  shows: (ms: number) => Shown,
  untilMs: number,
  {
    alerted = false,
    edges,
    ...options
  }: Partial<TriageOptions> & { alerted?: boolean; edges?: [from: string, to: string][] } = {},
) {
  const clock = createFakeClock(start);
  const investigations = openInvestigations({ clock }, ':memory:');
  if (alerted) openByAlert(investigations);
  const stop = new AbortController();
  const asked: Question[] = [];
  let now: Shown = {};
  const held: Held[] = [];
  const watch = fakeWatch({
    check: () => {
      const ms = clock.now() - start;
      if (ms >= untilMs) stop.abort();
      now = shows(ms);
      return Promise.resolve(now.findings ?? []);
    },
    alarms: () => now.alarms ?? [],
    hold: (next) => void held.push(next),
  });
  const topology = {
    entities: [],
    edges: (edges ?? []).map(([from, to]) => ({
      from: `service:${from}`,
      to: `service:${to}`,
      kind: 'calls' as const,
      source: 'test',
      confidence: 1,
    })),
  };
  const deps = {
    watch,
    ...(edges === undefined ? {} : { topology: () => Promise.resolve(topology) }),
    investigations,
    clock,
    metrics: createMetrics(),
    logger: createLogger({ level: 'silent' }),
    // A run that ends without an answer.
    async *ask(question: Question) {
      asked.push(question);
      yield { type: 'run-end' as const, run: 'r', at: clock.iso(), status: 'failed' as const };
    },
  };
  await runTriage(deps, { timeZone: 'UTC', ...options }, stop.signal);
  const list = investigations.list(50);
  investigations.close();
  return { list, asked, held, metrics: await deps.metrics.text() };
}

const within = (ms: number, from: number, to: number): boolean => ms >= from && ms < to;

describe('the standing watch', () => {
  it('opens one investigation for a stream alarm that persists, asks about it, and resolves it when calm', async () => {
    const { list, asked, held, metrics } = await watchOver(
      (ms) => ({ alarms: within(ms, minute, 2 * minute) ? [alarm('cart', start + minute)] : [] }),
      4 * minute,
    );
    expect(list).toHaveLength(1);
    expect(list[0]).toMatchObject({ status: 'resolved', openedBy: 'watch', title: 'latency at cart' });
    expect(list[0]?.alerts).toHaveLength(1);
    expect(list[0]?.alerts[0]?.labels).toMatchObject({
      trigger: 'stream',
      signal: 'request_seconds',
      score: '0.999990',
    });
    expect(asked).toHaveLength(3);
    expect(asked[0]?.thread).toBe(list[0]?.id);
    // Held while it was open, from its onset on, and let go.
    const [first, last] = [held[0], held.at(-1)];
    expect(first?.('service:cart')).toBe(start + minute);
    expect(last?.('service:cart')).toBeUndefined();
    expect(metrics).toContain('cerebro_watch_openings_total{trigger="stream"} 1');
  });

  it('wakes nobody for an alarm that goes away at once', async () => {
    const { list } = await watchOver(
      (ms) => ({ alarms: within(ms, minute, minute + 6_000) ? [alarm('cart', start)] : [] }),
      3 * minute,
    );
    expect(list).toEqual([]);
  });

  it('joins findings and alarms of a storm into one investigation, each told once', async () => {
    const names = ['cart', 'search', 'checkout'];
    const { list, metrics } = await watchOver(
      (ms) =>
        within(ms, minute, 3 * minute)
          ? {
              findings: ms > 90_000 ? [about('cart', start + minute)] : [],
              alarms: names.map((name) => alarm(name, start + minute)),
            }
          : {},
      4 * minute,
    );
    expect(list).toHaveLength(1);
    expect(list[0]?.alerts.map(({ labels }) => labels['entity']).toSorted()).toEqual([
      'service:cart',
      'service:checkout',
      'service:search',
    ]);
    expect(metrics).not.toContain('trigger="finding"');
  });

  it('joins the investigation that an alert has opened already', async () => {
    const clock = createFakeClock(start);
    const store = openInvestigations({ clock }, ':memory:');
    openByAlert(store);
    const stop = new AbortController();
    let looks = 0;
    const watch = fakeWatch({
      check: () => {
        looks += 1;
        if (looks > 8) stop.abort();
        return Promise.resolve([]);
      },
      alarms: () => [alarm('cart', start + minute)],
    });
    await runTriage(
      {
        watch,
        investigations: store,
        clock,
        metrics: createMetrics(),
        logger: createLogger({ level: 'silent' }),
        async *ask() {},
      },
      { timeZone: 'UTC' },
      stop.signal,
    );
    expect(store.list(9).map(({ id, alerts }) => [id, alerts.length])).toEqual([['inv_1', 2]]);
    store.close();
  });

  it('lets streams alone open only within budget and cool-down; findings open always', async () => {
    const flapping = (ms: number): boolean => Math.floor(ms / minute) % 2 === 1;
    const streams = await watchOver((ms) => ({ alarms: flapping(ms) ? [alarm('cart', start + ms)] : [] }), 20 * minute);
    expect(streams.list).toHaveLength(2);
    expect(streams.metrics).toMatch(/trigger="withheld"} [5-9]/);
    const moving = await watchOver(
      (ms) => ({ alarms: flapping(ms) ? [alarm(`s${Math.floor(ms / minute)}`, start + ms)] : [] }),
      20 * minute,
      { openingsPerHour: 3 },
    );
    expect(moving.list).toHaveLength(3);
    const findings = await watchOver(
      (ms) => ({ findings: flapping(ms) ? [about('cart', start + ms)] : [] }),
      20 * minute,
      { openingsPerHour: 0 },
    );
    expect(findings.list.length).toBeGreaterThan(5);
  });

  it('takes as the new normal what only streams go on alarming about', async () => {
    const { list } = await watchOver(
      (ms) => ({ alarms: ms > minute ? [alarm('cart', start + minute)] : [] }),
      50 * minute,
      {
        newNormalMs: 10 * minute,
      },
    );
    // The second opening is after the cool-down; a real watch has learned the level by then.
    expect(list.length).toBeLessThanOrEqual(3);
    expect(list.at(-1)?.status).toBe('resolved');
  });

  it('leaves open what an alert opened when it takes the alarms as the new normal, and resolves it when calm', async () => {
    const alarming = (ms: number): Shown => ({ alarms: ms < 14 * minute ? [alarm('cart', start + minute)] : [] });
    const options = { newNormalMs: 10 * minute, alerted: true };
    const lasting = await watchOver(alarming, 13 * minute, options);
    expect(lasting.list.map(({ id, status, alerts }) => [id, status, alerts.length])).toEqual([['inv_1', 'open', 2]]);
    const calm = await watchOver(alarming, 16 * minute, { ...options, newNormalMs: 30 * minute });
    expect(calm.list.map(({ id, status }) => [id, status])).toEqual([['inv_1', 'resolved']]);
  });

  const bothAt = (names: readonly string[], onset = start + minute): ((ms: number) => Shown) => {
    return (ms) => (within(ms, minute, 3 * minute) ? { findings: names.map((name) => about(name, onset)) } : {});
  };

  it('opens two incidents for trouble at two entities that do not depend on each other, and closes each when it is calm', async () => {
    const edges: [string, string][] = [
      ['gateway', 'cart'],
      ['gateway', 'search'],
    ];
    const { list, asked, held } = await watchOver(
      (ms) => ({
        findings: [
          ...(within(ms, minute, 3 * minute) ? [about('cart', start + minute)] : []),
          ...(within(ms, 2 * minute, 6 * minute) ? [about('search', start + 2 * minute)] : []),
        ],
      }),
      4 * minute,
      { edges },
    );
    expect(new Map(list.map(({ title, status }) => [title, status]))).toEqual(
      new Map([
        ['latency at cart', 'resolved'],
        ['latency at search', 'open'],
      ]),
    );
    expect(list.map(({ alerts }) => alerts.length)).toEqual([1, 1]);
    expect(new Set(asked.map(({ thread }) => thread)).size).toBe(2);
    // What may belong to neither is learned on; the gateway may belong to both.
    const both = held.find((one) => one('service:search') !== undefined && one('service:cart') !== undefined);
    expect(both?.('service:search')).toBe(start + 2 * minute);
    expect(both?.('service:gateway')).toBe(start + minute);
    expect(held.at(-1)?.('service:cart')).toBeUndefined();
    expect(held.at(-1)?.('service:search')).toBe(start + 2 * minute);
  });

  it('gives two incidents that began at the same moment investigations of their own', async () => {
    const { list } = await watchOver(bothAt(['cart', 'search']), 2 * minute, {
      edges: [
        ['gateway', 'cart'],
        ['gateway', 'search'],
      ],
    });
    expect(new Set(list.map(({ id }) => id)).size).toBe(2);
    expect(list.map(({ alerts }) => alerts.length)).toEqual([1, 1]);
  });

  it.each<[string, [string, string][]]>([
    ['one depends on the other', [['cart', 'search']]],
    [
      'one depends on the other through a third',
      [
        ['cart', 'quiet'],
        ['quiet', 'search'],
      ],
    ],
    [
      'both depend on the same',
      [
        ['cart', 'database'],
        ['search', 'database'],
      ],
    ],
  ])('opens one incident where %s', async (_how, edges) => {
    const { list } = await watchOver(bothAt(['cart', 'search']), 4 * minute, { edges });
    expect(list).toHaveLength(1);
    expect(list[0]?.alerts).toHaveLength(2);
  });

  it('makes one incident of two suspicions when what lies between them turns bad too', async () => {
    const edges: [string, string][] = [
      ['gateway', 'cart'],
      ['gateway', 'search'],
    ];
    const { list } = await watchOver(bothAt(['cart', 'search', 'gateway']), 2 * minute, { edges });
    expect(list).toHaveLength(1);
    expect(list[0]?.alerts).toHaveLength(3);
  });

  it('where nothing is known of who depends on whom, takes for one what began within five minutes', async () => {
    const shows =
      (later: number) =>
      (ms: number): Shown => ({
        findings: [
          ...(within(ms, minute, 20 * minute) ? [about('cart', start + minute)] : []),
          ...(within(ms, later, 20 * minute) ? [about('search', start + later)] : []),
        ],
      });
    expect((await watchOver(shows(4 * minute), 12 * minute)).list).toHaveLength(1);
    expect((await watchOver(shows(8 * minute), 12 * minute)).list).toHaveLength(2);
  });

  it('follows at most three incidents side by side; what comes then joins the nearest', async () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    const edges = names.map((name): [string, string] => ['gateway', name]);
    const { list } = await watchOver(
      (ms) => ({
        findings: names
          .map((name, index) => about(name, start + (1 + index) * minute))
          .filter((_, index) => ms >= (1 + index) * minute),
      }),
      8 * minute,
      { edges },
    );
    expect(list).toHaveLength(3);
    expect(list.map(({ alerts }) => alerts.length).toSorted((left, right) => left - right)).toEqual([1, 1, 3]);
  });

  it('goes on looking while a question is answered', async () => {
    const clock = createFakeClock(start);
    const investigations = openInvestigations({ clock }, ':memory:');
    const stop = new AbortController();
    const edge = { kind: 'calls' as const, source: 'test', confidence: 1 };
    const edges = ['cart', 'search'].map((name) => ({ ...edge, from: 'service:gateway', to: `service:${name}` }));
    const watch = fakeWatch({
      check: () => {
        const ms = clock.now() - start;
        if (ms > 2 * minute) stop.abort();
        const names = ms < minute ? ['cart'] : ['cart', 'search'];
        return Promise.resolve(names.map((name) => about(name, start + (name === 'cart' ? 0 : minute))));
      },
    });
    const deps = {
      watch,
      topology: () => Promise.resolve({ entities: [], edges }),
      investigations,
      clock,
      metrics: createMetrics(),
      logger: createLogger({ level: 'silent' }),
      // A model that takes until it is told to stop.
      async *ask(_question: Question, { signal }: { signal: AbortSignal }) {
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        yield { type: 'run-end' as const, run: 'r', at: clock.iso(), status: 'failed' as const };
      },
    };
    await runTriage(deps, { timeZone: 'UTC' }, stop.signal);
    expect(investigations.list(9)).toHaveLength(2);
    investigations.close();
  });

  it('takes the time of the look for the onset of a finding that does not know its own', async () => {
    const { onset: _onset, ...finding } = about('cart', start);
    const { list } = await watchOver(() => ({ findings: [finding] }), minute);
    expect(list.map(({ id }) => id)).toEqual([`watch:${isoOf(start)}`]);
  });

  it('wakes nobody about a finding that its series has often shown before', async () => {
    const ordinary = { ...about('cart', start), data: { ordinary: true } };
    const { list } = await watchOver(() => ({ findings: [ordinary] }), minute);
    expect(list).toEqual([]);
  });
});
