import { z } from 'zod';

/** Statistics of a window. Skew and kurtosis are the population's (g1, and g2 without the 3 taken off is not used: a normal gives 0). */
export const windowStatistics = ['mean', 'std', 'min', 'max', 'sum', 'skew', 'kurtosis'] as const;
export type WindowStatistic = (typeof windowStatistics)[number];

/** Parts of the clock. `hour-sine` and `hour-cosine` put the hour on a circle, so that 23 and 0 are near. */
const timeParts = ['hour', 'hour-sine', 'hour-cosine', 'weekday', 'weekend', 'business-hours'] as const;
export type TimePart = (typeof timeParts)[number];

const of = z.union([z.literal('*'), z.array(z.string().min(1)).min(1)]);
const steps = z.array(z.int().min(1).max(60)).min(1);
const pairs = z.array(z.tuple([z.string(), z.string()])).min(1);

/** One kind of columns. `of` are names of the data's columns, `*` all of them. Steps are samples back, at most 60. */
const featureGroup = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('raw'), of }),
  z.strictObject({
    kind: z.literal('time'),
    parts: z.array(z.enum(timeParts)).min(1),
    timeZone: z.string().default('UTC'),
  }),
  z.strictObject({ kind: z.literal('window'), of, steps, statistics: z.array(z.enum(windowStatistics)).min(1) }),
  z.strictObject({ kind: z.literal('lag'), of, steps }),
  z.strictObject({ kind: z.literal('change'), of, steps }),
  z.strictObject({ kind: z.literal('departure'), of, steps }),
  z.strictObject({ kind: z.literal('interaction'), pairs }),
  z.strictObject({ kind: z.literal('ratio'), pairs }),
  z.strictObject({ kind: z.literal('count'), of, steps, above: z.number().default(0) }),
]);
export type FeatureGroup = z.infer<typeof featureGroup>;

/**
 * A declared set of features: what a model was trained on and what serving must compute. The name and version identify it; the
 * same declaration over the same columns gives the same features in the same order.
 */
export const featureSet = z.strictObject({
  name: z.string().regex(/^[a-z0-9-]+$/),
  version: z.int().min(1),
  groups: z.array(featureGroup).min(1),
});
export type FeatureSet = z.infer<typeof featureSet>;

const errorWords =
  /(^|[_.\-\s])(err(or)?s?|fail(ed|ures?)?|warn(ing)?s?|5xx|timeouts?|dropped|retr(y|ies)|exceptions?)($|[_.\-\s])/i;

/** At most so many columns come from the pairs of columns. */
const mostPairs = 12;

/**
 * The set for a host's metrics where nobody declared one: 300 to 700 columns from 8 to 40 metrics, fewer from fewer. The more
 * metrics, the coarser the windows, so that a wide host does not cost 2,000 columns. Counts are taken of columns whose name
 * speaks of errors or warnings.
 */
export function defaultFeatureSet(columns: readonly string[]): FeatureSet {
  const wide = columns.length > 16;
  const pairs: [string, string][] = [];
  for (let left = 0; left < columns.length && pairs.length < mostPairs; left += 1)
    for (let right = left + 1; right < columns.length && pairs.length < mostPairs; right += 1)
      pairs.push([columns[left]!, columns[right]!]);
  const counted = columns.filter((name) => errorWords.test(name));
  const groups: FeatureGroup[] = [
    { kind: 'raw', of: '*' },
    { kind: 'time', parts: [...timeParts], timeZone: 'UTC' },
    wide
      ? { kind: 'window', of: '*', steps: [10, 60], statistics: ['mean', 'std', 'max', 'skew'] }
      : { kind: 'window', of: '*', steps: [5, 15, 60], statistics: [...windowStatistics] },
    { kind: 'lag', of: '*', steps: wide ? [1, 60] : [1, 2, 5, 15, 60] },
    { kind: 'change', of: '*', steps: wide ? [1, 10] : [1, 5, 15] },
    { kind: 'departure', of: '*', steps: wide ? [10, 60] : [5, 15, 60] },
  ];
  if (pairs.length > 0) groups.push({ kind: 'interaction', pairs }, { kind: 'ratio', pairs });
  if (counted.length > 0) groups.push({ kind: 'count', of: counted, steps: [5, 15, 60], above: 0 });
  return { name: wide ? 'host-wide' : 'host', version: 1, groups };
}
