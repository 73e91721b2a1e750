import { goodOf } from './good-direction.ts';
import { isPlural } from './facet-rule.ts';
import { facetOf } from './infer-facet.ts';
import { ownerOfName } from './infer-owner.ts';
import { isUnitWord, unitOfName } from './infer-unit.ts';
import { typeOfName } from './infer-type.ts';
import { partnerByName } from './infer-partner.ts';
import type { MetricHints } from './metric-hints.ts';
import type { Facet, KnowledgeSource, MetricKnowledge } from './metric-knowledge.ts';
import type { NameParts } from './name-parts.ts';
import { namePartsOf } from './name-parts.ts';
import { factsOfHelp } from './read-help.ts';

/**
 * What can be told of a metric that no table knows: by the metadata of its source, by the rules that use it, and by naming conventions. Says by which
 * (`source`). Never throws; linear in the name and the texts.
 */
export function inferMetric(metric: string, hints: MetricHints = {}): MetricKnowledge {
  const parts = namePartsOf(metric);
  const told = factsOfHelp(hints.help ?? '');
  const written = unitToldBy(hints) ?? unitOfName(parts) ?? told.unit;
  const type = typeOfName({ parts, hints, unit: written, told: told.type });
  const facet = facetOf({ ...parts, type, unit: written, hints });
  const knowledge: MetricKnowledge = {
    metric,
    type,
    facet,
    subject: subjectOf(parts),
    owner: ownerOfName(parts, hints),
    source: sourceOf(hints),
  };
  const [first] = parts.words;
  if (first !== undefined && parts.words.length > 1 && !parts.humped) knowledge.technology = first;
  const unit = ['up', 'alarm'].includes(facet) ? 'bool' : (written ?? unitByFacet(facet, parts));
  if (unit !== undefined) knowledge.unit = unit;
  const limit = partnerByName(metric, facet, hints);
  if (limit !== undefined) knowledge.limit = limit;
  // What an aspect says of itself holds, whatever a rule is about: memory left over may be a waste.
  const good = goodOf(facet, parts.words.join(' ')) ?? goodByUse(facet, hints);
  if (good !== undefined) knowledge.good = good;
  return knowledge;
}

/** What the source or the rules say of the unit: a moment is what is set against the clock. */
function unitToldBy({ unit, use }: MetricHints): string | undefined {
  if (use?.clocked === true) return 'timestamp';
  return unit === undefined || unit === '' ? undefined : (unitOfName(namePartsOf(unit)) ?? unit);
}

function sourceOf({ type, help, use }: MetricHints): KnowledgeSource {
  if (type !== undefined || help !== undefined) return 'metadata';
  return use === undefined ? 'name' : 'use';
}

const byFacet: Partial<Record<Facet, string>> = {
  up: 'bool',
  alarm: 'bool',
  'hit-share': 'ratio',
  fill: 'ratio',
  spare: 'ratio',
  moment: 'timestamp',
  lag: 'seconds',
};
const memory = ['memory', 'mem', 'heap', 'rss', 'ram', 'storage', 'disk', 'filesystem'];

/** Plurals that are no things to count. */
const generic = new Set(['metrics', 'events', 'stats', 'settings', 'limits', 'statistics', 'values']);

/** What is counted and no memory: slots of a heap, files of a file system. */
function isThing(word: string): boolean {
  return (isPlural(word) || word === 'files') && !generic.has(word);
}

/** Where no unit is written: what the facet is counted in, bytes of memory and disk, else the thing that is counted. */
function unitByFacet(facet: Facet, parts: NameParts): string | undefined {
  const known = byFacet[facet];
  if (facet === 'lag' && parts.has('consumergroup', 'partition', 'offset', 'messages')) return 'messages';
  if (known !== undefined) return known;
  if (facet === 'duration' || facet === 'age' || facet === 'time-spent')
    return /[a-z][A-Z]/.test(parts.base) ? 'milliseconds' : 'seconds';
  if (['used', 'left', 'limit', 'number'].includes(facet) && parts.has(...memory) && !parts.words.some(isThing))
    return 'bytes';
  if (facet === 'unknown' || facet === 'info' || facet === 'state') return undefined;
  if (parts.last === 'size' && !parts.has('queue', 'pool', 'cluster', 'batch', 'ring', 'backlog', 'replica', 'set'))
    return 'bytes';
  return parts.words.slice(parts.words.length > 1 ? 1 : 0).findLast(isThing) ?? 'count';
}

function goodByUse(facet: Facet, { use }: MetricHints): 'up' | 'down' | undefined {
  if (use === undefined || ['moment', 'info', 'state', 'setting', 'limit'].includes(facet)) return undefined;
  const sides = new Set(use.alarms);
  if (sides.size === 1) return sides.has('above') ? 'down' : 'up';
  return undefined;
}

/** The name without its first word where more remain, without units: what it is about, in words. */
function subjectOf({ words }: NameParts): string {
  const kept = words.slice(words.length > 2 ? 1 : 0).filter((word) => !isUnitWord(word));
  return (kept.length === 0 ? words : kept).join(' ').slice(0, 80);
}
