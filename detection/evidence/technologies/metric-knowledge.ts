/** How the values of a metric are counted. A part of a histogram (`_bucket`, `_sum`, `_count`) has the type of the whole. */
export type KnownType = 'counter' | 'gauge' | 'histogram' | 'summary' | 'info' | 'unknown';

/** What kind of thing a metric tells of its subject. */
export const facets = [
  /** 1 is good, 0 is bad. */
  'up',
  /** 1 is bad, 0 is good. */
  'alarm',
  /** One of several states, as a number or as a label. */
  'state',
  /** Things done or moved: calls, messages, rows, bytes. */
  'flow',
  'errors',
  'restarts',
  /** How long something takes. */
  'duration',
  /** Time that was spent at something, added up. */
  'time-spent',
  'used',
  'left',
  'limit',
  /** The used share of a limit, and the share that is left. */
  'fill',
  'spare',
  /** Work that waits. */
  'waiting',
  /** How far something is behind another. */
  'lag',
  /** A moment: of a start, of the last success, of an end. */
  'moment',
  'age',
  /** How many or how much there is. */
  'number',
  'hits',
  'misses',
  'hit-share',
  'info',
  'setting',
  /** What a sensor reads. */
  'reading',
  /** A statistic of something inside that is no symptom by itself. */
  'inner',
  /** The monitoring's own: scrapes, exporters, rule evaluation. */
  'monitoring',
  'unknown',
] as const;
export type Facet = (typeof facets)[number];

/** Whose a metric is. `instance`: of the program that the series' target is or speaks for; else a part of it, named by labels. */
export interface MetricOwner {
  kind: string;
  /** Labels that name it, the most telling first. */
  labels: string[];
}

/** The other half of a use and its limit. */
export interface LimitPartner {
  metric: string;
  /**
   * `limit`: use / partner. `rest`: use / (use + partner). `used`: this is the limit, the partner its use. `total`: what is left, of the partner.
   * `now`: a moment against the clock.
   */
  how: 'limit' | 'rest' | 'used' | 'total' | 'now';
}

/** By what it is understood, the surest first. */
export type KnowledgeSource = 'table' | 'metadata' | 'use' | 'name';

/** What is understood of a metric. */
export interface MetricKnowledge {
  metric: string;
  technology?: string;
  type: KnownType;
  /** Seconds, bytes, ratio, percent, bool, timestamp, a thing that is counted (connections), or absent. */
  unit?: string;
  facet: Facet;
  /** What is measured, in words. */
  subject: string;
  owner: MetricOwner;
  limit?: LimitPartner;
  /** Which way is good, where one is. */
  good?: 'up' | 'down';
  /** Label values that split the metric into quantities of their own. */
  split?: MetricSplit;
  /** Names of states by their number. */
  states?: Readonly<Record<string, string>>;
  /** The engine's role and quantity, where a table sets them apart from what the facet says. */
  role?: string;
  source: KnowledgeSource;
}

export interface MetricSplit {
  label: string;
  facets: Readonly<Record<string, Facet>>;
}

/** Whether a row says only whose metrics these are: a name with `*` for whatever else a technology tells. */
export function isCatchAll({ metric, facet, role }: MetricKnowledge): boolean {
  return facet === 'inner' && role === undefined && metric.includes('*');
}

/** Whether enough is understood to reason with: type, what it measures and whose it is. */
export function isUnderstood({ type, facet, unit }: MetricKnowledge): boolean {
  return (
    type !== 'unknown' &&
    facet !== 'unknown' &&
    (unit !== undefined || ['info', 'state', 'setting', 'monitoring'].includes(facet))
  );
}
