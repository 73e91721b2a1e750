import { describe, expect, it } from 'vitest';
import { explainRule } from './explain-rule.ts';

const line = (expr: string, rule: { for?: string } = {}): string | undefined => explainRule(expr, rule)?.line;

describe('explainRule', () => {
  it.each([
    [
      'sum by (instance) (rate(http_requests_total{code=~"5.."}[5m])) / sum by (instance) (rate(http_requests_total[5m])) * 100 > 5 and sum by (instance) (rate(http_requests_total[5m])) > 0',
      '5m',
      'fires when, for 5 minutes, the share of http requests with code 5xx in http requests, per instance, over 5 minutes, is above 5 %',
    ],
    ['boiler_up == 0', '0m', 'fires as soon as boiler up is 0 (not up)'],
    ['absent(up{job="boiler"})', '10m', 'fires when, for 10 minutes, there is no series of up with job boiler'],
    ['absent(up{job=~".*boiler.*"} == 1)', '', 'fires as soon as no series of up with job like boiler is 1'],
    [
      'sum(boiler_connections) by (site) > on (site) sum(boiler_connections_max) by (site) * 0.8',
      '2m',
      'fires when, for 2 minutes, the sum of boiler connections, per site, is above 80 % of the sum of boiler connections max, per site',
    ],
    [
      'time() - boiler_last_run_timestamp_seconds > 86400 * 2',
      '',
      'fires as soon as the time since boiler last run is above 2 days',
    ],
    [
      'boiler_cert_not_after - time() < 3600 * 36',
      '',
      'fires as soon as the time until boiler cert not after is below 1.5 days',
    ],
    [
      'histogram_quantile(0.99, sum(rate(boiler_wait_seconds_bucket[5m])) by (le, pod)) > .25',
      '1m',
      'fires when, for 1 minute, the 99th percentile of boiler wait, per pod, over 5 minutes, is above 250 ms',
    ],
    [
      'rate(boiler_wait_seconds_sum[1m]) / rate(boiler_wait_seconds_count[1m]) > 2',
      '',
      'fires as soon as the mean of boiler wait, over 1 minute, is above 2 seconds',
    ],
    [
      'boiler_free_bytes / boiler_size_bytes < .1',
      '',
      'fires as soon as the share of boiler free in boiler size is below 10 %',
    ],
    [
      '(1 - boiler_free_bytes / boiler_size_bytes) * 100 > 80',
      '',
      'fires as soon as all but the share of boiler free in boiler size is above 80 %',
    ],
    [
      '1 - avg without (cpu) (rate(box_cpu_seconds_total{mode="idle"}[5m])) > .8',
      '',
      'fires as soon as all but the mean of the share of time in box cpu with mode idle over all cpu, over 5 minutes, is above 80 %',
    ],
    [
      'predict_linear(boiler_free_bytes[3h], 24 * 3600) <= 0',
      '',
      'fires as soon as boiler free in 1 day, going on as in the last 3 hours, is at most 0 bytes',
    ],
    ['boiler_a == 1 or boiler_b{x!=""} == 1', '', 'fires as soon as boiler a is 1 or boiler b with any x is 1'],
    [
      'boiler_hot > 3 unless on (site) boiler_service == 1',
      '',
      'fires as soon as boiler hot is above 3, unless boiler service is 1',
    ],
    ['5 < boiler_heat_celsius', '', 'fires as soon as boiler heat is above 5 °C'],
    [
      'max by (name) (boiler_ready{condition!="True"} == 1)',
      '',
      'fires as soon as boiler ready with condition other than True is 1',
    ],
    [
      'increase(boiler_trips_total[1h]) >= 3',
      '',
      'fires as soon as the growth of boiler trips, over 1 hour, is at least 3',
    ],
  ])('%s', (expr, held, told) => {
    expect(line(expr, { for: held })).toBe(told);
  });

  it('gives the series and the line to look at first, the guard of a divisor apart', () => {
    const rule = explainRule(
      'sum(rate(a_total{x="bad"}[5m])) / sum(rate(a_total[5m])) > 0.2 and sum(rate(a_total[5m])) > 0',
    );
    expect(rule?.evidence).toEqual([
      {
        series: 'sum(rate(a_total{x="bad"}[5m])) / sum(rate(a_total[5m]))',
        op: '>',
        threshold: 0.2,
        unit: 'ratio',
        scale: 1,
        metric: 'a_total',
      },
    ]);
    expect(explainRule('a > b * 0.8')?.evidence).toMatchObject([{ series: 'a', op: '>', thresholdSeries: 'b * 0.8' }]);
    expect(explainRule('absent(a)')?.evidence).toMatchObject([{ series: 'absent(a)', op: '>', threshold: 0 }]);
  });

  it('reads what templates leave in files, outside quotes only', () => {
    expect(line('rate(a_total{x="$y"}[$__rate_interval]) > $limit')).toBe(
      'fires as soon as a with x $y per second, over 5 minutes, is above the setting limit',
    );
    expect(line('a_bytes > {{ .Values.alerts.most }}')).toBe('fires as soon as a is above the setting most');
  });

  it('says undefined of what is no PromQL, deep or long, and never throws', () => {
    for (const bad of ['', 'sum by (', 'a >', `${'('.repeat(500)}a${')'.repeat(500)}`, 'a'.repeat(9_000), 'a b'])
      expect(explainRule(bad)).toBeUndefined();
  });

  it('is linear in hostile text', () => {
    const started = performance.now();
    for (const text of [`a{x=~"${'a|'.repeat(1_900)}"} > 1`, `${'a + '.repeat(1_500)}a > 1`, '$'.repeat(7_000)])
      explainRule(text);
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});
