/** How a caller treats one peer. */
export interface RetrySetting {
  readonly attempts: number;
  readonly timeoutMs: number;
  readonly backoffMs: number;
}

/** What an operator or a release can change on a running service. */
export interface Settings {
  version: string;
  poolMax: number;
  poolWaitMs: number;
  /** By peer role; `default` for the others. */
  retry: Record<string, RetrySetting>;
  cacheTtlMs: number;
  /** Read lists in one go instead of item by item. */
  batchReads: boolean;
  /** Share of replies that the newer reply enrichment handles. */
  enrichedShare: number;
  /** Share of requests answered 503 because a shard is moving. */
  unavailableShare: number;
  consuming: boolean;
  requestsPerSecondMax: number;
}

/** Work that a process does beside its requests; all rates are zero when there is none. */
export interface Strain {
  burnThreads: number;
  burnPerRequestMs: number;
  holdMbPerSecond: number;
  blockMs: number;
  blockEveryMs: number;
  openPerSecond: number;
  fillMbPerSecond: number;
}

/** What the supervisor sends over the private channel. */
export interface Order {
  readonly settings?: Partial<Settings>;
  readonly strain?: Partial<Strain>;
  readonly forgetCache?: boolean;
}

export const calm: Strain = {
  burnThreads: 0,
  burnPerRequestMs: 0,
  holdMbPerSecond: 0,
  blockMs: 0,
  blockEveryMs: 0,
  openPerSecond: 0,
  fillMbPerSecond: 0,
};

/** The settings that every service starts with. */
export function defaultSettings(version: string): Settings {
  return {
    version,
    poolMax: 8,
    poolWaitMs: 1000,
    retry: { default: { attempts: 2, timeoutMs: 1500, backoffMs: 30 } },
    cacheTtlMs: 120_000,
    batchReads: true,
    enrichedShare: 0,
    unavailableShare: 0,
    consuming: true,
    requestsPerSecondMax: 150,
  };
}
