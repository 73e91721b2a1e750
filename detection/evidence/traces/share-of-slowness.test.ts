import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../domain/finding.ts';
import type { Span } from '../../../domain/signal.ts';
import { isoOf } from '../../../infra/runtime/clock.ts';
import { attributeSpans } from './attribute-spans.ts';
import { criticalPath } from './critical-path.ts';
import { placeSpans } from './span-tree.ts';

const start = Date.UTC(2026, 3, 1);
const windows = {
  baseline: { from: isoOf(start), to: isoOf(start + 20_000) },
  observed: { from: isoOf(start + 20_000), to: isoOf(start + 40_000) },
};

interface Call {
  entity: string;
  /** Milliseconds before and after its calls, which follow one another. */
  ownMs: number;
  /** Time on the way to it. */
  wayMs?: number;
  /** How far its clock is off. */
  skewMs?: number;
  calls?: Call[];
}

function lengthOf(call: Call): number {
  return call.ownMs + (call.calls ?? []).reduce((total, one) => total + (one.wayMs ?? 0) + lengthOf(one), 0);
}

/** The spans of a request: a served span each, and a client span around each call. */
function spansOf(call: Call, at: number, id: string, parentId?: string): Span[] {
  const base = { traceId: id.split('.')[0]!, status: 'unset' as const, attributes: {} };
  const skew = call.skewMs ?? 0;
  const spans: Span[] = [
    {
      ...base,
      spanId: id,
      ...(parentId === undefined ? {} : { parentId }),
      entity: `service:${call.entity}`,
      name: 'work',
      kind: 'server',
      startMs: at + skew,
      durationMs: lengthOf(call),
    },
  ];
  let cursor = at + skew + call.ownMs / 2;
  for (const [index, one] of (call.calls ?? []).entries()) {
    const way = one.wayMs ?? 0;
    const client = `${id}.${index}`;
    spans.push({
      ...base,
      spanId: `${client}c`,
      parentId: id,
      entity: `service:${call.entity}`,
      name: 'GET',
      kind: 'client',
      startMs: cursor,
      durationMs: way + lengthOf(one),
    });
    spans.push(...spansOf(one, cursor + way / 2, client, `${client}c`));
    cursor += way + lengthOf(one);
  }
  return spans;
}

/** Twelve requests before, twelve since. */
function findingsOf(usual: Call, slow: Call): Finding[] {
  const runs = Array.from({ length: 24 }, (_, index) =>
    spansOf(index < 12 ? usual : slow, start + 500 + index * 1_600 + (index < 12 ? 0 : 1_000), `r${index}`),
  );
  return attributeSpans(runs.flat(), windows);
}

const shares = (findings: readonly Finding[]): [string, number][] =>
  findings
    .filter(({ signal }) => signal.name === 'symptom-share')
    .map(({ entity, data }) => [entity, Math.round(100 * Number(data?.['share']))]);

const shop = (stockMs: number, priceMs: number, more: Partial<Call> = {}): Call => ({
  entity: 'door',
  ownMs: 4,
  calls: [
    { entity: 'cart', ownMs: 6, calls: [{ entity: 'stock', ownMs: stockMs, ...more }] },
    { entity: 'price', ownMs: priceMs },
  ],
});

describe('share of slowness', () => {
  it('gives the increase to the party that spends it, not to those who wait for it', () => {
    const findings = findingsOf(shop(10, 5), shop(210, 5));
    expect(shares(findings)).toEqual([['service:stock', 100]]);
    expect(findings.find(({ signal }) => signal.name === 'request-time')).toMatchObject({
      entity: 'service:door',
      direction: 'up',
    });
  });

  it('names both of two causes, one above the other too', () => {
    expect(shares(findingsOf(shop(10, 5), shop(210, 105)))).toEqual([
      ['service:stock', 67],
      ['service:price', 33],
    ]);
  });

  it('gives the time of a party never called before to its caller', () => {
    const slow = shop(10, 5);
    slow.calls![1]!.calls = [{ entity: 'audit', ownMs: 180 }];
    expect(shares(findingsOf(shop(10, 5), slow))).toEqual([['service:price', 100]]);
  });

  it('is silent where nothing became slower', () => {
    const findings = findingsOf(shop(10, 5), shop(11, 5));
    expect(findings.filter(({ signal }) => ['symptom-share', 'request-time'].includes(signal.name))).toEqual([]);
  });

  it('does not take a clock that is off for own time', () => {
    const findings = findingsOf(shop(10, 5), shop(210, 5, { skewMs: -5_000 }));
    expect(shares(findings)).toEqual([['service:stock', 100]]);
  });

  it('lays time on the way at a caller that loses it on all its calls and in itself', () => {
    const usual: Call = {
      entity: 'door',
      ownMs: 4,
      calls: [
        {
          entity: 'cart',
          ownMs: 6,
          calls: [
            { entity: 'stock', ownMs: 5 },
            { entity: 'tax', ownMs: 5 },
          ],
        },
        { entity: 'stock', ownMs: 5 },
      ],
    };
    const slow: Call = {
      entity: 'door',
      ownMs: 4,
      calls: [
        {
          entity: 'cart',
          ownMs: 206,
          calls: [
            { entity: 'stock', ownMs: 5, wayMs: 200 },
            { entity: 'tax', ownMs: 5, wayMs: 200 },
          ],
        },
        { entity: 'stock', ownMs: 5 },
      ],
    };
    expect(shares(findingsOf(usual, slow))).toEqual([['service:cart', 100]]);
  });
});

describe('criticalPath', () => {
  it('sums to the request, and counts of parallel calls the one that ended last', () => {
    const span = (spanId: string, startMs: number, durationMs: number, parentId?: string): Span => ({
      traceId: 't',
      spanId,
      ...(parentId === undefined ? {} : { parentId }),
      entity: `service:${spanId}`,
      name: 'work',
      kind: 'server',
      startMs,
      durationMs,
      status: 'unset',
      attributes: {},
    });
    const placed = placeSpans([
      span('root', 0, 100),
      span('short', 10, 30, 'root'),
      span('long', 10, 70, 'root'),
      span('late', 90, 50, 'root'),
    ]);
    const parts = [...criticalPath(placed[0]!)].map(([one, ms]): [string, number] => [one.span.spanId, ms]);
    expect(Object.fromEntries(parts)).toEqual({ root: 20, long: 70, late: 10 });
  });

  it('ends on traces that call themselves in a circle', () => {
    const ring = (spanId: string, parentId: string): Span => ({
      traceId: 't',
      spanId,
      parentId,
      entity: 'service:a',
      name: 'work',
      kind: 'server',
      startMs: 0,
      durationMs: 10,
      status: 'unset',
      attributes: {},
    });
    expect(() => attributeSpans([ring('a', 'b'), ring('b', 'a')], windows)).not.toThrow();
  });
});
