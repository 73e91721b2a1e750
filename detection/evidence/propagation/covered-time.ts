const binMs = 60_000;

/**
 * How many milliseconds of a span records were collected in: minutes without a single record, of whatever entity, count as not collected
 * once the span is ten minutes long or more. So a hole in the collection is not read as silence.
 */
export function coveredTime(times: Iterable<number>, [from, to]: readonly [number, number]): number {
  const length = Math.max(1, to - from);
  if (length < 10 * binMs) return length;
  const bins = new Set<number>();
  for (const at of times) if (at >= from && at < to) bins.add(Math.floor((at - from) / binMs));
  return bins.size === 0 ? length : Math.min(length, bins.size * binMs);
}
