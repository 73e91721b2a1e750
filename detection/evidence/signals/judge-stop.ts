import type { Sample } from '../../../domain/signal.ts';
import type { Derived } from './derived-series.ts';
import type { Shift, Spans } from './shift.ts';
import { clamp, sum } from './robust-statistics.ts';
import type { ShiftLimit } from './shift-limits.ts';

/** A rate that ended: the index of the first silent sample, the mean rate before, and how many events did not come since. */
interface Stop {
  index: number;
  centre: number;
  missed: number;
}

/** So many missing events are no chance for a Poisson process: e^-16 is one in ten million. */
const leastMissed = 16;

/**
 * Finds the silence at the end of a rate (events per second) that came unevenly before: silent from `from` or later to the last sample,
 * at least four times as long as the longest pause before it, and with so many events missing that a Poisson process of the mean rate
 * before would not pause so by chance. Undefined otherwise. Cost linear.
 */
function findStop(samples: readonly Sample[], from: number): Stop | undefined {
  let index = samples.length;
  while (index > 0 && samples[index - 1]![1] === 0) index -= 1;
  const silent = samples.length - index;
  if (index < Math.max(4, from) || silent < 5) return undefined;
  const before = samples.slice(0, index).map(([, value]) => value);
  const centre = sum(before) / before.length;
  let run = 0;
  let longest = 0;
  for (const value of before) longest = Math.max(longest, (run = value === 0 ? run + 1 : 0));
  if (silent < 4 * (longest + 1)) return undefined;
  const missed = (centre * (samples.at(-1)![0] - samples[index - 1]![0])) / 1000;
  return missed < leastMissed ? undefined : { index, centre, missed };
}

/** Judges a rate whose unevenness hides its end from a comparison of levels. */
export function judgeStop({ samples }: Derived, limit: ShiftLimit, spans: Spans): Shift | undefined {
  const kept = samples.filter(([at]) => at >= spans.baseline[0] && at < spans.observed[1]);
  const cut = kept.filter(([at]) => at < spans.observed[0]).length;
  const stop = findStop(kept, Math.floor(cut * 0.85));
  if (stop === undefined || stop.centre < limit.leastChange) return undefined;
  const sureness = Math.sqrt(stop.missed);
  return {
    direction: 'down',
    onsetMs: kept[stop.index]![0],
    effect: { baseline: stop.centre, observed: 0, size: -sureness, ratio: 0 },
    severity: limit.importance * (0.65 + 0.35 * clamp(Math.log2(sureness / 2) / 3, 0, 1)),
    rising: false,
    last: 0,
  };
}
