/** Time and waiting, injected everywhere so that tests and replays decide what now is. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Now as an ISO 8601 UTC string. */
  iso(): string;
  /** A monotonic reading in milliseconds, for durations. */
  monotonic(): number;
  /** Resolves after `ms`; rejects with the signal's reason when aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** The real clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  iso: () => new Date().toISOString(),
  monotonic: () => performance.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(reasonOf(signal));
        return;
      }
      const timer = setTimeout(done, ms);
      function done(): void {
        signal?.removeEventListener('abort', stop);
        resolve();
      }
      function stop(): void {
        clearTimeout(timer);
        reject(reasonOf(signal));
      }
      signal?.addEventListener('abort', stop, { once: true });
    }),
};

function reasonOf(signal: AbortSignal | undefined): Error {
  const reason: unknown = signal?.reason;
  return reason instanceof Error ? reason : new DOMException('The wait was withdrawn.', 'AbortError');
}

/** A clock that stands at `start` (milliseconds or ISO) and moves only by `advance` or by sleeping. */
export function createFakeClock(start: number | string): Clock & { advance(ms: number): void } {
  let now = typeof start === 'string' ? Date.parse(start) : start;
  return {
    now: () => now,
    iso: () => new Date(now).toISOString(),
    monotonic: () => now,
    sleep: (ms) => {
      now += ms;
      return Promise.resolve();
    },
    advance: (ms) => {
      now += ms;
    },
  };
}

/** ISO 8601 UTC of a millisecond time. */
export function isoOf(ms: number): string {
  return new Date(ms).toISOString();
}

/** Milliseconds since the epoch of an ISO instant. */
export function msOf(iso: string): number {
  return Date.parse(iso);
}
