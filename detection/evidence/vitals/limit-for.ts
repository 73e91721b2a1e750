import type { KnownSeries, SeriesIndex } from './known-series.ts';
import { latestOf } from './latest-of.ts';

/** So much over its limit is no use but a misreading. */
const mostOver = 1.5;
/** Limits above this stand for none (the largest number of a machine word). */
const noLimit = 1e15;

/**
 * The limit that a use is against, by its partner's newest value at the same entity with no label that says otherwise; `contradiction` where the
 * pair cannot be (far more used than there is). Undefined without a partner.
 */
export function limitFor(
  { series, known }: KnownSeries,
  value: number,
  index: SeriesIndex,
): { metric: string; value: number; share: number } | 'contradiction' | undefined {
  const { limit } = known;
  if (limit === undefined || limit.how === 'now' || limit.how === 'used') return undefined;
  const partners = index.of(series.entity, limit.metric).filter((one) => agrees(series.labels, one.series.labels));
  const partner = partners.flatMap((one) => latestOf(one.series) ?? []).reduce((total, one) => total + one.value, 0);
  if (partners.length === 0 || partner <= 0 || partner > noLimit) return undefined;
  if (limit.how === 'rest') return { metric: limit.metric, value: value + partner, share: value / (value + partner) };
  const share = limit.how === 'total' ? 1 - value / partner : value / partner;
  if (share > mostOver || share < -0.01) return 'contradiction';
  return { metric: limit.metric, value: partner, share: Math.max(0, share) };
}

/** Whether two series speak of one part: no label that both have differs, scrape labels included. */
function agrees(left: Readonly<Record<string, string>>, right: Readonly<Record<string, string>>): boolean {
  return Object.entries(left).every(([name, value]) => right[name] === undefined || right[name] === value);
}
