import type { StormAlert } from './storm-alert.ts';

/** The same alert at the same place, whenever: entity, source, name, status. Direction is left out: a level that leaves its band is one alert. */
export function alertKey({ entity, source, name, status }: StormAlert): string {
  return `${source}\n${entity}\n${name}\n${status ?? ''}`;
}

/** How usual alerts are at a site, over `incidents` past ones. */
export interface Rarity {
  incidents: number;
  /** In how many of them an alert fired. */
  timesOf: (alert: StormAlert) => number;
  /** Minus the natural logarithm of that share, with one more incident that had it and one that had not. In [0, ln(incidents + 2)]. */
  rarityOf: (alert: StormAlert) => number;
}

/** Counts the alerts of past incidents once. Without any all alerts are equally rare. */
export function createRarity(history: readonly (readonly StormAlert[])[]): Rarity {
  const counts = new Map<string, number>();
  for (const incident of history)
    for (const key of new Set(incident.map(alertKey))) counts.set(key, (counts.get(key) ?? 0) + 1);
  const timesOf = (alert: StormAlert): number => counts.get(alertKey(alert)) ?? 0;
  return {
    incidents: history.length,
    timesOf,
    rarityOf: (alert) => -Math.log((timesOf(alert) + 1) / (history.length + 2)),
  };
}
