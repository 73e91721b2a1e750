import type { MetricHints } from './metric-hints.ts';
import type { Facet, KnownType } from './metric-knowledge.ts';
import type { NameParts } from './name-parts.ts';

/** What a facet is told from: the name's parts, the type and unit so far, and hints. */
export interface FacetClues extends NameParts {
  type: KnownType;
  unit: string | undefined;
  hints: MetricHints;
}

/** When a facet fits. */
export type FacetRule = readonly [Facet, (clues: FacetClues) => boolean];

/** A plural by its look: what can be counted. */
export function isPlural(word: string): boolean {
  return (
    (word.length > 3 || ['ips', 'vms', 'fds'].includes(word)) &&
    word.endsWith('s') &&
    !/(ss|us|is|ous|status|stats|bus)$/.test(word)
  );
}
