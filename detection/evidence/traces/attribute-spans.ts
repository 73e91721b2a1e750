import type { EntityId } from '../../../domain/entity.ts';
import { entityNameOf } from '../../../domain/entity.ts';
import type { Finding, SignalRole } from '../../../domain/finding.ts';
import type { Sample, Span } from '../../../domain/signal.ts';
import { isoOf, msOf } from '../../../infra/runtime/clock.ts';
import type { Windows } from '../signals/detect-anomalies.ts';
import type { Onset } from '../signals/find-onset.ts';
import { findOnset } from '../signals/find-onset.ts';
import { makeFinding } from '../signals/make-finding.ts';
import { centreAndSpread, clamp, median, sum } from '../signals/robust-statistics.ts';
import { chargeGaps } from './charge-gaps.ts';
import { findLostCalls } from './find-lost-calls.ts';
import { shareOfSlowness } from './share-of-slowness.ts';
import type { PlacedSpan } from './span-tree.ts';
import { placeSpans } from './span-tree.ts';

/** One measured quantity of many spans: [start, value] pairs. */
interface Measured {
  entity: EntityId;
  peer?: EntityId;
  aspect: 'self-time' | 'edge-gap' | 'call-time' | 'error-origin' | 'calls-per-request';
  role: SignalRole;
  name: string;
  points: Sample[];
}

const limits: Readonly<
  Record<Measured['aspect'], { floor: number; least: number; ratio: number; importance: number }>
> = {
  'self-time': { floor: 2, least: 8, ratio: 1.6, importance: 0.85 },
  'edge-gap': { floor: 2, least: 12, ratio: 1.8, importance: 0.9 },
  'call-time': { floor: 2, least: 10, ratio: 1.8, importance: 0.7 },
  'error-origin': { floor: 0.03, least: 0.06, ratio: 2, importance: 0.95 },
  'calls-per-request': { floor: 0.2, least: 0.9, ratio: 1.5, importance: 0.85 },
};

/**
 * Where traces say that time and errors arise: self time per entity, time on the way per edge (client span minus the server span within),
 * time of calls to parties without spans of their own, the deepest failing span, calls per request, usual steps not taken, which requests became slow and what
 * share of that each party has. Only shifts between the windows are told. Never throws; incomplete traces are used as far as they go. Cost linear in spans but for sorting.
 */
export function attributeSpans(spans: readonly Span[], windows: Windows): Finding[] {
  return attributePlaced(placeSpans(spans), windows);
}

/** The same for spans that were placed already. */
export function attributePlaced(placed: readonly PlacedSpan[], windows: Windows): Finding[] {
  const groups = new Map<string, Measured>();
  const add = (parts: Omit<Measured, 'points'>, at: number, value: number): void => {
    const key = `${parts.aspect}|${parts.entity}|${parts.peer ?? ''}|${parts.name}`;
    let group = groups.get(key);
    if (group === undefined) groups.set(key, (group = { ...parts, points: [] }));
    group.points.push([at, value]);
  };
  const end = msOf(windows.observed.to);
  // What the calls of a span that outlives the window took was not read whole.
  for (const one of placed) if (one.span.startMs + one.span.durationMs <= end) measure(one, add);
  const found: Finding[] = findLostCalls(placed, windows);
  const elsewhere = usualGaps(groups.values(), windows);
  for (const group of groups.values()) {
    const finding = judge(group, windows, elsewhere);
    if (finding !== undefined) found.push(finding);
  }
  const charge = chargeGaps(placed, found);
  const charged = found.map((finding) => {
    if (finding.kind !== 'edge-shift' || finding.peer === undefined) return finding;
    const to = charge(finding.entity, finding.peer);
    return to === 'unknown' ? finding : { ...finding, data: { ...finding.data, charged: to } };
  });
  charged.push(...shareOfSlowness(placed, windows, charge));
  return charged.sort((left, right) => right.severity - left.severity || (left.id < right.id ? -1 : 1)).slice(0, 120);
}

function measure(one: PlacedSpan, add: (parts: Omit<Measured, 'points'>, at: number, value: number) => void): void {
  const { span, children } = one;
  const failed = span.status === 'error';
  if (span.kind === 'server' || span.kind === 'consumer') {
    const name = span.name;
    add({ entity: span.entity, aspect: 'self-time', role: 'latency', name: 'all' }, span.startMs, one.selfMs);
    const origin = failed && !children.some((child) => child.span.status === 'error');
    add({ entity: span.entity, aspect: 'error-origin', role: 'errors', name: 'all' }, span.startMs, origin ? 1 : 0);
    const calls = new Map<EntityId, number>();
    for (const child of children) if (child.peer !== undefined) calls.set(child.peer, (calls.get(child.peer) ?? 0) + 1);
    for (const [peer, count] of calls)
      add({ entity: span.entity, peer, aspect: 'calls-per-request', role: 'traffic', name }, span.startMs, count);
  }
  if (span.kind === 'client' && one.peer !== undefined) {
    const remote = children.find((child) => child.span.entity === one.peer);
    if (remote !== undefined)
      add(
        { entity: span.entity, peer: one.peer, aspect: 'edge-gap', role: 'network', name: 'all' },
        span.startMs,
        Math.max(0, span.durationMs - remote.span.durationMs),
      );
    else
      add(
        {
          entity: span.entity,
          peer: one.peer,
          aspect: 'call-time',
          role: one.peer.startsWith('database:') ? 'database-latency' : 'latency',
          name: 'all',
        },
        span.startMs,
        span.durationMs,
      );
    const origin = failed && !children.some((child) => child.span.status === 'error');
    if (remote === undefined)
      add(
        { entity: span.entity, peer: one.peer, aspect: 'error-origin', role: 'errors', name: 'call' },
        span.startMs,
        origin ? 1 : 0,
      );
  }
}

/** What time on the way was usual on any edge: the yardstick for edges that were not travelled before. */
function usualGaps(groups: Iterable<Measured>, { baseline }: Windows): Sample[] {
  const [from, to] = [msOf(baseline.from), msOf(baseline.to)];
  return [...groups]
    .filter(({ aspect }) => aspect === 'edge-gap')
    .flatMap(({ points }) => points.filter(([at]) => at >= from && at < to));
}

function judge(group: Measured, windows: Windows, elsewhere: readonly Sample[]): Finding | undefined {
  const limit = limits[group.aspect];
  const points = group.points.sort((left, right) => left[0] - right[0]);
  const within = (from: string, to: string): Sample[] => {
    const [start, end] = [msOf(from), msOf(to)];
    return points.filter(([at]) => at >= start && at < end);
  };
  const own = within(windows.baseline.from, windows.baseline.to);
  const before = own.length < 5 && group.aspect === 'edge-gap' ? elsewhere : own;
  const after = within(windows.observed.from, windows.observed.to);
  if (before.length < 5 || after.length < 3) return undefined;
  const base = before.map(([, value]) => value);
  const { centre, spread } = centreAndSpread(base);
  const share = group.aspect === 'error-origin';
  const level = share ? sum(base) / base.length : centre;
  const noise = Math.max(
    share ? Math.sqrt(Math.max(0.01, level * (1 - level))) : spread,
    limit.floor,
    0.25 * Math.abs(level),
  );
  const onset = findOnset(
    after,
    0,
    { centre: level, spread: noise },
    Math.max(2, (median(after.map(([, value]) => value)) - level) / noise),
  );
  const since = onset === undefined || after.length - onset.index < 3 ? after : after.slice(onset.index);
  const values = since.map(([, value]) => value);
  const observed = share ? sum(values) / values.length : median(values);
  const change = observed - level;
  const ratio = (observed + limit.floor) / (level + limit.floor);
  const size = (change / noise) * Math.sqrt(Math.min(values.length, 16) / 4);
  if (change < limit.least || ratio < limit.ratio || size < 3) return undefined;
  const magnitude = share ? clamp(change / 0.35, 0, 1) : clamp(Math.log2(ratio) / 3, 0, 1);
  const unit = share ? 'ratio' : group.aspect === 'calls-per-request' ? 'count' : 'ms';
  return makeFinding({
    kind: group.aspect === 'edge-gap' ? 'edge-shift' : 'span-shift',
    entity: group.entity,
    ...(group.peer === undefined ? {} : { peer: group.peer }),
    signal: { type: 'span', role: group.role, name: group.aspect },
    statement: describe(group, level, observed),
    direction: 'up',
    onset: isoOf(since[0]![0]),
    ...untilOf(onset, after),
    effect: { baseline: level, observed, size, ...(level > 0 ? { ratio: observed / level } : {}) },
    severity: limit.importance * (0.2 + 0.5 * magnitude + 0.3 * clamp(size / 20, 0, 1)),
    data: { aspect: group.aspect, side: group.peer === undefined ? 'server' : 'client', unit, spans: values.length },
  });
}

/** When it went back, where it surely has. */
function untilOf(onset: Onset | undefined, after: readonly Sample[]): Pick<Finding, 'until'> {
  const end = onset?.over === true ? after[onset.end] : undefined;
  return end === undefined ? {} : { until: isoOf(end[0]) };
}

function describe(group: Measured, from: number, to: number): string {
  const name = entityNameOf(group.entity);
  const peer = group.peer === undefined ? '' : entityNameOf(group.peer);
  const milliseconds = (value: number): string => `${Number(value.toPrecision(3))} ms`;
  if (group.aspect === 'self-time')
    return `time spent in ${name} itself rose from ${milliseconds(from)} to ${milliseconds(to)} per request`;
  if (group.aspect === 'edge-gap')
    return `time on the way from ${name} to ${peer} rose from ${milliseconds(from)} to ${milliseconds(to)}`;
  if (group.aspect === 'call-time')
    return `calls from ${name} to ${peer} rose from ${milliseconds(from)} to ${milliseconds(to)}`;
  if (group.aspect === 'calls-per-request')
    return `calls from ${name} to ${peer} per request rose from ${Number(from.toPrecision(3))} to ${Number(to.toPrecision(3))}`;
  return `errors that begin at ${name}${peer === '' ? '' : ` calling ${peer}`} rose from ${Math.round(100 * from)} % to ${Math.round(100 * to)} % of its spans`;
}
