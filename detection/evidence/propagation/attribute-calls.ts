import type { EntityId, Topology } from '../../../domain/entity.ts';
import { entityKindOf, entityNameOf } from '../../../domain/entity.ts';
import type { Finding } from '../../../domain/finding.ts';
import type { Sample } from '../../../domain/signal.ts';
import { isoOf } from '../../../infra/runtime/clock.ts';
import type { Derived } from '../signals/derived-series.ts';
import type { Windows } from '../signals/detect-anomalies.ts';
import { spansOf } from '../signals/detect-anomalies.ts';
import { formatValue } from '../signals/describe-shift.ts';
import type { Shift } from '../signals/shift.ts';
import { judgeShift } from '../signals/judge-shift.ts';
import { makeFinding } from '../signals/make-finding.ts';
import { sampleStepOf } from './sample-step.ts';

/** What an entity serves: time per call or share of failed calls, with the calls behind each sample. */
type Served = Derived & { weights: number[] };

/** Edges along which one waits for the other. */
const waitingEdges = new Set(['calls', 'reads', 'writes', 'routes-to', 'publishes']);

/**
 * Where the call graph says that time and errors arise when all that is known of a node is what it serves: from its time per call (and its
 * share of failed calls) is taken what the excess of those it calls can account for at most, as totals over each interval; what still departs
 * from the baseline began in the node itself. Takes too much rather than too little where a callee serves several callers, so a node that
 * remains is sure to add something. Views of a call (endpoints, external parties) and callers whose client-side metrics tell the share of
 * each callee themselves are left out. Cost linear in samples times edges.
 */
export function attributeCalls(derived: readonly Derived[], topology: Topology, windows: Windows): Finding[] {
  const spans = spansOf(windows);
  const tellsOfCallees = new Set(
    derived.filter(({ peer, role }) => peer !== undefined && role === 'latency').map(({ entity }) => entity),
  );
  const callees = new Map<EntityId, Set<EntityId>>();
  for (const { from, to, kind } of topology.edges)
    if (waitingEdges.has(kind)) callees.set(from, (callees.get(from) ?? new Set()).add(to));
  const found: Finding[] = [];
  for (const measure of ['latency', 'errors'] as const) {
    const served = servedBy(derived, measure);
    const excesses = new Map<EntityId, Map<number, number>>();
    for (const [entity, one] of served) {
      const shift = judgeShift(one, spans);
      if (shift?.direction === 'up') excesses.set(entity, excessOf(one, shift));
    }
    for (const entity of excesses.keys()) {
      const one = served.get(entity);
      if (one === undefined || tellsOfCallees.has(entity) || ['endpoint', 'external'].includes(entityKindOf(entity)))
        continue;
      const own = withoutCallees(
        one,
        [...(callees.get(entity) ?? [])].flatMap((callee) => excesses.get(callee) ?? []),
      );
      const shift = judgeShift(own, spans);
      if (shift?.direction === 'up') found.push(findingOf(own, shift, measure));
    }
  }
  return found;
}

function servedBy(derived: readonly Derived[], measure: 'latency' | 'errors'): Map<EntityId, Served> {
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

/** Total excess over the baseline at each time: seconds, or failed calls. */
function excessOf({ samples, weights }: Served, { effect }: Shift): Map<number, number> {
  return new Map(
    samples.map(([at, value], index) => [at, Math.max(0, value - effect.baseline) * (weights[index] ?? 0)]),
  );
}

function withoutCallees(one: Served, excesses: readonly ReadonlyMap<number, number>[]): Served {
  const samples = one.samples.map(([at, value], index): Sample => {
    const calls = one.weights[index] ?? 0;
    const elsewhere = excesses.reduce((total, excess) => total + (excess.get(at) ?? 0), 0);
    return [at, calls > 0 ? Math.max(0, value - elsewhere / calls) : value];
  });
  return { ...one, samples };
}

function findingOf(own: Derived, shift: Shift, measure: 'latency' | 'errors'): Finding {
  const [from, to] = [formatValue(shift.effect.baseline, own.unit), formatValue(shift.effect.observed, own.unit)];
  const name = entityNameOf(own.entity);
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
    ...(shift.endMs === undefined ? {} : { end: isoOf(shift.endMs) }),
    effect: shift.effect,
    severity: shift.severity,
    data: {
      aspect: measure === 'latency' ? 'self-time' : 'error-origin',
      side: 'server',
      unit: own.unit,
      ...sampleStepOf(own.samples),
    },
  });
}
