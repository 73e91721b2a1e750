import { describe, expect, it } from 'vitest';
import { routeOf } from '../../../detection/evidence/logs/route-of.ts';
import { createAccessSeries } from './access-series.ts';

const start = Date.UTC(2026, 2, 1);

function totalsAt(
  taken: ReturnType<ReturnType<typeof createAccessSeries>['take']>,
  index: number,
): Record<string, number> {
  const { input } = taken.at(index) ?? { input: { keys: [], values: [] } };
  return Object.fromEntries(input.keys.map((key, place) => [key, input.values[place] ?? Number.NaN]));
}

describe('access series', () => {
  it('counts by route and status and by upstream, from nought, in steps, and stands still in between', () => {
    const series = createAccessSeries();
    for (let second = 0; second < 20; second += 1) {
      if (second >= 10 && second < 15) continue;
      series.note(start + second * 1_000, {
        method: 'GET',
        path: `/orders/${second + 1_000}`,
        status: second < 15 ? 200 : 502,
        durationMs: 40,
        upstream: '10.0.0.4:80',
        upstreamMs: 30,
      });
    }
    const taken = series.take(start + 30_000);
    const ok = 'access_log_http_server_requests_total{method="GET",route="/orders/{id}",status="200"}';
    expect(taken.map(({ at }) => (at - start) / 1_000)).toEqual([0, 5, 10, 15, 20, 25]);
    expect(taken.map((_, index) => totalsAt(taken, index)[ok])).toEqual([0, 5, 10, 10, 10, 10]);
    expect(totalsAt(taken, -1)).toMatchObject({
      'access_log_http_client_requests_total{upstream="10.0.0.4:80",status="502"}': 5,
      'access_log_http_server_request_duration_seconds_bucket{route="/orders/{id}",le="0.05"}': 15,
      'access_log_http_client_request_duration_seconds_count{upstream="10.0.0.4:80"}': 15,
    });
    expect(series.take(start + 30_000)).toEqual([]);
  });

  it('keeps a bound of routes, whatever is asked for', () => {
    const series = createAccessSeries();
    for (let index = 0; index < 500; index += 1)
      series.note(start, {
        method: 'GET',
        path: `/${'abcdefghij'[index % 10]}${'qrstuvwxyz'[Math.floor(index / 10) % 10]}x`,
        status: 404,
      });
    expect(series.take(start + 10_000).at(-1)?.input.keys.length).toBe(26);
  });
});

describe('routeOf', () => {
  it.each([
    ['/products/17', '/products/{id}'],
    ['/v2/users/0f1e2d3c-aaaa-bbbb-cccc-0123456789ab/orders', '/v2/users/{id}/orders'],
    ['/static/app.3f2a.js', '/static/{file}'],
    ['/oauth2/token', '/oauth2/token'],
    ['/', '/'],
  ])('of %s is %s', (path, route) => {
    expect(routeOf(path)).toBe(route);
  });
});
