import type { Derived } from '../detection/evidence/signals/derived-series.ts';
import { readTimes } from '../detection/evidence/signals/counter-deltas.ts';
import { derivedOf, detectAnomalies } from '../detection/evidence/signals/detect-anomalies.ts';
import { findingKeyOf, leastLearned } from '../detection/models/streams/score-findings.ts';
import type { StreamLook } from '../detection/models/streams/stream-watch.ts';
import type { EntityId } from '../domain/entity.ts';
import type { Finding } from '../domain/finding.ts';
import type { Series } from '../domain/signal.ts';
import { type Clock, isoOf } from '../infra/runtime/clock.ts';
import { CerebroError } from '../infra/runtime/errors.ts';
import type { MetricSource, SourceResult } from '../tools/sources/source.ts';
import { alarmFindings } from './alarm-findings.ts';
import { createStreamKeeper } from './stream-keeper.ts';
import { hurts, isSerious, isSymptom } from './symptoms.ts';
import {
  isFromBefore,
  isSilence,
  lastingSilences,
  type ReadTimes,
  type Silence,
  silentSince,
  tellSilences,
} from './watch-silences.ts';
import { comparableSince, joinStretches, usualStepOf, windowsOf } from './watch-windows.ts';

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

/** Since when (milliseconds) what an entity shows is not to be taken as normal; undefined where it is. */
export type Held = (entity: EntityId) => number | undefined;

/** Looks at all metrics again and again, so that somebody is awake when nobody asks. */
export interface Watch {
  /**
   * Judges the latest stretch, each finding with the stream score of its series as evidence in `data.score`, and `data.ordinary` where the series, by
   * all that it showed, does nothing unusual; empty while there is too little to compare with. Never throws: a dead source leaves the last judgement
   * and says so in `stale`.
   */
  check(signal?: AbortSignal): Promise<Finding[]>;
  /** What the streams alarmed about at the latest check, as findings (see `alarmFindings`): against all that was seen, where `check` compares with minutes. */
  alarms(): readonly Finding[];
  streams(): StreamStanding;
  /** The usual time between two samples of a series, milliseconds, by the latest check; 0 until known. */
  stepMs(): number;
  /** From the next check on, in place of what was held before: so that a lasting fault does not become the baseline, and is not learned. */
  hold(held: Held): void;
  healthOf(id: EntityId): Health;
  /** Why the latest judgement is an old one; undefined where it is not. */
  stale(): string | undefined;
  /** What the watch cannot see or does not know, as sentences: history that was not read, entities that are silent. */
  gaps(): string[];
}

/** One read takes at most so many series. */
const maxSeries = 4_000;
/** A source has fallen silent when nothing new came for so many steps. */
const silentSteps = 6;

/**
 * A watch over one metric source. One check reads at most 4,000 series over baseline and observed stretch, and once more the stretch before each time
 * that is held; the first lets the streams learn what the source holds from before (see `createStreamKeeper`). A check that finds no new sample
 * leaves the last judgement.
 */
export function createWatch(deps: { metrics: MetricSource; clock: Clock }, options: WatchOptions = {}): Watch {
  const { threshold, mostSeries } = options;
  const keeper = createStreamKeeper(
    deps.metrics,
    { ...(threshold === undefined ? {} : { threshold }), ...(mostSeries === undefined ? {} : { most: mostSeries }) },
    maxSeries,
  );
  const startedAt = deps.clock.now();
  let stepMs = 0;
  let latest: Finding[] = [];
  let look: StreamLook = { score: 0, alarms: [], foremost: [], judged: 0, watched: 0 };
  let known = new Set<EntityId>();
  let silent: Silence[] = [];
  let held: Held = () => undefined;
  let heldNow: Held = held;
  let newestAt = Number.NEGATIVE_INFINITY;
  const before = new Map<number, Series[]>();
  let problem: string | undefined = 'not checked yet';

  // Of a step that a check finds anew.
  const observedSpan = (): number => options.observedMs ?? Math.max(10_000, 3 * stepMs);
  const baselineSpan = (): number => options.baselineMs ?? Math.max(240_000, 30 * stepMs);
  const read = (from: number, to: number, signal?: AbortSignal): Promise<SourceResult<Series>> => {
    const window = { from: isoOf(from), to: isoOf(to) };
    return deps.metrics.query({ metrics: ['*'], entities: [], window, stepMs: 0, maxSeries }, signal);
  };
  const scored = (finding: Finding): Finding => {
    const key = findingKeyOf(finding);
    const streams = keeper.streams();
    const score = streams.scoreOf(key);
    if (score === undefined || score.learned < leastLearned) return finding;
    const ordinary = streams.isOrdinary(key) ? { ordinary: true } : {};
    return { ...finding, data: { ...finding.data, ...score, ...ordinary } };
  };
  /** The series with what was normal before `from`, then what is observed: what lies between is neither. */
  const heldSeries = async (
    items: Series[],
    { from, baselineMs, observedFrom }: { from: number; baselineMs: number; observedFrom: number },
    signal?: AbortSignal,
  ): Promise<Series[]> => {
    const calm = before.get(from) ?? itemsOf(await read(from - baselineMs, from, signal));
    before.set(from, calm);
    return joinStretches(calm, items, observedFrom);
  };
  const judge = async (
    { items, whole, reads }: { items: Series[]; whole: Derived[]; reads: ReadTimes },
    now: number,
    signal?: AbortSignal,
  ): Promise<Finding[]> => {
    const baselineMs = baselineSpan();
    const leastBaselineMs = options.leastBaselineMs ?? (stepMs > 3_000 ? 10 * stepMs : 12_000);
    const observedFrom = now - observedSpan();
    const observed = [observedFrom, now] as const;
    const since = Math.max(observedFrom - baselineMs, comparableSince(reads, stepMs, startedAt));
    if (observedFrom - since < leastBaselineMs) return latest;
    const plain = detectAnomalies(items, windowsOf([since, observedFrom], observed), { derived: whole });
    const heldFrom = (id: EntityId): number | undefined => {
      const from = heldNow(id);
      return from === undefined || from >= observedFrom ? undefined : from;
    };
    const starts = new Set<number>();
    for (const id of known) {
      const from = heldFrom(id);
      if (from !== undefined) starts.add(from);
    }
    for (const from of before.keys()) if (!starts.has(from)) before.delete(from);
    // A stretch that is left out would look like a silence.
    const findings = plain.filter((one) => isSilence(one) || heldFrom(one.entity) === undefined);
    for (const from of starts) {
      const series = await heldSeries(items, { from, baselineMs, observedFrom }, signal);
      const windows = windowsOf([from - baselineMs, from], observed);
      const mine = detectAnomalies(series, windows, { derived: derivedOf(series) });
      findings.push(...mine.filter((one) => !isSilence(one) && heldFrom(one.entity) === from));
    }
    const isHeld = (id: EntityId): boolean => heldNow(id) !== undefined;
    const lasting = lastingSilences(latest, { told: findings, reads, isHeld, now });
    return [...findings.filter((one) => !isFromBefore(one, startedAt)).map(scored), ...lasting];
  };

  return {
    async check(signal) {
      const now = deps.clock.now();
      try {
        const found = await read(now - observedSpan() - baselineSpan(), now, signal);
        problem = found.status === 'no-data' ? found.lookedAt : undefined;
        const items = itemsOf(found);
        if (items.length === 0) return latest;
        const newest = Math.max(...items.map((one) => one.samples.at(-1)?.[0] ?? 0));
        if (stepMs > 0 && now - newest > Math.max(30_000, silentSteps * stepMs))
          problem = `no new sample has come since ${isoOf(newest)}`;
        if (newest === newestAt && heldNow === held) return latest;
        heldNow = held;
        const whole = derivedOf(items);
        known = new Set(items.map((one) => one.entity));
        const reads = readTimes(items);
        silent = silentSince(reads, startedAt, now);
        stepMs = usualStepOf(items);
        const isHeld = [...known].some((id) => heldNow(id) !== undefined);
        await keeper.learnWhereDue(now, stepMs, isHeld, signal);
        keeper.feed(whole, ({ entity }) => heldNow(entity) !== undefined);
        look = keeper.streams().look(now);
        latest = await judge({ items, whole, reads }, now, signal);
        newestAt = newest;
      } catch (thrown) {
        problem = CerebroError.from(thrown).message;
      }
      return latest;
    },
    alarms: () => alarmFindings(look),
    streams: () => ({ score: look.score, judged: look.judged, watched: look.watched, foremost: look.foremost }),
    stepMs: () => stepMs,
    hold: (next) => {
      held = next;
    },
    healthOf(id) {
      const gone = tellSilences(silent.filter(({ entity }) => entity === id));
      if (gone !== undefined) return { state: 'unknown', why: gone };
      // That another version runs is news.
      const mine = latest.filter((one) => one.entity === id && hurts(one) && one.signal.role !== 'version');
      const worst = mine.find(isSymptom) ?? mine[0];
      if (worst === undefined || worst.severity < 0.35) return known.has(id) ? { state: 'ok' } : { state: 'unknown' };
      return { state: isSerious(worst) ? 'bad' : 'warn', why: worst.statement };
    },
    stale: () => problem,
    gaps: () => [keeper.gap(), tellSilences(silent)].filter((gap) => gap !== undefined),
  };
}

function itemsOf(found: SourceResult<Series>): Series[] {
  return found.status === 'no-data' ? [] : found.items;
}
