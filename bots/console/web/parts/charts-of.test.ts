import { describe, expect, it } from 'vitest';
import { chartsOf } from './charts-of.ts';

const one = (entity: string, metric: string, unit?: string) => ({
  metric,
  entity,
  labels: {},
  samples: [],
  ...(unit === undefined ? {} : { unit }),
});
const namesOf = (charts: ReturnType<typeof chartsOf>) =>
  charts.map((lines) => lines.map((line) => `${line.entity} ${line.metric}`));

describe('chartsOf', () => {
  it('never puts two units on one axis', () => {
    const series = [
      one('a', 'latency', 's'),
      one('a', 'heap', 'bytes'),
      one('b', 'latency', 's'),
      one('a', 'odd'),
      one('b', 'other'),
    ];
    expect(namesOf(chartsOf(series, []))).toEqual([['a latency', 'b latency'], ['a heap'], ['a odd'], ['b other']]);
  });

  it('shows the asked entities alone where they have series, else all', () => {
    const series = [one('a', 'latency', 's'), one('b', 'latency', 's')];
    expect(namesOf(chartsOf(series, ['b']))).toEqual([['b latency']]);
    expect(namesOf(chartsOf(series, ['c']))).toEqual([['a latency', 'b latency']]);
  });

  it('draws at most six lines in one chart', () => {
    expect(
      chartsOf(
        Array.from({ length: 9 }, (_, index) => one(`e${index}`, 'm', 's')),
        [],
      )[0],
    ).toHaveLength(6);
  });
});
