import type { MetricKnowledge } from './metric-knowledge.ts';
import { readRow } from './read-row.ts';

/** What is known of the metrics of one technology. */
export interface Technology {
  name: string;
  /** Exact names. */
  exact: ReadonlyMap<string, MetricKnowledge>;
  /** Names with `*`: what comes before the first one, and the row, the longest first. */
  patterns: readonly { before: string; pieces: readonly string[]; row: MetricKnowledge }[];
}

/**
 * Reads a table: one row a line (`readRow`), `#` a comment, a line `@kind(label,label)` whose metrics the rows below it are, until the next
 * (`@` alone: the instance's again). Throws on a malformed row: a table is part of the product.
 */
export function technology(name: string, text: string): Technology {
  const exact = new Map<string, MetricKnowledge>();
  const patterns: { before: string; pieces: string[]; row: MetricKnowledge }[] = [];
  let owner = '@instance(instance)';
  for (const raw of text.split('\n')) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    if (line.startsWith('@')) {
      owner = line === '@' ? '@instance(instance)' : line;
      continue;
    }
    for (const row of readRow(line, { technology: name, owner })) {
      if (!row.metric.includes('*')) {
        if (!exact.has(row.metric)) exact.set(row.metric, row);
        continue;
      }
      // A name with dots is looked up as Prometheus writes it.
      const [before = '', ...pieces] = row.metric.replaceAll('.', '_').split('*');
      patterns.push({ before, pieces, row });
    }
  }
  patterns.sort((left, right) => right.row.metric.length - left.row.metric.length);
  return { name, exact, patterns };
}
