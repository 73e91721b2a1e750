import type { Sample, Series } from '../../domain/signal.ts';
import { cleanSamples, counterDeltas } from '../../detection/evidence/signals/counter-deltas.ts';
import type { Derived, Percentile } from '../../detection/evidence/signals/derived-series.ts';
import { deriveSeries } from '../../detection/evidence/signals/derive-series.ts';

const percentiles: readonly Percentile[] = [50, 90, 95, 99];

/**
 * Raw series in the form people read: rates per second, means and 95th percentiles in seconds, ratios (by `deriveSeries` of the engine).
 * Series that the naming convention does not know stay as they are, their counters as rates. `form` auto keeps all, another form only its
 * own, a percentile as well from a summary that has it; `roles` keeps only these roles. The metric of a derived series is `name:form`; the label `peer` names the other end of a call.
 */
export function readableSeries(raw: readonly Series[], form: string, roles: readonly string[]): Series[] {
  const percentile = percentiles.find((one) => form === `p${one}`);
  const known = deriveSeries(raw, percentile === undefined ? {} : { percentile });
  // A summary tells its percentiles itself, each as a series of its own.
  const isTold = ({ labels }: Derived): boolean =>
    percentile !== undefined && Number(labels['quantile']) === percentile / 100;
  const derived = known.filter(
    (one) =>
      (roles.length === 0 || roles.includes(one.role)) && (form === 'auto' || one.aspect === form || isTold(one)),
  );
  const readable = derived.map((one): Series => ({
    metric: `${one.metric}:${isTold(one) ? form : one.aspect}`,
    type: 'gauge',
    entity: one.entity,
    labels: { ...one.labels, ...(one.peer === undefined ? {} : { peer: one.peer }) },
    unit: one.unit,
    samples: [...one.samples],
  }));
  if (roles.length > 0 || (form !== 'auto' && form !== 'rate')) return readable;
  return [...readable, ...unknownSeries(raw, form, known)];
}

/** The series that the naming convention does not know, of what `derived` was made of: as they are, counters as rates (`name:rate`). */
export function unknownSeries(raw: readonly Series[], form: string, derived: readonly Derived[]): Series[] {
  const known = new Set(derived.map(({ metric }) => metric));
  const isKnown = (metric: string): boolean =>
    known.has(metric) || known.has(metric.replace(/_(bucket|sum|count)$/, ''));
  return raw.flatMap((item) => {
    if (isKnown(item.metric) || item.metric.endsWith('_bucket')) return [];
    const counted = item.type === 'counter' || item.metric.endsWith('_total');
    if (!counted) return form === 'rate' ? [] : [{ ...item, samples: [...cleanSamples(item.samples)] }];
    const samples = counterDeltas(cleanSamples(item.samples), []).flatMap(([at, growth, seconds]): Sample[] =>
      seconds > 0 ? [[at, growth / seconds]] : [],
    );
    return samples.length === 0 ? [] : [{ ...item, metric: `${item.metric}:rate`, type: 'gauge', samples }];
  });
}
