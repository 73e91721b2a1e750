/** How far a file's record times stand from their arrival: the median over the last records. */
export interface ClockOffset {
  /** Notes one record that was read soon after it was written. */
  note(recordMs: number, arrivalMs: number): void;
  /** Milliseconds to add to the file's times; 0 while under five records are known or the offset is within a second. */
  skewMs(): number;
}

const kept = 101;
const least = 5;
const tolerated = 1_000;

/** Starts with what was known before. `usualDelayMs` is how long a record waits to be read when clocks agree. */
export function createClockOffset(known: number, usualDelayMs: number): ClockOffset {
  const offsets: number[] = [];
  let next = 0;
  return {
    note(recordMs, arrivalMs) {
      offsets[next] = arrivalMs - recordMs - usualDelayMs;
      next = (next + 1) % kept;
    },
    skewMs() {
      if (offsets.length < least) return known;
      const sorted = offsets.toSorted((left, right) => left - right);
      const median = sorted[Math.floor(sorted.length / 2)]!;
      return Math.abs(median) > tolerated ? Math.round(median) : 0;
    },
  };
}
