import { describe, expect, it } from 'vitest';
import type { Sample, Series } from '../../domain/signal.ts';
import { isoOf } from '../../infra/runtime/clock.ts';
import { createFakeClock } from '../../infra/runtime/clock.ts';
import type { FiringAlert, MetricSource } from '../sources/source.ts';
import { createCheckAlerts } from './check-alerts.ts';
import type { ToolSession } from '../client.ts';

const session: ToolSession = { run: 'r', caller: 'test', principal: { id: 'p', kind: 'system', roles: [] } };

const now = Date.UTC(2026, 5, 1, 10);
const window = { from: isoOf(now - 300_000), to: isoOf(now) };
const signal = new AbortController().signal;
const samples = (valueAt: (ms: number) => number): Sample[] =>
  Array.from({ length: 60 }, (_, index): Sample => {
    const at = now - 900_000 + index * 15_000;
    return [at, valueAt(at)];
  });
const series = (metric: string, labels: Record<string, string>, valueAt: (ms: number) => number): Series => ({
  metric,
  type: 'gauge',
  entity: labels['job'] === undefined ? 'other:unknown' : `service:${labels['job']}`,
  labels,
  samples: samples(valueAt),
});
const alertOf = (name: string, expression: string, labels: Record<string, string>): FiringAlert => ({
  name,
  expression,
  forMs: 60_000,
  entity: labels['job'] === undefined ? 'other:unknown' : `service:${labels['job']}`,
  labels: { alertname: name, ...labels },
  annotations: {},
  activeAt: isoOf(now - 180_000),
});
const full = 'boiler_used / boiler_max > 0.9';

/** A metric source that answers expressions from a table. */
function sourceOf(alerts: readonly FiringAlert[], answers: Readonly<Record<string, Series[]>>): MetricSource {
  const none = { status: 'no-data' as const, lookedAt: 'the table' };
  return {
    name: 'made-up',
    list: () => Promise.resolve(none),
    query: () => Promise.resolve(none),
    alerts: () =>
      Promise.resolve(alerts.length === 0 ? none : { status: 'ok', items: [...alerts], truncated: false, notes: [] }),
    expression: (text) => {
      const items = answers[text];
      return Promise.resolve(items === undefined ? none : { status: 'ok', items, truncated: false, notes: [] });
    },
  };
}

const check = (source: MetricSource, alert?: object) => {
  const tool = createCheckAlerts({ sources: { metrics: source }, clock: createFakeClock(now) });
  return tool.run(tool.input.parse({ window, ...(alert === undefined ? {} : { alert }) }), { session, signal });
};
const findingsOf = async (running: ReturnType<typeof check>) => {
  const result = await running;
  return result.status === 'ok' ? result.output.findings : [];
};

describe('check_alerts', () => {
  it("tells the alert's own series against its line: now, since when, and that it holds", async () => {
    const labels = { job: 'boiler', severity: 'critical' };
    const [found] = await findingsOf(
      check(
        sourceOf([alertOf('BoilerFull', full, labels)], {
          'boiler_used / boiler_max': [
            series('', { job: 'other' }, () => 0.1),
            series('', { job: 'boiler' }, (at) => (at >= now - 240_000 ? 0.97 : 0.4)),
          ],
        }),
      ),
    );
    expect(found).toMatchObject({
      entity: 'service:boiler',
      direction: 'up',
      onset: isoOf(now - 240_000),
      statement:
        'alert BoilerFull at boiler fires: it fires when, for 1 minute, the share of boiler used in boiler max is above 90 %; now it is 97 %',
      data: { alert: 'BoilerFull', threshold: 0.9 },
    });
    expect(found?.until).toBeUndefined();
    expect(found?.severity).toBeGreaterThan(0.8);
  });

  it('tells in the past what has come back, and little of what has held for days', async () => {
    const past = await findingsOf(
      check(
        sourceOf([alertOf('BoilerFull', full, { job: 'boiler' })], {
          'boiler_used / boiler_max': [
            series('', { job: 'boiler' }, (at) => (at >= now - 500_000 && at < now - 200_000 ? 0.97 : 0.4)),
          ],
        }),
      ),
    );
    expect(past[0]?.until).toBeDefined();
    expect(past[0]?.statement).toContain('fired');
    const old = { ...alertOf('BoilerFull', full, { job: 'boiler' }), activeAt: isoOf(now - 5 * 86_400_000) };
    const always = await findingsOf(
      check(sourceOf([old], { 'boiler_used / boiler_max': [series('', { job: 'boiler' }, () => 0.97)] })),
    );
    expect(always[0]).toMatchObject({ onset: old.activeAt, data: { always: true } });
    expect(always[0]?.severity).toBeLessThan(0.3);
  });

  it('looks first into an alert that was sent, by its own expression where no rule is known, and names whom its selectors name', async () => {
    const [found] = await findingsOf(
      check(
        sourceOf([], {
          'boiler_heat_celsius{job="boiler"}': [series('', {}, (at) => (at > now - 100_000 ? 120 : 60))],
        }),
        {
          name: 'Hot',
          labels: { severity: 'warning' },
          startsAt: isoOf(now - 60_000),
          expression: 'boiler_heat_celsius{job="boiler"} > 100',
        },
      ),
    );
    expect(found).toMatchObject({ entity: 'service:boiler', data: { alert: 'Hot', threshold: 100 } });
    expect(found?.statement).toContain('now it is 120 °C');
  });

  it('sets a series against another that is its line', async () => {
    const [found] = await findingsOf(
      check(
        sourceOf([alertOf('BoilerBusy', 'boiler_used > boiler_max * 0.5', { job: 'boiler' })], {
          boiler_used: [series('', { job: 'boiler' }, (at) => (at >= now - 120_000 ? 60 : 20))],
          'boiler_max * 0.5': [series('', { job: 'boiler' }, () => 50)],
        }),
      ),
    );
    expect(found).toMatchObject({ onset: isoOf(now - 120_000), data: { threshold: 50 } });
  });

  it('says which alerts it could not read, and that nothing fires', async () => {
    const broken = await check(sourceOf([alertOf('Odd', 'a >', {}), alertOf('Always', 'vector(1)', {})], {}));
    expect(broken).toMatchObject({ status: 'ok', output: { findings: [], firing: 2, unread: ['Odd', 'Always'] } });
    expect(await check(sourceOf([], {}))).toMatchObject({ status: 'no-data' });
  });
});
