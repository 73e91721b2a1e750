import { derivedOf, detectAnomalies } from '../detection/signals/detect-anomalies.ts';
import { findingKeyOf, leastLearned } from '../detection/streams/score-findings.ts';
import { createStreamWatch, type StreamLook } from '../detection/streams/stream-watch.ts';
import type { EntityId } from '../domain/entity.ts';
import type { Finding } from '../domain/finding.ts';
import { type Clock, isoOf } from '../infra/runtime/clock.ts';
import type { Series } from '../domain/signal.ts';
import type { MetricSource } from '../tools/sources/source.ts';
import { alarmFindings } from './alarm-findings.ts';
import { learnHistory } from './watch-history.ts';

/** How an entity does, and why where it is not well. */
export interface Health {
  state: 'ok' | 'warn' | 'bad' | 'unknown';
  why?: string;
}

export interface WatchOptions {
  /** How much before the observed stretch is taken as normal. Default 4 minutes, or 30 steps of the series if that is more. */
  baselineMs?: number;
  /** The stretch that is judged. Default 10 s, or three steps. */
  observedMs?: number;
  /** Less baseline than this is no ground for a judgement. Default 12 s, or ten steps where they are longer than 3 s. */
  leastBaselineMs?: number;
  /** Score over all series together from which streams alarm (see `createStreamWatch`). */
  threshold?: number;
  /** Most series whose streams are kept. */
  mostSeries?: number;
}

/** How the streams stand: series watched, those with history enough to be judged, the least ordinary, and how surely something is abnormal (all together). */
export type StreamStanding = Pick<StreamLook, 'score' | 'judged' | 'watched' | 'foremost'>;

/** Looks at all metrics again and again, so that somebody is awake when nobody asks. */
export interface Watch {
  /** Judges the latest stretch, each finding with the stream score of its series as evidence in `data.score`; empty while there is too little to compare with. Never throws: a dead source leaves the last judgement and says so in `stale`. */
  check(signal?: AbortSignal): Promise<Finding[]>;
  /** What the streams alarmed about at the latest check, as findings (see `alarmFindings`): against all that was seen, where `check` compares with minutes. */
  alarms(): readonly Finding[];
  streams(): StreamStanding;
  /** The usual time between two samples of a series, milliseconds; 0 until known. */
  stepMs(): number;
  /** Until `release`, times after `onset` are not taken as normal, so that a lasting fault does not become the baseline. */
  hold(onset: string): void;
  release(): void;
  healthOf(id: EntityId): Health;
  stale(): string | undefined;
}

/** Users feel these; the rest explains. */
const symptoms = new Set(['latency', 'errors', 'availability', 'queue', 'restarts']);

/** One read takes at most so many series. */
const maxSeries = 4_000;

/**
 * A watch over one metric source. One check reads at most 4,000 series over baseline and observed stretch; the first also lets the streams learn what
 * the source holds from before (see `learnHistory`).
 */
export function createWatch(deps: { metrics: MetricSource; clock: Clock }, options: WatchOptions = {}): Watch {
  const streams = createStreamWatch({
    ...(options.threshold === undefined ? {} : { threshold: options.threshold }),
    ...(options.mostSeries === undefined ? {} : { most: options.mostSeries }),
  });
  let stepMs = 0;
  let latest: Finding[] = [];
  let look: StreamLook = { score: 0, alarms: [], foremost: [], judged: 0, watched: 0 };
  let known = new Set<EntityId>();
  let heldFrom: number | undefined;
  let problem: string | undefined = 'not checked yet';

  const read = async (from: number, to: number, signal?: AbortSignal): Promise<Series[] | undefined> => {
    const window = { from: isoOf(from), to: isoOf(to) };
    const request = { metrics: ['*'], entities: [], window, stepMs: 0, maxSeries };
    const found = await deps.metrics.query(request, signal);
    problem = found.status === 'no-data' ? found.lookedAt : undefined;
    return found.status === 'no-data' ? undefined : found.items;
  };
  const withScores = (findings: readonly Finding[]): Finding[] =>
    findings.map((finding) => {
      const scored = streams.scoreOf(findingKeyOf(finding));
      if (scored === undefined || scored.learned < leastLearned) return finding;
      return { ...finding, data: { ...finding.data, ...scored } };
    });

  return {
    async check(signal) {
      const now = deps.clock.now();
      const observedMs = options.observedMs ?? Math.max(10_000, 3 * stepMs);
      const baselineMs = options.baselineMs ?? Math.max(240_000, 30 * stepMs);
      const leastBaselineMs = options.leastBaselineMs ?? (stepMs > 3_000 ? 10 * stepMs : 12_000);
      const observedFrom = now - observedMs;
      const baselineTo = Math.min(observedFrom, heldFrom ?? observedFrom);
      try {
        const items = await read(baselineTo - baselineMs, now, signal);
        if (items === undefined) return latest;
        known = new Set(items.map((one) => one.entity));
        const whole = derivedOf(items);
        if (stepMs === 0) {
          stepMs = usualStepOf(items);
          if (stepMs > 0) await learnHistory(deps.metrics, streams, { until: now, stepMs, maxSeries }, signal);
        }
        streams.feed(whole, heldFrom === undefined);
        look = streams.look(now);
        const first = Math.min(...items.map((one) => one.samples[0]?.[0] ?? now));
        if (baselineTo - first < leastBaselineMs) return latest;
        // What lies between is neither normal nor now: a fault that is known already, or nothing.
        const held = baselineTo < observedFrom;
        const judged = held
          ? items.map((one) => ({
              ...one,
              samples: one.samples.filter(([at]) => at < baselineTo || at >= observedFrom),
            }))
          : items;
        const windows = {
          baseline: { from: isoOf(Math.max(first, baselineTo - baselineMs)), to: isoOf(baselineTo) },
          observed: { from: isoOf(observedFrom), to: isoOf(now) },
        };
        latest = withScores(detectAnomalies(judged, windows, { derived: held ? derivedOf(judged) : whole }));
      } catch (thrown) {
        problem = thrown instanceof Error ? thrown.message : String(thrown);
      }
      return latest;
    },
    alarms: () => alarmFindings(look),
    streams: () => ({ score: look.score, judged: look.judged, watched: look.watched, foremost: look.foremost }),
    stepMs: () => stepMs,
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

/** The median over series of the time between their samples; 0 while there are fewer than two. */
function usualStepOf(items: readonly Series[]): number {
  const steps = items
    .flatMap(({ samples }) =>
      samples.length < 2 ? [] : [(samples.at(-1)![0] - samples[0]![0]) / (samples.length - 1)],
    )
    .sort((left, right) => left - right);
  return Math.round(steps[Math.floor(steps.length / 2)] ?? 0);
}
