import type { EntityId } from '../../../domain/entity.ts';
import type { Series } from '../../../domain/signal.ts';
import { explainMetric } from '../technologies/explain-metric.ts';
import type { Facet, MetricKnowledge } from '../technologies/metric-knowledge.ts';
import type { KnownSeries, SeriesIndex } from './known-series.ts';
import { indexSeries } from './known-series.ts';
import { limitFor } from './limit-for.ts';
import { toneOf } from './tone-of.ts';
import { isTelling, valueOf } from './value-of.ts';
import type { Vital } from './vital.ts';

/** Whether a metric is worth reading at a glance, or is the limit of one that is. */
export function isVital(known: MetricKnowledge): boolean {
  return isTelling(known.facet) || known.facet === 'limit';
}

/**
 * What the newest samples say: levels against their limits (summed over what the limit does not tell apart), counters as rates over the window,
 * moments against `now`, states by name, hits as a share. Sums over labels that only split a count (state of a connection); parts that have an
 * owner of their own (a disk, a queue) stay apart. Readings that cannot be (used far beyond the limit, shares outside [0, 1]) are left out.
 * Worst first, then by how much the facet matters. Each metric is understood once. Cost linear in samples and series; a metric without a table also looks
 * once at the names of all others.
 */
export function readVitals(all: readonly Series[], now: number): Vital[] {
  const others = new Set(all.map(({ metric }) => metric));
  const understood = new Map<string, MetricKnowledge>();
  const understand = (series: Series): MetricKnowledge => {
    const key = `${series.metric}\u0000${series.type}\u0000${series.unit ?? ''}`;
    const before = understood.get(key);
    if (before !== undefined) return before;
    const found = explainMetric(series.metric, hintsOf(series, others));
    understood.set(key, found);
    return found;
  };
  const known = all.map((series): KnownSeries => ({ series, known: understand(series) }));
  const index = indexSeries(known);
  const groups = new Map<string, KnownSeries[]>();
  for (const one of known) {
    if (!isTelling(one.known.facet)) continue;
    const key = [one.series.entity, one.series.metric, ...Object.entries(partOf(one, index)).flat()].join('\u0000');
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  const vitals = [...groups.values()].flatMap((group) => vitalOf(group, index, now) ?? []);
  return withHitShares(vitals).sort(
    (left, right) => rankOf(right) - rankOf(left) || (keyOf(left) < keyOf(right) ? -1 : 1),
  );
}

function hintsOf({ type, unit }: Series, others: ReadonlySet<string>) {
  return { ...(type === 'unknown' ? {} : { type }), ...(unit === undefined ? {} : { unit }), others };
}

/** Labels that name a part with an owner or a limit of its own: those of its knowledge, and those that its limit has too. */
function partOf({ series, known }: KnownSeries, index: SeriesIndex): Record<string, string> {
  const partner = known.limit === undefined ? undefined : index.of(series.entity, known.limit.metric)[0];
  const names = [...known.owner.labels, ...(known.split === undefined ? [] : [known.split.label])];
  if (partner !== undefined)
    for (const name of Object.keys(partner.series.labels)) if (partner.series.labels[name] !== '') names.push(name);
  const part: Record<string, string> = {};
  for (const name of [...new Set(names)].sort()) {
    const value = series.labels[name];
    // Where it was scraped says nothing of a part.
    if (value !== undefined && value !== '' && !['instance', 'job', 'server', 'le', 'quantile'].includes(name))
      part[name] = value;
  }
  return part;
}

function vitalOf(group: readonly KnownSeries[], index: SeriesIndex, now: number): Vital | undefined {
  const [first] = group;
  if (first === undefined) return undefined;
  const { known, series } = first;
  const facet = facetOf(first);
  const read = valueOf(group, facet, now);
  if (read === undefined) return undefined;
  const limit = limitFor(first, read.value, index);
  if (limit === 'contradiction') return undefined;
  const labels = { ...partOf(first, index), ...read.labels };
  const value: Omit<Vital, 'tone'> = {
    entity: series.entity,
    subject: known.subject,
    facet,
    ...(known.technology === undefined ? {} : { technology: known.technology }),
    metrics: [series.metric, ...(limit === undefined ? [] : [limit.metric])],
    labels,
    value: read.value,
    ...(read.unit === undefined ? {} : { unit: read.unit }),
    ...(limit === undefined ? {} : { limit: limit.value, share: limit.share }),
    at: read.at,
    answers: facet === 'up' && (known.role === undefined || known.role.startsWith('availability')),
    known: known.source === 'table',
  };
  return { ...value, tone: toneOf(value, known.good) };
}

function facetOf({ known, series }: KnownSeries): Facet {
  const { split } = known;
  return (split === undefined ? undefined : split.facets[series.labels[split.label] ?? '']) ?? known.facet;
}

/** Hits and misses of one thing become its hit share. */
function withHitShares(vitals: readonly Vital[]): Vital[] {
  const shares: Vital[] = [];
  for (const hits of vitals.filter(({ facet }) => facet === 'hits')) {
    const misses = vitals.find(
      (one) =>
        one.facet === 'misses' && one.entity === hits.entity && one.subject === hits.subject && sameLabels(one, hits),
    );
    const total = hits.value + (misses?.value ?? 0);
    if (misses === undefined || total <= 0) continue;
    shares.push({
      ...hits,
      facet: 'hit-share',
      metrics: [...hits.metrics, ...misses.metrics],
      value: hits.value / total,
      unit: 'ratio',
      tone: 'plain',
    });
  }
  return [...vitals.filter(({ facet }) => facet !== 'hits' && facet !== 'misses'), ...shares];
}

function sameLabels(left: Vital, right: Vital): boolean {
  return JSON.stringify(left.labels) === JSON.stringify(right.labels);
}

const tones = { bad: 200, notable: 100, plain: 0 };
/** What a person looks at first. */
const order: readonly string[] = [
  'up',
  'alarm',
  'used',
  'left',
  'fill',
  'spare',
  'lag',
  'waiting',
  'errors',
  'duration',
  'flow',
  'hit-share',
  'restarts',
  'state',
  'age',
  'moment',
  'number',
  'info',
];

function rankOf({ tone, facet, share, known }: Vital): number {
  return (
    tones[tone] +
    (known ? 40 : 0) +
    (order.length - Math.max(0, order.indexOf(facet))) +
    10 * (share ?? 0) +
    (share === undefined ? 0 : 10)
  );
}

function keyOf({
  entity,
  metrics,
  labels,
}: {
  entity: EntityId;
  metrics: string[];
  labels: Record<string, string>;
}): string {
  return JSON.stringify([entity, metrics, labels]);
}
