import { describe, expect, it } from 'vitest';
import type { Series } from '../../../domain/signal.ts';
import { watchProcesses } from './watch-processes.ts';

/** Five services read every second for a minute; `silent` tells when one was not. */
function readings(silent: (service: string, second: number) => boolean): Series[] {
  return ['a', 'b', 'c', 'd', 'e'].map((name) => ({
    metric: 'process_resident_memory_bytes',
    type: 'gauge',
    entity: `service:${name}`,
    labels: {},
    samples: Array.from({ length: 60 }, (_unused, second) => second)
      .filter((second) => !silent(name, second))
      .map((second) => [second * 1_000, 5e7]),
  }));
}
const spans = { baseline: [0, 30_000], observed: [30_000, 60_000] } as const;
const silencesOf = (series: Series[]): string[] =>
  watchProcesses(series, { baseline: [...spans.baseline], observed: [...spans.observed] })
    .filter(({ signal }) => signal.role === 'availability')
    .map(({ entity }) => entity);

describe('silences', () => {
  it('tells of the one that did not answer', () => {
    expect(silencesOf(readings((name, second) => name === 'c' && second > 40 && second < 50))).toEqual(['service:c']);
  });

  it('blames nobody when everything falls silent at once: it was the watcher that did not look', () => {
    expect(silencesOf(readings((_name, second) => second > 40 && second < 50))).toEqual([]);
  });
});
