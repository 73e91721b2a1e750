import type { EntityId } from '../../../domain/entity.ts';
import type { Sample, Series } from '../../../domain/signal.ts';
import type { MetricMeaning } from './classify-metric.ts';
import { classifyMetric } from './classify-metric.ts';
import { lookUp } from '../technologies/look-up.ts';
import { wordsOf } from '../technologies/words-of.ts';
import { cleanSamples, readTimes } from './counter-deltas.ts';
import type { Aspect, Derived, Percentile, Unit } from './derived-series.ts';
import { peerOf, resolverOf } from './peer-of.ts';
import type { Facet } from '../technologies/metric-knowledge.ts';
import type { Quantity } from './metric-quantity.ts';
import type { Family, Part } from './series-family.ts';
import { addCounted, familySeries, newFamily } from './series-family.ts';
import { createSubjects } from './subject-of.ts';

const skippedModes = /^(idle|iowait|steal|guest|guest_nice)$/;
const noisyQuantile = /^(0?\.9|0?\.75|0?\.25|0|1|0?\.999)$/;

/**
 * Turns raw series into series that can be judged: counters into rates per second, histograms into mean and a percentile (the 95th by default), status
 * labels into error ratios, result labels into hit ratios; everything else as it is. Sums over labels that are not a peer, so that the number of
 * series (and of chances for a false alarm) stays small. Cost linear in samples.
 */
export function deriveSeries(
  series: readonly Series[],
  { percentile = 95 }: { percentile?: Percentile } = {},
): Derived[] {
  const reads = readTimes(series);
  const known = resolverOf(reads.keys());
  const names = new Set(series.map(({ metric }) => metric));
  const meanings = new Map<string, MetricMeaning>();
  const meaningOf = (metric: string, unit?: string): MetricMeaning => {
    let meaning = meanings.get(metric);
    if (meaning === undefined) meanings.set(metric, (meaning = classifyMetric(metric, unit)));
    return meaning;
  };
  const subjectOf = createSubjects(series, known);
  const families = new Map<string, Family>();
  const derived: Derived[] = [];
  for (const one of series) {
    const { base, part } = partOf(one, names);
    const meaning = meaningOf(base, one.unit);
    if (meaning.role === 'other' || (meaning.quantity === 'statistic' && meaning.role !== 'host-cpu')) continue;
    const entity = subjectOf(one, meaning);
    if (meaning.quantity === 'scan' && Object.values(one.labels).includes('index')) continue;
    const found = entity === one.entity ? peerOf(one.labels, known) : undefined;
    const peer = found === entity ? undefined : found;
    if (part === 'level') {
      derived.push(...levelOf({ ...one, entity }, meaning, { peer, percentile }));
      continue;
    }
    // Time that was not used, counted.
    if (meaning.quantity === 'free') continue;
    if (meaning.role === 'host-cpu' && skippedModes.test(one.labels['mode'] ?? '')) continue;
    const key = `${entity}|${base}|${peer ?? ''}`;
    let family = families.get(key);
    if (family === undefined) families.set(key, (family = newFamily(entity, peer, base, meaning)));
    addCounted(family, one, part, reads.get(one.entity) ?? []);
  }
  for (const family of families.values()) derived.push(...familySeries(family, percentile));
  return derived;
}

function partOf(series: Series, names: ReadonlySet<string>): { base: string; part: Part } {
  const { metric } = series;
  if (metric.endsWith('_bucket') && series.labels['le'] !== undefined)
    return { base: metric.slice(0, -7), part: 'bucket' };
  if (metric.endsWith('_sum') && names.has(`${metric.slice(0, -4)}_count`))
    return { base: metric.slice(0, -4), part: 'sum' };
  if (metric.endsWith('_count') && names.has(`${metric.slice(0, -6)}_sum`))
    return { base: metric.slice(0, -6), part: 'count' };
  // Where the exposer gives no type, its technology's table does, be it by a row for all names of a kind.
  const untyped = series.type === 'unknown' && (metric.endsWith('_total') || lookUp(metric)?.type === 'counter');
  const counted = series.type === 'counter' || untyped;
  return { base: metric, part: counted ? 'counter' : 'level' };
}

/** A quantile of a summary that is too noisy to be judged, unless it is the one that is asked for. */
function isNoisy({ labels }: Series, percentile: Percentile): boolean {
  const quantile = labels['quantile'] ?? '';
  return noisyQuantile.test(quantile) && Number(quantile) !== percentile / 100;
}

function levelOf(
  series: Series,
  meaning: MetricMeaning,
  { peer, percentile }: { peer: EntityId | undefined; percentile: Percentile },
): Derived[] {
  if (isNoisy(series, percentile)) return [];
  const quantity = quantityOf(series, meaning);
  if (quantity === 'statistic' && meaning.role !== 'host-cpu') return [];
  const words = wordsOf(series.metric);
  const { aspect, unit } = levelAspect(meaning, quantity, { words, unit: series.unit });
  if (aspect === undefined) return [];
  // A share is told as 0 to 1 or as 0 to 100; what goes well beyond one is the latter.
  const inPercent =
    words.some((word) => ['percent', 'pct', 'percentage'].includes(word)) ||
    series.unit === 'Percent' ||
    meaning.known?.unit === 'percent';
  const percent = unit === 'ratio' && inPercent && series.samples.some(([, value]) => value > 1.5) ? 0.01 : 1;
  const samples = cleanSamples(series.samples).map(([at, value]): Sample => [
    at,
    value * (unit === 'seconds' ? meaning.scale : unit === 'ratio' ? percent : 1),
  ]);
  const one: Derived = {
    entity: series.entity,
    role: meaning.role,
    aspect,
    side: peer === undefined ? meaning.side : 'client',
    metric: series.metric,
    quantity,
    labels: series.labels,
    unit,
    samples,
  };
  if (peer !== undefined) one.peer = peer;
  if (meaning.known?.limit !== undefined) one.limit = meaning.known.limit;
  return samples.length === 0 ? [] : [one];
}

const ofFacet: Partial<Record<Facet, Quantity>> = {
  used: 'used',
  fill: 'used',
  left: 'free',
  waiting: 'pending',
  errors: 'errors',
};

/** What a level counts: by the label whose values a table tells apart, by the state of a pool's connections, else by its metric. */
function quantityOf({ labels }: Series, { role, quantity, known }: MetricMeaning): Quantity {
  const part = known?.split === undefined ? undefined : labels[known.split.label];
  if (part !== undefined) return ofFacet[known?.split?.facets[part] ?? 'inner'] ?? 'statistic';
  const state = labels['state'] ?? '';
  // A table that says what the whole metric is speaks of all its states.
  if (role !== 'pool' || state === '' || known !== undefined) return quantity;
  return /idle|free|available/.test(state) ? 'free' : /wait|pend/.test(state) ? 'pending' : 'used';
}

const quantityAspects: Readonly<Record<string, Aspect>> = {
  'start-time': 'start-time',
  max: 'capacity',
  free: 'left',
  indexes: 'capacity',
  consumers: 'capacity',
  pending: 'pending',
  'in-flight': 'in-flight',
  age: 'age',
  duration: 'mean',
};

function levelAspect(
  meaning: MetricMeaning,
  quantity: string,
  named: { words: readonly string[]; unit: string | undefined },
): { aspect?: Aspect; unit: Unit } {
  const { words } = named;
  if (meaning.known?.facet === 'fill' && meaning.role !== 'cpu') return { aspect: 'saturation', unit: 'ratio' };
  const ready = readyMade(meaning, quantity, words);
  if (ready !== undefined) return ready;
  const unit =
    meaning.known?.unit === 'bytes' ? 'bytes' : quantity === 'free' ? leftUnit(named) : levelUnit(quantity, words);
  if (meaning.role === 'availability') return { aspect: 'up', unit: 'count' };
  if (meaning.role === 'event-loop') return { ...lagAspect(quantity, words), unit };
  return { aspect: quantityAspects[quantity] ?? 'level', unit };
}

/** Gauges that a monitoring system has already made into a rate, a share or a level of use. */
function readyMade(
  { role }: MetricMeaning,
  quantity: string,
  words: readonly string[],
): { aspect: Aspect; unit: Unit } | undefined {
  const perTime =
    words.some((word) => ['rps', 'qps', 'tps'].includes(word)) ||
    (words.includes('per') && words.some((word) => ['s', 'sec', 'second', 'min', 'minute'].includes(word)));
  const share = words.some((word) => ['ratio', 'percent', 'pct', 'percentage', 'rate', 'share'].includes(word));
  if (role === 'errors' && quantity === 'errors') {
    if (perTime) return { aspect: 'rate', unit: 'per-second' };
    return share ? { aspect: 'error-ratio', unit: 'ratio' } : undefined;
  }
  if (role === 'traffic' && quantity === 'count' && perTime) return { aspect: 'rate', unit: 'per-second' };
  if (role === 'disk' && quantity === 'used' && (share || words.includes('utilization')))
    return { aspect: 'saturation', unit: 'ratio' };
  if (role === 'cpu' && quantity === 'used')
    return { aspect: 'rate', unit: words.includes('cores') ? 'cores' : 'ratio' };
  return undefined;
}

function levelUnit(quantity: string, words: readonly string[]): Unit {
  if (words.includes('bytes')) return 'bytes';
  if (['ratio', 'percent', 'pct', 'percentage', 'utilization'].some((word) => words.includes(word))) return 'ratio';
  return ['duration', 'age', 'start-time'].includes(quantity) ? 'seconds' : 'count';
}

/** By the name, else by the unit that the source tells: bytes, percent, or a bare number. */
function leftUnit({ words, unit }: { words: readonly string[]; unit: string | undefined }): Unit {
  if (/^bytes$/i.test(unit ?? '')) return 'bytes';
  return unit === 'Percent' ? 'ratio' : levelUnit('free', words);
}

function lagAspect(quantity: string, words: readonly string[]): { aspect?: Aspect } {
  if (quantity !== 'duration' || words.includes('p90')) return {};
  if (words.includes('max')) return { aspect: 'lag-max' };
  return { aspect: words.includes('p50') || words.includes('mean') ? 'lag-p50' : 'lag-p99' };
}
