import type { Series } from '../../../domain/signal.ts';

/** The newest sample; undefined of a series without any. */
export function latestOf({ samples }: Series): { at: number; value: number } | undefined {
  const last = samples.at(-1);
  return last === undefined ? undefined : { at: last[0], value: last[1] };
}

/** The mean rate a second of a counter over its samples, resets counted from zero; undefined with fewer than two samples. */
export function rateOf({ samples }: Series): number | undefined {
  const [first] = samples;
  const last = samples.at(-1);
  if (first === undefined || last === undefined || last[0] <= first[0]) return undefined;
  let grown = 0;
  let before = first[1];
  for (const [, value] of samples.slice(1)) {
    grown += value >= before ? value - before : value;
    before = value;
  }
  return (grown * 1_000) / (last[0] - first[0]);
}
