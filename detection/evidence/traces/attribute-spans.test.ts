import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { finding } from '../../../domain/finding.ts';
import type { Span } from '../../../domain/signal.ts';
import { isoOf } from '../../../infra/runtime/clock.ts';
import { attributeSpans } from './attribute-spans.ts';
import { placeSpans } from './span-tree.ts';
import { topologyFromSpans } from './topology-from-spans.ts';

const start = Date.UTC(2026, 3, 1);
const windows = {
  baseline: { from: isoOf(start), to: isoOf(start + 20_000) },
  observed: { from: isoOf(start + 20_000), to: isoOf(start + 40_000) },
};

/** One request: door calls stock `calls` times; the way takes `wayMs`, the work in stock `workMs`, door itself `ownMs`. */
function request(
  second: number,
  how: { wayMs?: number; workMs?: number; ownMs?: number; calls?: number; failing?: boolean } = {},
): Span[] {
  const { wayMs = 2, workMs = 10, ownMs = 5, calls = 1, failing = false } = how;
  const at = start + second * 1000;
  const trace = `t${second}`;
  const status = failing ? 'error' : 'unset';
  const spans: Span[] = [
    {
      traceId: trace,
      spanId: 'root',
      entity: 'service:door',
      name: 'GET /',
      kind: 'server',
      startMs: at,
      durationMs: ownMs + calls * (wayMs + workMs),
      status,
      attributes: {},
    },
  ];
  for (let call = 0; call < calls; call += 1) {
    const from = at + ownMs + call * (wayMs + workMs);
    spans.push({
      traceId: trace,
      spanId: `c${call}`,
      parentId: 'root',
      entity: 'service:door',
      name: 'GET',
      kind: 'client',
      startMs: from,
      durationMs: wayMs + workMs,
      status,
      attributes: { 'peer.service': 'stock' },
    });
    spans.push({
      traceId: trace,
      spanId: `s${call}`,
      parentId: `c${call}`,
      entity: 'service:stock',
      name: 'GET /stock',
      kind: 'server',
      startMs: from + wayMs / 2,
      durationMs: workMs,
      status,
      attributes: {},
    });
  }
  return spans;
}
const play = (later: Parameters<typeof request>[1]): Span[] =>
  Array.from({ length: 40 }, (_, second) => request(second, second >= 24 ? later : {})).flat();
const told = (spans: Span[]): string[] =>
  attributeSpans(spans, windows).map(({ entity, peer, data }) => `${entity} ${peer ?? ''} ${String(data?.['aspect'])}`);
const slow = 'service:door  request-time';

describe('attributeSpans', () => {
  it('blames self time on the one who works longer, with its onset', () => {
    const found = attributeSpans(play({ workMs: 90 }), windows);
    expect(found.map(({ entity, signal }) => `${entity} ${signal.name}`).sort()).toEqual([
      'service:door request-time',
      'service:stock self-time',
      'service:stock symptom-share',
    ]);
    expect(found.find(({ signal }) => signal.name === 'self-time')?.onset).toBe(isoOf(start + 24_000 + 6));
  });

  it('blames the way when the callee works as fast as ever', () => {
    expect(told(play({ wayMs: 120 }))).toEqual(['service:door service:stock edge-gap', slow]);
  });

  it('sees the errors begin at the deepest failing span', () => {
    expect(told(play({ failing: true }))).toEqual(['service:stock  error-origin']);
  });

  it('counts calls per request', () => {
    expect(told(play({ calls: 6 })).sort()).toEqual([
      slow,
      'service:door  symptom-share',
      'service:door service:stock calls-per-request',
    ]);
  });

  it('keeps quiet when nothing changes', () => {
    expect(told(play({}))).toEqual([]);
  });

  it('never throws on broken traces: missing parents, own parents, no length', () => {
    const span = fc.record({
      traceId: fc.constantFrom('a', 'b'),
      spanId: fc.constantFrom('1', '2', '3'),
      parentId: fc.constantFrom('1', '2', '3', '9'),
      entity: fc.constantFrom('service:a', 'service:b'),
      name: fc.string(),
      kind: fc.constantFrom('server' as const, 'client' as const, 'consumer' as const),
      startMs: fc.integer({ min: start, max: start + 40_000 }),
      durationMs: fc.integer({ min: 0, max: 500 }),
      status: fc.constantFrom('ok' as const, 'error' as const),
      attributes: fc.constant({}),
    });
    fc.assert(
      fc.property(
        fc.array(span, { maxLength: 40 }),
        (spans) =>
          attributeSpans(spans, windows).every((one) => finding.safeParse(one).success) &&
          topologyFromSpans(spans).edges.every(({ from, to }) => from !== to),
      ),
      { numRuns: 100 },
    );
  });
});

describe('placeSpans', () => {
  it('takes the union of overlapping children from self time', () => {
    const child = (spanId: string, from: number, durationMs: number): Span => ({
      traceId: 't',
      spanId,
      parentId: 'p',
      entity: 'service:a',
      name: 'x',
      kind: 'internal',
      startMs: from,
      durationMs,
      status: 'unset',
      attributes: {},
    });
    const { parentId: _none, ...parent } = child('p', 0, 100);
    expect(placeSpans([parent, child('a', 10, 40), child('b', 30, 40), child('c', 90, 50)])[0]?.selfMs).toBe(30);
  });
});

describe('topologyFromSpans', () => {
  it('joins caller and callee, and reads databases and queues from attributes', () => {
    const statement: Span = {
      traceId: 't0',
      spanId: 'db',
      parentId: 's0',
      entity: 'service:stock',
      name: 'SELECT',
      kind: 'client',
      startMs: start,
      durationMs: 2,
      status: 'unset',
      attributes: { 'db.system.name': 'postgresql', 'db.namespace': 'wares' },
    };
    const topology = topologyFromSpans([...request(0), statement]);
    expect(topology.edges.map(({ from, to, kind }) => `${from} ${kind} ${to}`)).toEqual([
      'service:door calls service:stock',
      'service:stock reads database:wares',
    ]);
  });
});
