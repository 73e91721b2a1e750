import { describe, expect, it } from 'vitest';
import { makeFinding } from '../detection/signals/make-finding.ts';
import { entityId } from '../domain/entity.ts';
import type { Finding } from '../domain/finding.ts';
import type { Question } from '../domain/question.ts';
import { createFakeClock, isoOf, msOf } from '../infra/runtime/clock.ts';
import { createLogger } from '../infra/runtime/logger.ts';
import { createMetrics } from '../infra/runtime/metrics.ts';
import { openInvestigations } from '../tools/investigations.ts';
import { runTriage, type TriageOptions } from './triage.ts';
import type { Watch } from './watch.ts';

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
  { alerted = false, ...options }: Partial<TriageOptions> & { alerted?: boolean } = {},
) {
  const clock = createFakeClock(start);
  const investigations = openInvestigations({ clock }, ':memory:');
  if (alerted) openByAlert(investigations);
  const stop = new AbortController();
  const asked: Question[] = [];
  let now: Shown = {};
  let held = 0;
  const watch: Watch = {
    check: () => {
      const ms = clock.now() - start;
      if (ms >= untilMs) stop.abort();
      now = shows(ms);
      return Promise.resolve(now.findings ?? []);
    },
    alarms: () => now.alarms ?? [],
    streams: () => ({ score: 0, judged: 0, watched: 0, foremost: [] }),
    stepMs: () => 1_000,
    hold: () => void (held += 1),
    release: () => undefined,
    healthOf: () => ({ state: 'unknown' }),
    stale: () => undefined,
  };
  const deps = {
    watch,
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
    expect(held).toBe(1);
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
    const watch: Watch = {
      check: () => {
        looks += 1;
        if (looks > 8) stop.abort();
        return Promise.resolve([]);
      },
      alarms: () => [alarm('cart', start + minute)],
      streams: () => ({ score: 1, judged: 1, watched: 1, foremost: [] }),
      stepMs: () => 1_000,
      hold: () => undefined,
      release: () => undefined,
      healthOf: () => ({ state: 'unknown' }),
      stale: () => undefined,
    };
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
});
