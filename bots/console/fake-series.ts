import type { Sample } from '../../domain/signal.ts';
import type { ScoredSeries, SeriesBook } from './server/series-book.ts';

const length = 180;
const stepMs = 5_000;
const [alarmFrom, alarmTo] = [120, 160];

/** Two metrics of one service around `now` (milliseconds), one of which alarmed and opened an investigation; for a console without an engine. */
export function createFakeSeries(now: number): SeriesBook {
  const at = (step: number): number => now - (length - step) * stepMs;
  const samples = (value: (step: number) => number): Sample[] =>
    Array.from({ length }, (_, step): Sample => [at(step), value(step)]);
  const wobble = (step: number): number => 0.12 + 0.02 * Math.sin(step / 3);
  const slow = (step: number): boolean => step >= alarmFrom && step < alarmTo;
  const latency: ScoredSeries = {
    metric: 'http_server_request_duration_seconds',
    measure: 'p95 latency',
    entity: 'service:payment',
    labels: { route: '/pay' },
    unit: 'seconds',
    values: samples((step) => (slow(step) ? 1.6 + wobble(step) : wobble(step))),
    usual: samples(() => 0.12),
    scores: samples((step) => (slow(step) ? 0.999_98 : 0.4)),
    alarms: [
      {
        from: at(alarmFrom),
        to: at(alarmTo),
        value: 1.71,
        usual: 0.12,
        score: 0.999_999,
        because: [
          { feature: 'distance from the usual level', share: 5.1 },
          { feature: 'new mean over 4 points', share: 0.6 },
        ],
        investigation: { id: 'inv-31', title: 'Checkout latency above 1 s', status: 'open' },
      },
    ],
    learned: 540,
    judged: true,
  };
  const quiet: ScoredSeries = {
    ...latency,
    metric: 'process_open_fds',
    measure: 'open file handles',
    labels: {},
    unit: 'count',
    values: samples((step) => 40 + (step % 5)),
    usual: samples(() => 42),
    scores: samples(() => 0.2),
    alarms: [],
  };
  const all = [latency, quiet];
  return {
    names: () =>
      all.map(({ metric, entity, unit }) => ({ metric, entities: [entity], ...(unit === undefined ? {} : { unit }) })),
    scores: ({ entity, metric }) => {
      const series = all.filter(
        (one) => (entity === undefined || one.entity === entity) && (metric === undefined || one.metric === metric),
      );
      return { series, total: series.length, threshold: 0.9999 };
    },
    standing: () => ({
      watched: 212,
      judged: 198,
      score: 0.999_97,
      threshold: 0.9999,
      foremost: [
        {
          entity: latency.entity,
          metric: latency.metric,
          measure: latency.measure,
          value: '1.71 s',
          usual: '120 ms',
          score: 0.999_999,
          since: new Date(at(alarmFrom)).toISOString(),
        },
        {
          entity: 'service:checkout',
          peer: 'service:payment',
          metric: latency.metric,
          measure: 'mean latency',
          value: '1.4 s',
          usual: '310 ms',
          score: 0.9993,
          since: new Date(at(alarmFrom + 1)).toISOString(),
        },
      ],
      alarms: [
        {
          entity: latency.entity,
          metric: latency.metric,
          statement: 'p95 latency of payment is 1.71 s where 120 ms is usual',
          since: new Date(at(alarmFrom)).toISOString(),
        },
      ],
    }),
  };
}
