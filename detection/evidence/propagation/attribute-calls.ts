import type { EntityId, Topology } from '../../../domain/entity.ts';
import { entityKindOf, entityNameOf } from '../../../domain/entity.ts';
import type { Finding } from '../../../domain/finding.ts';
import type { Sample } from '../../../domain/signal.ts';
import { isoOf } from '../../../infra/runtime/clock.ts';
import type { Derived } from '../signals/derived-series.ts';
import type { Windows } from '../signals/detect-anomalies.ts';
import { spansOf } from '../signals/detect-anomalies.ts';
import { describeShift, formatValue } from '../signals/describe-shift.ts';
import type { Shift, Spans } from '../signals/shift.ts';
import type { JudgedLimit } from '../signals/judge-shift.ts';
import { judgeShift } from '../signals/judge-shift.ts';
import { makeFinding, roundTo } from '../signals/make-finding.ts';
import { clamp, median } from '../signals/robust-statistics.ts';
import type { ShiftLimit } from '../signals/shift-limits.ts';
import { sampleStepOf } from './sample-step.ts';

/** What an entity serves: time per call or share of failed calls, with the calls behind each sample. */
type Served = Derived & { weights: number[] };
type Measure = 'latency' | 'errors';

/** A departure of what an entity serves, and its total excess over the baseline at each time: seconds, or failed calls. */
interface Departed {
  served: Served;
  shift: Shift;
  excess: ReadonlyMap<number, number>;
  total: number;
}

/** Edges along which one waits for the other. */
const waitingEdges = new Set(['calls', 'reads', 'writes', 'routes-to', 'publishes']);

/**
 * Along a call graph a small change of one node may be all of another's, so that the size of a departure says little there, and its share of
 * the symptom much: what is sure is followed, however small.
 */
const sensitive: Readonly<Record<Measure, ShiftLimit>> = {
  latency: {
    relativeFloor: 0.08,
    absoluteFloor: 0.0005,
    leastChange: 0.001,
    leastRatio: 1.1,
    direction: 'up',
    importance: 0.9,
  },
  errors: {
    relativeFloor: 0.2,
    absoluteFloor: 0.005,
    leastChange: 0.003,
    leastRatio: 1.3,
    direction: 'up',
    importance: 0.95,
  },
};

const faint: Readonly<Record<Measure, JudgedLimit>> = {
  latency: { ...sensitive.latency, leastSureness: 2 },
  errors: { ...sensitive.errors, leastSureness: 2 },
};

/** The least share of the symptom that is told. */
const leastShare = 0.1;
/** Departures from this severity on are told by themselves. */
const leastTold = 0.15;
/** What a departure counts that nobody who waits for it shows. */
const unfelt = 0.3;

/**
 * Where the call graph says that time and errors arise when all that is known of a node is what it serves: from its time per call (and its
 * share of failed calls) is taken what the excess of those it calls can account for at most, as totals over each interval; what still departs
 * from the baseline began in the node itself. Takes too much rather than too little where a callee serves several callers, so a node that
 * remains is sure to add something. How much it matters is its share of the symptom: its own total over that of the most affected node which
 * waits for it, less where those who wait show nothing. Departures of what is served that are too small to be told by themselves are told too, as mild ones: where one is complained of,
 * it is the symptom. Views of a call (endpoints, external parties) and callers whose client-side metrics tell the share of each callee
 * themselves are left out. Cost linear in samples times edges.
 */
export function attributeCalls(derived: readonly Derived[], topology: Topology, windows: Windows): Finding[] {
  const spans = spansOf(windows);
  const tellsOfCallees = new Set(
    derived.filter(({ peer, role }) => peer !== undefined && role === 'latency').map(({ entity }) => entity),
  );
  const seen = { derived, spans, tellsOfCallees, neighbours: neighboursOf(topology) };
  return (['latency', 'errors'] as const).flatMap((measure) => {
    const found = attribute(seen, measure, sensitive[measure]);
    // Where nothing departs surely, what departs least unsurely is told as what it is: somebody may be complaining.
    if (found.length > 0) return found;
    return attribute(seen, measure, faint[measure]).map((finding) => ({
      ...finding,
      ...faintOf(finding),
    }));
  });
}

interface Seen {
  derived: readonly Derived[];
  spans: Spans;
  tellsOfCallees: ReadonlySet<EntityId>;
  neighbours: Record<'callees' | 'callers', Map<EntityId, Set<EntityId>>>;
}

function attribute(seen: Seen, measure: Measure, limit: JudgedLimit): Finding[] {
  const { derived, spans, tellsOfCallees, neighbours } = seen;
  const { callees, callers } = neighbours;
  const found: Finding[] = [];
  const departed = new Map<EntityId, Departed>();
  const measured = servedBy(derived, measure);
  for (const [entity, served] of measured) {
    const shift = judgeShift(served, spans, limit);
    if (shift !== undefined) departed.set(entity, departedOf(served, shift, spans.observed));
  }
  for (const [entity, one] of departed) {
    if (tellsOfCallees.has(entity) || ['endpoint', 'external'].includes(entityKindOf(entity))) continue;
    if ((judgeShift(one.served, spans)?.severity ?? 0) < leastTold) found.push(mildFinding(one));
    const below = [...(callees.get(entity) ?? [])].flatMap((callee) => departed.get(callee)?.excess ?? []);
    const own = withoutCallees(one.served, below);
    const shift = below.length === 0 ? one.shift : judgeShift(own, spans, limit);
    if (shift === undefined) continue;
    const total = departedOf(own, shift, spans.observed).total;
    const share = total / symptomOf(entity, total, { measured, callers, spans });
    if (share >= leastShare) found.push(findingOf(own, shift, { measure, share: Math.min(1, share) }));
  }
  return found;
}

/** An unsure departure: less severe than any sure one, so that it is no symptom by itself. */
function faintOf({ severity, data }: Finding): Pick<Finding, 'severity' | 'data'> {
  return { severity: roundTo(Math.min(0.28, 0.4 * severity), 3), data: { ...data, faint: true } };
}

function neighboursOf(topology: Topology): Record<'callees' | 'callers', Map<EntityId, Set<EntityId>>> {
  const callees = new Map<EntityId, Set<EntityId>>();
  const callers = new Map<EntityId, Set<EntityId>>();
  for (const { from, to, kind } of topology.edges) {
    if (!waitingEdges.has(kind)) continue;
    callees.set(from, (callees.get(from) ?? new Set()).add(to));
    callers.set(to, (callers.get(to) ?? new Set()).add(from));
  }
  return { callees, callers };
}

function servedBy(derived: readonly Derived[], measure: Measure): Map<EntityId, Served> {
  const served = new Map<EntityId, Served>();
  for (const one of derived) {
    const fits =
      measure === 'latency'
        ? ['latency', 'database-latency'].includes(one.role) && one.aspect === 'mean'
        : one.aspect === 'error-ratio';
    if (!fits || one.peer !== undefined || one.side !== 'server' || one.weights === undefined || served.has(one.entity))
      continue;
    served.set(one.entity, { ...one, weights: one.weights });
  }
  return served;
}

function departedOf(served: Served, shift: Shift, [from, to]: readonly [number, number]): Departed {
  const excess = new Map(
    served.samples.map(([at, value], index) => [
      at,
      Math.max(0, value - shift.effect.baseline) * (served.weights[index] ?? 0),
    ]),
  );
  let total = 0;
  for (const [at, value] of excess) if (at >= from && at < to) total += value;
  return { served, shift, excess, total };
}

/**
 * The symptom that an own total is set against: the largest total excess among it and all that wait for it, directly or not. Where those who wait
 * directly show little of it, it is taken for so much the larger: what nobody feels is no great share of anything.
 */
function symptomOf(
  entity: EntityId,
  own: number,
  seen: {
    measured: ReadonlyMap<EntityId, Served>;
    callers: ReadonlyMap<EntityId, ReadonlySet<EntityId>>;
    spans: Spans;
  },
): number {
  const { measured, callers, spans } = seen;
  const totalOf = (one: EntityId): number[] => {
    const served = measured.get(one);
    return served === undefined ? [] : [netExcess(served, spans)];
  };
  const reached = new Set([entity]);
  for (const at of reached) for (const caller of callers.get(at) ?? []) reached.add(caller);
  reached.delete(entity);
  const direct = [...(callers.get(entity) ?? [])].flatMap(totalOf);
  const felt = direct.length === 0 ? 1 : clamp(Math.max(...direct) / Math.max(own, 1e-9), unfelt, 1);
  return Math.max(own, ...[...reached].flatMap(totalOf), 1e-9) / felt;
}

/** The total by which a node exceeds its usual level in the observed span, what is below it taken off; the level that leaves less counts. */
function netExcess({ samples, weights }: Served, { baseline, observed, own }: Spans): number {
  const within = (from: number, to: number): number[] =>
    samples.flatMap(([at, value]) => (at >= from && at < to ? [value] : []));
  const history = median(within(baseline[0], own ?? baseline[1]));
  const quiet = own === undefined ? [] : within(own, observed[1]).toSorted((left, right) => left - right);
  const usual = Math.max(history, quiet.length === 0 ? history : median(quiet.slice(0, Math.ceil(quiet.length / 3))));
  let total = 0;
  for (const [index, [at, value]] of samples.entries())
    if (at >= observed[0] && at < observed[1]) total += (value - usual) * (weights[index] ?? 0);
  return Number.isFinite(total) ? total : 0;
}

function withoutCallees(one: Served, excesses: readonly ReadonlyMap<number, number>[]): Served {
  const samples = one.samples.map(([at, value], index): Sample => {
    const calls = one.weights[index] ?? 0;
    const elsewhere = excesses.reduce((total, excess) => total + (excess.get(at) ?? 0), 0);
    return [at, calls > 0 ? Math.max(0, value - elsewhere / calls) : value];
  });
  return { ...one, samples };
}

function mildFinding({ served, shift }: Departed): Finding {
  return makeFinding({
    kind: 'anomaly',
    entity: served.entity,
    signal: { type: 'metric', role: served.role, name: served.metric },
    statement: describeShift(served, shift),
    direction: 'up',
    onset: isoOf(shift.onsetMs),
    ...(shift.endMs === undefined ? {} : { end: isoOf(shift.endMs) }),
    effect: shift.effect,
    severity: clamp(0.5 * shift.severity, 0.2, 0.29),
    data: {
      aspect: served.aspect,
      side: served.side,
      unit: served.unit,
      ...sampleStepOf(served.samples),
    },
  });
}

function findingOf(own: Derived, shift: Shift, { measure, share }: { measure: Measure; share: number }): Finding {
  const [from, to] = [formatValue(shift.effect.baseline, own.unit), formatValue(shift.effect.observed, own.unit)];
  const name = entityNameOf(own.entity);
  const certainty = clamp(Math.log2(Math.max(1, Math.abs(shift.effect.size)) / 1.5) / 3, 0, 1);
  return makeFinding({
    kind: 'anomaly',
    entity: own.entity,
    signal: { type: 'metric', role: measure, name: own.metric },
    statement:
      measure === 'latency'
        ? `time that nothing called by ${name} accounts for rose from ${from} to ${to} per call`
        : `failures that nothing called by ${name} accounts for rose from ${from} to ${to} of its calls`,
    direction: 'up',
    onset: isoOf(shift.onsetMs),
    ...(shift.endMs === undefined ? {} : { until: isoOf(shift.endMs) }),
    effect: shift.effect,
    severity: sensitive[measure].importance * (0.1 + 0.25 * certainty + 0.65 * share),
    data: {
      aspect: measure === 'latency' ? 'self-time' : 'error-origin',
      side: 'server',
      unit: own.unit,
      share: Math.round(100 * share) / 100,
      ...sampleStepOf(own.samples),
    },
  });
}
