/** Makes what comes again and again count less. */
export interface Habituation {
  /** `evidence` over one more than the number of earlier blocks that reached nine tenths of it. */
  damp(evidence: number): number;
  take(evidence: number): void;
  readonly bytes: number;
}

const keptPeaks = 64;
const alike = 0.9;

/**
 * Habituation by block maxima (the blocks of extreme-value theory; Coles 2001, chapter 3): the highest evidence of each block of `block` points is kept
 * once another block has passed, so that an episode does not count against itself. The 64 highest peaks are held.
 */
export function createHabituation(block = 100): Habituation {
  const peaks = new Float64Array(keptPeaks + 1);
  let held = 0;
  let pending = 0;
  let current = 0;
  let taken = 0;

  const keep = (peak: number): void => {
    if (peak <= 0) return;
    let place = held;
    while (place > 0 && peaks[place - 1]! < peak) place -= 1;
    peaks.copyWithin(place + 1, place, held);
    peaks[place] = peak;
    held = Math.min(held + 1, keptPeaks);
  };

  return {
    damp(evidence) {
      const limit = alike * evidence;
      let reached = 0;
      while (reached < held && peaks[reached]! >= limit) reached += 1;
      return evidence / (1 + reached);
    },
    take(evidence) {
      if (evidence > current) current = evidence;
      taken += 1;
      if (taken % block !== 0) return;
      keep(pending);
      pending = current;
      current = 0;
    },
    bytes: peaks.byteLength + 64,
  };
}
