import type { EntityId } from '../../../domain/entity.ts';
import type { Sample, Series } from '../../../domain/signal.ts';
import { cacheResultOf, callResultOf } from './call-result.ts';
import type { MetricMeaning } from './classify-metric.ts';
import { cleanSamples, counterDeltas } from './counter-deltas.ts';
import type { Derived, Percentile } from './derived-series.ts';

/** Which part of a metric a series is. */
export type Part = 'level' | 'counter' | 'bucket' | 'sum' | 'count';

/** What is summed up of all series of one metric, entity and peer. */
export interface Family {
  entity: EntityId;
  peer?: EntityId;
  metric: string;
  meaning: MetricMeaning;
  seconds: Map<number, number>;
  count: Map<number, number>;
  sum: Map<number, number>;
  failed: Map<number, number>;
  judged: boolean;
  hits: Map<number, number>;
  judgedHits: boolean;
  buckets: Map<number, Map<number, number>>;
  reasons: Map<string, Sample[]>;
}

/** An empty family. */
export function newFamily(
  entity: EntityId,
  peer: EntityId | undefined,
  metric: string,
  meaning: MetricMeaning,
): Family {
  const maps = {
    seconds: new Map<number, number>(),
    count: new Map<number, number>(),
    sum: new Map<number, number>(),
    failed: new Map<number, number>(),
  };
  const family: Family = {
    entity,
    metric,
    meaning,
    ...maps,
    judged: false,
    hits: new Map(),
    judgedHits: false,
    buckets: new Map(),
    reasons: new Map(),
  };
  if (peer !== undefined) family.peer = peer;
  return family;
}

/** Adds one counted series to its family. */
export function addCounted(family: Family, series: Series, part: Part, reads: readonly number[]): void {
  const deltas = counterDeltas(cleanSamples(series.samples), reads);
  if (part === 'sum') return addAll(family.sum, deltas);
  if (part === 'bucket') return addAll(bucketOf(family, series.labels['le'] ?? ''), deltas);
  addAll(family.count, deltas);
  for (const [at, , seconds] of deltas) family.seconds.set(at, Math.max(family.seconds.get(at) ?? 0, seconds));
  if (family.meaning.role === 'cache') {
    const cached = cacheResultOf(series.labels);
    if (cached !== undefined) family.judgedHits = true;
    if (cached === 'hit') addAll(family.hits, deltas);
    return;
  }
  const result = callResultOf(series.labels);
  if (result === undefined) return;
  family.judged = true;
  if (!result.failed) return;
  addAll(family.failed, deltas);
  const grown = deltas.filter(([, growth]) => growth > 0).map(([at, growth]): Sample => [at, growth]);
  family.reasons.set(result.reason, [...(family.reasons.get(result.reason) ?? []), ...grown]);
}

function addAll(target: Map<number, number>, deltas: readonly (readonly [number, number, number])[]): void {
  for (const [at, growth] of deltas) target.set(at, (target.get(at) ?? 0) + growth);
}

function bucketOf(family: Family, bound: string): Map<number, number> {
  const le = bound === '+Inf' ? Number.POSITIVE_INFINITY : Number(bound);
  let bucket = family.buckets.get(le);
  if (bucket === undefined) family.buckets.set(le, (bucket = new Map()));
  return bucket;
}

type ValueAt = (at: number) => number | undefined;

/** What a family shows: rates, means, a percentile, error and hit ratios, as far as its labels and parts allow. */
export function familySeries(family: Family, percentile: Percentile): Derived[] {
  const { meaning } = family;
  const rate = rateOf(family, family.count);
  const made: (Derived | undefined)[] = [];
  if (family.sum.size > 0) {
    const timed = meaning.quantity === 'duration';
    made.push(derive(family, { aspect: 'mean', unit: timed ? 'seconds' : 'count' }, meanOf(family)));
    if (family.buckets.size > 1 && timed) {
      const buckets = [...family.buckets].sort(([left], [right]) => left - right);
      const scale = meaning.scale;
      made.push(
        derive(family, { aspect: `p${percentile}`, unit: 'seconds' }, (at) =>
          bucketQuantile(buckets, at, { share: percentile / 100, scale }),
        ),
      );
    }
    const counted = { latency: 'traffic', 'database-latency': 'database-work' } as const;
    if (meaning.role === 'latency' || meaning.role === 'database-latency') {
      made.push(
        derive(family, { aspect: 'rate', unit: 'per-second', role: counted[meaning.role], quantity: 'count' }, rate),
      );
    }
  } else {
    const unit = meaning.role === 'cpu' || meaning.role === 'host-cpu' ? 'cores' : 'per-second';
    const one = derive(family, { aspect: 'rate', unit }, rate);
    if (unit === 'cores') delete one?.weights;
    made.push(one);
  }
  if (family.judged) {
    const changes = { aspect: 'error-ratio', unit: 'ratio', role: 'errors', quantity: 'errors' } as const;
    made.push(derive(family, { ...changes, reasons: family.reasons }, shareOf(family, family.failed)));
  }
  if (family.judgedHits)
    made.push(derive(family, { aspect: 'hit-ratio', unit: 'ratio' }, shareOf(family, family.hits)));
  return made.filter((one) => one !== undefined);
}

function derive(
  family: Family,
  changes: Partial<Derived> & Pick<Derived, 'aspect' | 'unit'>,
  valueOf: ValueAt,
): Derived | undefined {
  const { meaning, peer } = family;
  const samples: Sample[] = [];
  const weights: number[] = [];
  for (const at of [...family.count.keys()].sort((left, right) => left - right)) {
    const value = valueOf(at);
    if (value === undefined || !Number.isFinite(value)) continue;
    samples.push([at, value]);
    weights.push(family.count.get(at) ?? 0);
  }
  if (samples.length === 0) return undefined;
  const called = peer !== undefined && ['traffic', 'latency', 'errors'].includes(meaning.role);
  const made: Derived = {
    entity: family.entity,
    role: meaning.role,
    side: called ? 'client' : meaning.side,
    metric: family.metric,
    quantity: meaning.quantity,
    labels: {},
    samples,
    weights,
    ...changes,
  };
  if (peer !== undefined) made.peer = peer;
  return made;
}

function rateOf(family: Family, map: Map<number, number>): ValueAt {
  return (at) => {
    const seconds = family.seconds.get(at) ?? 0;
    return seconds > 0 ? (map.get(at) ?? 0) / seconds : undefined;
  };
}

function shareOf(family: Family, part: Map<number, number>): ValueAt {
  return (at) => {
    const all = family.count.get(at) ?? 0;
    return all > 0 ? (part.get(at) ?? 0) / all : undefined;
  };
}

function meanOf(family: Family): ValueAt {
  return (at) => {
    const all = family.count.get(at) ?? 0;
    return all > 0 ? ((family.sum.get(at) ?? 0) / all) * family.meaning.scale : undefined;
  };
}

/** The quantile within one interval by linear interpolation inside its bucket, as PromQL's `histogram_quantile`; undefined without observations. */
function bucketQuantile(
  buckets: readonly (readonly [number, ReadonlyMap<number, number>])[],
  at: number,
  { share, scale }: { share: number; scale: number },
): number | undefined {
  const all = buckets.at(-1)?.[1].get(at) ?? 0;
  if (all <= 0) return undefined;
  const wanted = share * all;
  let low = 0;
  let below = 0;
  for (const [bound, counts] of buckets) {
    const upTo = counts.get(at) ?? 0;
    if (upTo >= wanted) {
      if (bound === Number.POSITIVE_INFINITY) return low * scale;
      return (low + ((bound - low) * (wanted - below)) / Math.max(1e-9, upTo - below)) * scale;
    }
    low = bound;
    below = upTo;
  }
  return low * scale;
}
