import type { MetricKnowledge } from '../../../detection/evidence/technologies/metric-knowledge.ts';

const parts = new Set(['histogram', 'summary']);
const counted =
  /^(seconds|milliseconds|microseconds|nanoseconds|minutes|hours|days|bytes|KiB|MiB|GiB|ratio|percent|bool|timestamp|celsius|volts|amperes|watts|joules|hertz|rpm|dollars)$/;
/** Facets that say the same of a metric: how much there is, whether or not it has a limit; a state of two. */
const same: Readonly<Record<string, string>> = {
  used: 'level',
  number: 'level',
  up: 'state',
  alarm: 'state',
  state: 'state',
  'time-spent': 'time-spent',
  monitoring: 'monitoring',
};

/** Where what was inferred says something else than a table: of type, unit, aspect or owner, or of the partner where rules divide by it. Empty: it is true. */
export function disagreements(
  told: MetricKnowledge,
  table: MetricKnowledge,
  rules: { divides: boolean; labels: readonly string[] },
): string[] {
  const wrong: string[] = [];
  if (typeOf(told) !== typeOf(table)) wrong.push(`type ${told.type}, not ${table.type}`);
  if (unitOf(told) !== unitOf(table) && table.unit !== undefined)
    wrong.push(`unit ${told.unit ?? 'none'}, not ${table.unit}`);
  if (table.facet !== 'unknown' && (same[told.facet] ?? told.facet) !== (same[table.facet] ?? table.facet))
    wrong.push(`aspect ${told.facet}, not ${table.facet}`);
  // A part that the rules themselves name by a label is there, where a table stays with the whole.
  const finer = ownerOf(table) === 'instance' && rules.labels.includes(told.owner.labels[0] ?? '');
  if (ownerOf(told) !== ownerOf(table) && !finer) wrong.push(`owner ${told.owner.kind}, not ${table.owner.kind}`);
  if (rules.divides && table.limit !== undefined && told.limit === undefined) wrong.push('no limit');
  return wrong;
}

function typeOf({ type }: MetricKnowledge): string {
  return parts.has(type) ? 'distribution' : type;
}

function unitOf({ unit, facet }: MetricKnowledge): string {
  if (['up', 'alarm', 'state', 'info', 'setting'].includes(facet)) return 'state';
  return unit !== undefined && counted.test(unit) ? unit : 'count';
}

/** The instance and what runs it are one, and so are a proxy's names for who is behind it; parts are told apart. */
function ownerOf({ owner: { kind } }: MetricKnowledge): string {
  if (['service', 'upstream'].includes(kind)) return 'service';
  return instances.has(kind) ? 'instance' : kind;
}

const instances = new Set(
  'instance server cluster broker member host node function gateway target cache ups'.split(' '),
);
