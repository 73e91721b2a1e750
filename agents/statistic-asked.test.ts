import { expect, it } from 'vitest';
import { statisticAsked } from './statistic-asked.ts';

it.each([
  ['p99 of cart', 'latency', 'p99', 'p99'],
  ['the 90th percentile', 'latency', '90th percentile', 'p90'],
  ['median latency', 'latency', 'median', 'p50'],
  ['p999 of cart', 'latency', 'p999', undefined],
  ['how much disk space is free', 'disk', 'figure of what is left', 'left'],
])('hears in "%s" (%s) a %s', (text, metric, words, statistic) => {
  expect(statisticAsked(text, metric)).toEqual(statistic === undefined ? { words } : { words, statistic });
});

it('hears none in what only sounds alike', () => {
  expect(statisticAsked('is cart available', 'availability')).toBeUndefined();
  expect(statisticAsked('latency since the deploy left staging', 'latency')).toBeUndefined();
  expect(statisticAsked('show latency of ap99', 'latency')).toBeUndefined();
});
