import { describe, expect, it } from 'vitest';
import type { Edge } from '../../../domain/entity.ts';
import type { Series } from '../../../domain/signal.ts';
import { isoOf } from '../../../infra/runtime/clock.ts';
import { derivedOf } from '../signals/detect-anomalies.ts';
import { attributeCalls } from './attribute-calls.ts';
import { longHistory } from './long-history.ts';
import { sharedEnds } from './shared-ends.ts';
import { makeFinding } from '../signals/make-finding.ts';

const step = 300_000;
const windows = {
  baseline: { from: isoOf(0), to: isoOf(48 * step) },
  observed: { from: isoOf(48 * step), to: isoOf(53 * step) },
};

/** What a node serves: 100 calls a step, `usual` seconds each, `slow` in the last three steps. */
function served(entity: string, usual: number, slow: number): Series[] {
  const [count, sum]: [Series['samples'], Series['samples']] = [[], []];
  let total = 0;
  for (let index = 0; index < 53; index += 1) {
    total += 100 * (index >= 50 ? slow : usual * (1 + 0.02 * (index % 3)));
    count.push([index * step, 100 * (index + 1)]);
    sum.push([index * step, total]);
  }
  const make = (metric: string, samples: Series['samples']): Series => ({
    metric,
    type: 'histogram',
    entity,
    labels: {},
    samples,
  });
  return [make('http_server_duration_seconds_count', count), make('http_server_duration_seconds_sum', sum)];
}

const calls = (from: string, to: string): Edge => ({ from, to, kind: 'calls', source: 'test', confidence: 1 });

describe('attributeCalls', () => {
  const topology = {
    entities: [],
    edges: [calls('service:front', 'service:back'), calls('service:back', 'database:store')],
  };
  const slowNodes = (...series: Series[][]): string[] =>
    attributeCalls(derivedOf(series.flat()), topology, windows).map(({ entity }) => entity);

  it('leaves the node that what it calls cannot explain', () => {
    expect(
      slowNodes(
        served('service:front', 0.1, 0.5),
        served('service:back', 0.05, 0.45),
        served('database:store', 0.01, 0.01),
      ),
    ).toEqual(['service:back']);
  });

  it('tells how much of the symptom it is, and little where nobody who waits feels it', () => {
    const found = attributeCalls(
      derivedOf([
        ...served('service:front', 0.2, 0.28),
        ...served('service:back', 0.1, 0.17),
        ...served('database:store', 0.01, 0.01),
      ]),
      topology,
      windows,
    );
    const own = found.filter(({ data }) => data?.['aspect'] === 'self-time');
    expect(own.map(({ entity }) => entity)).toEqual(['service:back']);
    expect(own[0]?.data?.['share']).toBeGreaterThan(0.8);
    // Told as mild departures, which are symptoms where somebody complains of them.
    const mild = found.filter(({ data }) => data?.['aspect'] === 'mean');
    expect(mild.map(({ entity }) => entity)).toContain('service:front');
    expect(mild.every(({ severity }) => severity < 0.3)).toBe(true);
    const unfelt = attributeCalls(
      derivedOf([...served('service:front', 0.1, 0.1), ...served('service:back', 0.05, 0.3)]),
      topology,
      windows,
    );
    expect(unfelt.find(({ data }) => data?.['aspect'] === 'self-time')?.data?.['share']).toBeLessThan(0.4);
  });

  it('goes down to the store where the store is slow', () => {
    expect(
      slowNodes(
        served('service:front', 0.1, 0.5),
        served('service:back', 0.05, 0.45),
        served('database:store', 0.01, 0.41),
      ),
    ).toEqual(['database:store']);
  });

  it('says nothing where nothing moved', () => {
    expect(slowNodes(served('service:front', 0.1, 0.1), served('service:back', 0.05, 0.05))).toEqual([]);
  });
});

describe('longHistory', () => {
  it('reads on where coarse series have a thin baseline, and only there', () => {
    const window = { from: isoOf(48 * step), to: isoOf(53 * step) };
    expect(longHistory(served('service:a', 1, 1), window, isoOf(43 * step))).toBe(isoOf(0));
    expect(longHistory(served('service:a', 1, 1), window, isoOf(0))).toBeUndefined();
  });
});

describe('sharedEnds', () => {
  const widened = (entity: string, peer: string) =>
    makeFinding({
      kind: 'edge-shift',
      entity,
      peer,
      signal: { type: 'span', role: 'network', name: 'edge-gap' },
      statement: 'slower',
      direction: 'up',
      onset: isoOf(step),
      effect: { baseline: 2, observed: 90, size: 20 },
      severity: 0.8,
      data: { aspect: 'edge-gap' },
    });
  const edges = ['service:a', 'service:b', 'service:c'].map((peer) => calls('service:hub', peer));

  it('names the end that all widened edges have in common', () => {
    const found = sharedEnds(
      edges.map(({ from, to }) => widened(from, to)),
      { entities: [], edges },
    );
    expect(found.map(({ entity, signal }) => [entity, signal.name])).toEqual([['service:hub', 'shared-gap']]);
  });

  it('says nothing of one or two widened edges', () => {
    expect(
      sharedEnds(
        edges.slice(0, 2).map(({ from, to }) => widened(from, to)),
        { entities: [], edges },
      ),
    ).toEqual([]);
  });
});
