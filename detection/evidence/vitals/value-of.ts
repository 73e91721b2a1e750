import type { Facet } from '../technologies/metric-knowledge.ts';
import type { KnownSeries } from './known-series.ts';
import { latestOf, rateOf } from './latest-of.ts';

/** The number that some series show together, with what tells it apart. */
export interface Value {
  value: number;
  unit?: string;
  at: number;
  labels?: Record<string, string>;
}

type Read = (group: readonly KnownSeries[], newest: Newest) => Omit<Value, 'at'> | undefined;
interface Newest {
  values: readonly number[];
  unit: { unit?: string };
  now: number;
}

const sum: Read = (_, { values, unit }) => ({ value: values.reduce((total, one) => total + one, 0), ...unit });
const most: Read = (_, { values, unit }) => ({ value: Math.max(...values), ...unit });
const least: Read = (_, { values, unit }) => ({ value: Math.min(...values), ...unit });
const switchOf =
  (pick: (...values: number[]) => number): Read =>
  (_, { values }) => ({ value: pick(...values), unit: 'bool' });

/** A counter as its rate over the window; a level as it is. */
const rate: Read = (group, newest) => {
  if (group[0]?.known.type !== 'counter') return sum(group, newest);
  const rates = group.flatMap(({ series }) => rateOf(series) ?? []);
  const unit = `${newest.unit.unit ?? 'events'} per second`;
  return rates.length === 0 ? undefined : { value: rates.reduce((total, one) => total + one, 0), unit };
};

/** Seconds to (or since, below zero) a moment. */
const moment: Read = (_, { values, now }) => {
  const latest = Math.max(...values);
  return latest <= 0 ? undefined : { value: latest - now / 1_000, unit: 'seconds' };
};

/** Seconds a call over the window, of a histogram's or summary's sum and count. */
const meanDuration: Read = (group) => {
  const of = (ending: string): number =>
    group
      .filter(({ series }) => series.metric.endsWith(ending))
      .reduce((total, { series }) => total + (rateOf(series) ?? 0), 0);
  const [seconds, calls] = [of('_sum'), of('_count')];
  return calls <= 0 || seconds < 0 ? undefined : { value: seconds / calls, unit: 'seconds' };
};

/** The state by its name, where numbers have names. */
const state: Read = (group, { values }) => {
  const value = values[0] ?? 0;
  const name = group[0]?.known.states?.[String(value)];
  return { value, ...(name === undefined ? {} : { labels: { state: name } }) };
};

/** Labels of an info metric that say a version or a role. */
const names: Read = (group) => {
  const labels = Object.entries(group[0]?.series.labels ?? {}).filter(
    ([name, value]) => /version|release|revision|role|edition/i.test(name) && value.length > 0 && value.length <= 40,
  );
  return labels.length === 0 ? undefined : { value: 1, labels: Object.fromEntries(labels.slice(0, 3)) };
};

/** How the parts of each facet come together: what is nearest its end speaks for ages, lags and shares; amounts add up. */
const reads: Partial<Record<Facet, Read>> = {
  up: switchOf(Math.min),
  alarm: switchOf(Math.max),
  state,
  info: names,
  duration: meanDuration,
  moment,
  lag: most,
  age: most,
  fill: most,
  spare: least,
  'hit-share': least,
  restarts: rate,
  flow: rate,
  errors: rate,
  hits: rate,
  misses: rate,
  used: sum,
  left: sum,
  waiting: sum,
  number: sum,
};

/** Whether a facet says something at a glance; settings, limits by themselves and inner statistics do not. */
export function isTelling(facet: Facet): boolean {
  return reads[facet] !== undefined;
}

/** The number that a group of series of one metric shows at its newest samples; undefined where it shows none. */
export function valueOf(group: readonly KnownSeries[], facet: Facet, now: number): Value | undefined {
  const latest = group.flatMap(({ series }) => latestOf(series) ?? []);
  const unit = group[0]?.known.unit;
  if (latest.length === 0) return undefined;
  const values = latest.map(({ value }) => value);
  const read = reads[facet]?.(group, { values, unit: unit === undefined ? {} : { unit }, now });
  return read === undefined ? undefined : { ...read, at: Math.max(...latest.map(({ at }) => at)) };
}
