import { derivedOf, detectAnomalies } from '../detection/signals/detect-anomalies.ts';
import type { EntityId } from '../domain/entity.ts';
import type { Finding } from '../domain/finding.ts';
import { type Clock, isoOf } from '../infra/runtime/clock.ts';
import type { MetricSource } from '../tools/sources/source.ts';
import { createStreamScores } from './stream-scores.ts';

/** How an entity does, and why where it is not well. */
export interface Health {
  state: 'ok' | 'warn' | 'bad' | 'unknown';
  why?: string;
}

export interface WatchOptions {
  /** How much before the observed stretch is taken as normal. Default 4 minutes. */
  baselineMs?: number;
  /** The stretch that is judged. Default 10 s. */
  observedMs?: number;
  /** Less baseline than this is no ground for a judgement. Default 12 s. */
  leastBaselineMs?: number;
}

/** Looks at all metrics again and again, so that somebody is awake when nobody asks. */
export interface Watch {
  /** Judges the latest stretch, each finding with the stream score of its series as evidence in `data.score`; empty while there is too little to compare with. Never throws: a dead source leaves the last judgement and says so in `stale`. */
  check(signal?: AbortSignal): Promise<Finding[]>;
  /** Until `release`, times after `onset` are not taken as normal, so that a lasting fault does not become the baseline. */
  hold(onset: string): void;
  release(): void;
  healthOf(id: EntityId): Health;
  stale(): string | undefined;
}

/** Users feel these; the rest explains. */
const symptoms = new Set(['latency', 'errors', 'availability', 'queue', 'restarts']);

/** A watch over one metric source. One check reads at most 4,000 series over baseline and observed stretch. */
export function createWatch(deps: { metrics: MetricSource; clock: Clock }, options: WatchOptions = {}): Watch {
  const { baselineMs = 240_000, observedMs = 10_000, leastBaselineMs = 12_000 } = options;
  const streams = createStreamScores();
  let latest: Finding[] = [];
  let known = new Set<EntityId>();
  let heldFrom: number | undefined;
  let problem: string | undefined = 'not checked yet';

  return {
    async check(signal) {
      const now = deps.clock.now();
      const observedFrom = now - observedMs;
      const baselineTo = Math.min(observedFrom, heldFrom ?? observedFrom);
      const window = { from: isoOf(baselineTo - baselineMs), to: isoOf(now) };
      try {
        const found = await deps.metrics.query(
          { metrics: ['*'], entities: [], window, stepMs: 0, maxSeries: 4_000 },
          signal,
        );
        problem = found.status === 'no-data' ? found.lookedAt : undefined;
        if (found.status === 'no-data') return latest;
        known = new Set(found.items.map((one) => one.entity));
        const first = Math.min(...found.items.map((one) => one.samples[0]?.[0] ?? now));
        if (baselineTo - first < leastBaselineMs) return latest;
        // What lies between is neither normal nor now: a fault that is known already, or nothing.
        const judged = found.items.map((one) => ({
          ...one,
          samples: one.samples.filter(([at]) => at < baselineTo || at >= observedFrom),
        }));
        const derived = derivedOf(judged);
        streams.feed(derived, heldFrom === undefined);
        const windows = {
          baseline: { from: isoOf(Math.max(first, baselineTo - baselineMs)), to: isoOf(baselineTo) },
          observed: { from: isoOf(observedFrom), to: isoOf(now) },
        };
        latest = streams.annotate(detectAnomalies(judged, windows, { derived }));
      } catch (thrown) {
        problem = thrown instanceof Error ? thrown.message : String(thrown);
      }
      return latest;
    },
    hold: (onset) => {
      heldFrom ??= Date.parse(onset);
    },
    release: () => {
      heldFrom = undefined;
    },
    healthOf(id) {
      const mine = latest.filter((finding) => finding.entity === id && finding.direction !== 'down');
      const worst = mine.find((finding) => symptoms.has(finding.signal.role)) ?? mine[0];
      if (worst === undefined || worst.severity < 0.35) return known.has(id) ? { state: 'ok' } : { state: 'unknown' };
      const isSymptom = symptoms.has(worst.signal.role);
      return { state: isSymptom && worst.severity >= 0.6 ? 'bad' : 'warn', why: worst.statement };
    },
    stale: () => problem,
  };
}

/** The departures that people would feel: serious symptoms, the earliest first. */
export function symptomsOf(findings: readonly Finding[]): Finding[] {
  return findings
    .filter((finding) => symptoms.has(finding.signal.role) && finding.severity >= 0.6 && finding.direction !== 'down')
    .toSorted((left, right) => (left.onset ?? '').localeCompare(right.onset ?? ''));
}
