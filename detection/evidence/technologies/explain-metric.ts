import { inferMetric } from './infer-metric.ts';
import type { MetricHints } from './metric-hints.ts';
import type { MetricKnowledge } from './metric-knowledge.ts';
import { isCatchAll } from './metric-knowledge.ts';
import { lookUp } from './look-up.ts';

export interface ExplainOptions {
  /** Technologies whose tables are left out, to measure what inference alone is worth. */
  without?: (technology: string) => boolean;
}

/**
 * What is understood of a metric: by a table first, else by metadata, by the rules that use it, and by its name. What a row leaves open (a limit's partner
 * that is not there) is not filled by guesses. A type that the source itself tells wins over the table's. Never throws.
 */
export function explainMetric(metric: string, hints: MetricHints = {}, options: ExplainOptions = {}): MetricKnowledge {
  const row = lookUp(metric, options.without);
  if (row === undefined) return inferMetric(metric, hints);
  if (!isCatchAll(row)) return { ...row, metric };
  const { technology = '', owner } = row;
  const inferred = inferMetric(metric, hints);
  return { ...inferred, technology, owner: owner.kind === 'instance' ? inferred.owner : owner };
}
