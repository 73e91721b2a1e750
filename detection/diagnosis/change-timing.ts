/** Effects that pile up: they need not show at once. */
const slow = new Set([
  'release-dropped',
  'growth-added',
  'cache-raised',
  'cache-added',
  'verbosity-raised',
  'retention-raised',
  'storage-lowered',
  'schedule-changed',
  'memory-lowered',
  'handles-lowered',
]);

const minute = 60_000;
/** Until then a change is as likely to show as at once. */
const fresh = 30 * minute;
const halving = { atOnce: 120 * minute, slowly: 24 * 60 * minute };
const least = { atOnce: 0.35, slowly: 0.6 };

/**
 * How the start of a change sits with the onset, in [0, 1]. After the onset (beyond twice its uncertainty) it is out; within the uncertainty
 * nearly full; shortly before full; a change that ran long without effect counts ever less, one whose effect piles up more slowly.
 * A half where no onset is known.
 */
export function timingOf(
  times: { changeMs: number; onsetMs?: number | undefined; toleranceMs: number },
  effect: string | undefined,
): number {
  if (times.onsetMs === undefined) return 0.5;
  const ahead = times.onsetMs - times.changeMs;
  if (ahead < -2 * times.toleranceMs) return 0;
  if (ahead < 0) return 0.9;
  const pace = effect !== undefined && slow.has(effect) ? 'slowly' : 'atOnce';
  return least[pace] + (1 - least[pace]) * 2 ** (-Math.max(0, ahead - fresh) / halving[pace]);
}
