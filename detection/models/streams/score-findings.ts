import type { Finding } from '../../../domain/finding.ts';
import type { Derived } from '../../evidence/signals/derived-series.ts';
import { createDefaultEnsemble } from './default-ensemble.ts';

/** Fewer points before a span make no score that a person should read. */
export const leastLearned = 30;

/** What tells a series apart: the same for a derived series and for the findings about it. */
export function seriesKeyOf(derived: Pick<Derived, 'entity' | 'metric' | 'aspect' | 'peer' | 'labels'>): string {
  return keyText(derived.entity, derived.peer, [derived.metric, derived.aspect], derived.labels);
}

/** The key of the series that a metric finding is about. */
export function findingKeyOf({ entity, peer, signal, data }: Finding): string {
  return keyText(entity, peer, [signal.name, String(data?.['aspect'])], signal.labels ?? {});
}

function keyText(
  entity: string,
  peer: string | undefined,
  measure: readonly [metric: string, aspect: string],
  labels: Readonly<Record<string, string>>,
): string {
  const sorted = Object.entries(labels).toSorted(([left], [right]) => (left < right ? -1 : 1));
  return JSON.stringify([entity, peer ?? '', ...measure, sorted]);
}

/**
 * Adds to the data of each finding the stream score of its series: `score`, the highest of the default ensemble from `observedFrom` on (see
 * DefaultEnsemble.scoreOne), and `learned`, the points before. The observed stretch is not learned, so that a lasting fault stays abnormal. Findings whose
 * series is not there or has under 30 points before are left as they are. Cost: 4 microseconds a sample of the series that have findings.
 */
export function scoreFindings(
  findings: readonly Finding[],
  derived: readonly Derived[],
  observedFrom: number,
): Finding[] {
  const byKey = new Map(derived.map((one) => [seriesKeyOf(one), one]));
  const known = new Map<Derived, { score: number; learned: number } | undefined>();
  return findings.map((finding) => {
    const series = byKey.get(findingKeyOf(finding));
    if (series === undefined) return finding;
    if (!known.has(series)) known.set(series, scoreSpan(series, observedFrom));
    const found = known.get(series);
    return found === undefined ? finding : { ...finding, data: { ...finding.data, ...found } };
  });
}

function scoreSpan({ samples }: Derived, observedFrom: number): { score: number; learned: number } | undefined {
  const ensemble = createDefaultEnsemble();
  const point = new Float64Array(1);
  let learned = 0;
  let score = 0;
  for (const [at, value] of samples) {
    point[0] = value;
    if (at >= observedFrom) score = Math.max(score, ensemble.scoreOne(point, at));
    else {
      ensemble.learnOne(point, at);
      learned += 1;
    }
  }
  return learned < leastLearned ? undefined : { score, learned };
}
