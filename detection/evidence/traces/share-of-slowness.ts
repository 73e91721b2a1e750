import type { EntityId } from '../../../domain/entity.ts';
import { entityNameOf } from '../../../domain/entity.ts';
import type { Finding } from '../../../domain/finding.ts';
import { isoOf, msOf } from '../../../infra/runtime/clock.ts';
import type { Windows } from '../signals/detect-anomalies.ts';
import { makeFinding } from '../signals/make-finding.ts';
import { centreAndSpread, clamp, quantileOfSorted, sortedFinite } from '../signals/robust-statistics.ts';
import type { Charge } from './charge-gaps.ts';
import { criticalPath } from './critical-path.ts';
import type { PlacedSpan } from './span-tree.ts';

/** Time on a critical path: at whom, called by whom (nearest first), and whether it is a call that was served. */
interface Part {
  entity: EntityId | undefined;
  callers: EntityId[];
  isServed: boolean;
  ms: number;
}

/** One request at an entry of the system. */
interface Request {
  at: number;
  durationMs: number;
  parts: Part[];
}

/** An operation at an entry, with its requests before and since. */
interface Operation {
  entity: EntityId;
  name: string;
  before: Request[];
  after: Request[];
}

const fewestBefore = 5;
const fewestSlow = 3;
/** Slow is what lies above this share of the requests before, by so many milliseconds and so many spreads, and by a quarter. */
const usualShare = 0.9;
const leastMs = 5;
const leastSpreads = 3;
const leastRatio = 1.25;
/** So many times the usual share of requests must be slow. */
const leastOften = 2;
const leastShare = 0.1;
/** A party is called more often from here on. */
const callsOften = 1.2;

/**
 * Who made requests slower: the slow requests of each entry operation against its ordinary ones, critical path against critical path, so
 * that what a party's children take is taken off, calls made more often count as often, and the parts sum to the whole. Time at a party that
 * no ordinary request reached counts for the nearest caller that one did: it made the new call. Findings: `request-time` for each operation
 * that became slow (a symptom), and `symptom-share` for each party with at least a tenth of the increase. Only requests that ended within
 * their window count, so that a tree cut at its edge is nobody's own time. Cost linear in spans but for sorting.
 */
export function shareOfSlowness(
  placed: readonly PlacedSpan[],
  windows: Windows,
  charge: (caller: EntityId, callee: EntityId) => Charge,
): Finding[] {
  const increase = new Map<EntityId | undefined, number>();
  const symptoms: Finding[] = [];
  let firstMs = Number.POSITIVE_INFINITY;
  let requests = 0;
  for (const operation of operationsOf(placed, windows, charge)) {
    const slow = slowOf(operation);
    if (slow === undefined) continue;
    symptoms.push(slow.finding);
    requests += slow.requests.length;
    firstMs = Math.min(firstMs, ...slow.requests.map(({ at }) => at));
    for (const [entity, ms] of increaseOf(slow.ordinary, slow.requests))
      increase.set(entity, (increase.get(entity) ?? 0) + ms);
  }
  const total = [...increase.values()].reduce((all, ms) => all + Math.max(0, ms), 0);
  if (total <= 0) return symptoms;
  const shares = [...increase]
    .flatMap(([entity, ms]) =>
      entity === undefined || ms < leastShare * total ? [] : [{ entity, ms, share: ms / total }],
    )
    .sort((left, right) => right.share - left.share || (left.entity < right.entity ? -1 : 1));
  return [...symptoms, ...shares.map((one) => shareFinding({ ...one, requests, meanMs: total / requests, firstMs }))];
}

function operationsOf(
  placed: readonly PlacedSpan[],
  windows: Windows,
  charge: (caller: EntityId, callee: EntityId) => Charge,
): Operation[] {
  const rooted = new Set(placed.flatMap(({ span }) => (span.parentId === undefined ? [span.traceId] : [])));
  const [from, split, to] = [msOf(windows.baseline.from), msOf(windows.observed.from), msOf(windows.observed.to)];
  const end = msOf(windows.baseline.to);
  const operations = new Map<string, Operation>();
  for (const one of placed) {
    const { span } = one;
    // A span whose caller was not read is an entry only where the trace shows no other.
    if (one.parent !== undefined || (span.parentId !== undefined && rooted.has(span.traceId))) continue;
    const finish = span.startMs + span.durationMs;
    const isBefore = span.startMs >= from && finish <= end;
    const isAfter = span.startMs >= split && finish <= to;
    if (!isBefore && !isAfter) continue;
    const key = `${span.entity}|${span.name}`;
    let operation = operations.get(key);
    if (operation === undefined)
      operations.set(key, (operation = { entity: span.entity, name: span.name, before: [], after: [] }));
    (isBefore ? operation.before : operation.after).push({
      at: span.startMs,
      durationMs: span.durationMs,
      parts: [...criticalPath(one)].map(([part, ms]) => ({ ...chargedTo(part, charge), ms })),
    });
  }
  return [...operations.values()];
}

/** To whom the time of a span counts, and who called that party, nearest first. Time on a way that may belong to either end is nobody's. */
function chargedTo(
  { span, peer, parent, children }: PlacedSpan,
  charge: (caller: EntityId, callee: EntityId) => Charge,
): Omit<Part, 'ms'> {
  const callers: EntityId[] = [];
  for (let at = parent; at !== undefined && callers.length < 64; at = at.parent)
    if (at.span.entity !== (callers.at(-1) ?? span.entity)) callers.push(at.span.entity);
  const isServed = span.kind === 'server' || span.kind === 'consumer';
  if (span.kind !== 'client' || peer === undefined) return { entity: span.entity, callers, isServed };
  // A party without spans of its own is only seen by who waits for it.
  const isTimed = children.some((child) => child.span.entity === peer);
  if (!isTimed) return { entity: peer, callers: [span.entity, ...callers], isServed: true };
  const end = charge(span.entity, peer);
  if (end === 'callee') return { entity: peer, callers: [span.entity, ...callers], isServed };
  return { entity: end === 'caller' ? span.entity : undefined, callers, isServed };
}

function slowOf(operation: Operation): { requests: Request[]; ordinary: Request[]; finding: Finding } | undefined {
  const { before, after } = operation;
  if (before.length < fewestBefore || after.length < fewestSlow) return undefined;
  const sorted = sortedFinite(before.map(({ durationMs }) => durationMs));
  const { centre, spread } = centreAndSpread(sorted);
  const limit = Math.max(
    quantileOfSorted(sorted, usualShare),
    centre + Math.max(leastMs, leastSpreads * spread),
    leastRatio * centre,
  );
  const requests = after.filter(({ durationMs }) => durationMs > limit);
  const slowBefore = sorted.filter((ms) => ms > limit).length / sorted.length;
  const share = requests.length / after.length;
  if (requests.length < fewestSlow || share < leastOften * Math.max(slowBefore, 1 - usualShare)) return undefined;
  // The middle half: neither what was fast by chance nor an earlier trouble.
  const [low, high] = [quantileOfSorted(sorted, 0.25), quantileOfSorted(sorted, 0.75)];
  const ordinary = before.filter(({ durationMs }) => durationMs >= low && durationMs <= high);
  const observed = requests.reduce((all, { durationMs }) => all + durationMs, 0) / requests.length;
  const size = (observed - centre) / Math.max(spread, leastMs / leastSpreads, 0.1 * centre);
  const name = entityNameOf(operation.entity);
  const percent = Math.round(100 * share);
  return {
    requests,
    ordinary,
    finding: makeFinding({
      kind: 'span-shift',
      entity: operation.entity,
      signal: { type: 'span', role: 'latency', name: 'request-time', labels: { operation: operation.name } },
      statement: `${percent} % of the requests ${operation.name} of ${name} take ${milliseconds(observed)}, usually ${milliseconds(centre)}`,
      direction: 'up',
      onset: isoOf(Math.min(...requests.map(({ at }) => at))),
      effect: { baseline: centre, observed, size, ...(centre > 0 ? { ratio: observed / centre } : {}) },
      severity: clamp(0.3 + 0.2 * clamp(Math.log2(observed / Math.max(1, centre)) / 3, 0, 1) + 0.4 * share, 0, 0.9),
      data: { aspect: 'request-time', side: 'server', unit: 'ms', spans: requests.length },
    }),
  };
}

/** What requests spend at a party, and how often they call it, on average; who called it. */
interface Spent {
  ms: number;
  calls: number;
  callers: EntityId[];
}

/**
 * By how many milliseconds in all the slow requests spend more at each party than as many ordinary ones. What a party takes because it is
 * called more often counts for the caller that made more calls.
 */
function increaseOf(ordinary: readonly Request[], slow: readonly Request[]): Map<EntityId | undefined, number> {
  const known = new Set(ordinary.flatMap(({ parts }) => parts.flatMap(({ entity, callers }) => [entity, ...callers])));
  const usual = spentBy(ordinary, known);
  const now = spentBy(slow, known);
  const nothing: Spent = { ms: 0, calls: 0, callers: [] };
  const increase = new Map<EntityId | undefined, number>();
  const add = (entity: EntityId | undefined, ms: number): void => {
    increase.set(entity, (increase.get(entity) ?? 0) + slow.length * ms);
  };
  const growthOf = (entity: EntityId | undefined): number =>
    (now.get(entity)?.calls ?? 0) / Math.max(usual.get(entity)?.calls ?? 0, 1e-9);
  for (const entity of new Set([...usual.keys(), ...now.keys()])) {
    const [before, after] = [usual.get(entity) ?? nothing, now.get(entity) ?? nothing];
    const more = after.ms - before.ms;
    const growth = growthOf(entity);
    const caller =
      before.calls > 0 && growth > callsOften
        ? after.callers.find((one) => growthOf(one) < Math.sqrt(growth))
        : undefined;
    const byCalls = caller === undefined ? 0 : clamp((growth - 1) * before.ms, 0, Math.max(0, more));
    add(entity, more - byCalls);
    if (caller !== undefined) add(caller, byCalls);
  }
  return increase;
}

/** Means over requests; a party that no ordinary request reached counts for the nearest caller that one did. */
function spentBy(
  requests: readonly Request[],
  known: ReadonlySet<EntityId | undefined>,
): Map<EntityId | undefined, Spent> {
  const spent = new Map<EntityId | undefined, Spent>();
  for (const { parts } of requests)
    for (const { entity, callers, ms, isServed } of parts) {
      const isKnown = entity === undefined || known.has(entity);
      const who = isKnown ? entity : (callers.find((caller) => known.has(caller)) ?? entity);
      const one = spent.get(who) ?? { ms: 0, calls: 0, callers };
      one.ms += ms / requests.length;
      if (isServed && isKnown) one.calls += 1 / requests.length;
      spent.set(who, one);
    }
  return spent;
}

function shareFinding(seen: {
  entity: EntityId;
  ms: number;
  share: number;
  requests: number;
  meanMs: number;
  firstMs: number;
}): Finding {
  const perRequest = seen.ms / seen.requests;
  return makeFinding({
    kind: 'span-shift',
    entity: seen.entity,
    signal: { type: 'span', role: 'latency', name: 'symptom-share' },
    statement: `${entityNameOf(seen.entity)} itself accounts for ${Math.round(100 * seen.share)} % of the ${milliseconds(seen.meanMs)} by which slow requests take longer`,
    direction: 'up',
    onset: isoOf(seen.firstMs),
    effect: { baseline: 0, observed: perRequest, size: clamp(perRequest / leastMs, 3, 100) },
    severity: clamp(0.15 + 0.75 * seen.share, 0, 0.9),
    data: { aspect: 'symptom-share', side: 'server', unit: 'ms', share: seen.share, spans: seen.requests },
  });
}

function milliseconds(value: number): string {
  return `${Number(value.toPrecision(3))} ms`;
}
