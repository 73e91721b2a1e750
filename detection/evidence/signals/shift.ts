import type { Effect } from '../../../domain/finding.ts';

/** The two spans of a comparison in milliseconds; `baseline` before `observed`. */
export interface Spans {
  baseline: [number, number];
  observed: [number, number];
  /** Where the record that holds the incident begins, if a hole parts it from history. */
  own?: number;
}

/** A departure that passed all limits. */
export interface Shift {
  direction: 'up' | 'down';
  onsetMs: number;
  /** When it came back, where it surely has by the newest samples. */
  endMs?: number;
  effect: Effect;
  severity: number;
  /** Rises all along instead of stepping: Kendall's tau above 0.6 since the onset, apart from falls as by a restart. */
  rising: boolean;
  /** The last level, for capacities and creeping ones. */
  last: number;
}
