import { findPeriod } from './find-period.ts';

/** What is usual at each phase of a season that is found while the stream runs. Phases go by the clock, so that gaps do no harm. */
export interface Season {
  /** The usual value at a time; undefined while no season is known that tells more than the usual level does, or its phase has been seen less than twice. */
  expected(at: number): number | undefined;
  take(value: number, at: number): void;
  periodMs(): number | undefined;
  readonly bytes: number;
}

const historySize = 1_024;
const widestStride = 16;
const bins = 288;
const lookEvery = 128;
/** A season is used while its errors are smaller than this share of the errors of a fixed level. */
const usefulError = 0.5;
const errorMemory = 256;
/** Periods that people and machines keep; one within 3 % of these is this one. */
const calendar = [3_600_000, 43_200_000, 86_400_000, 604_800_000];

/**
 * A season learned on line. The history of at most 16,384 points is held as 1,024 means; the period is looked for again as it grows. Each of 288
 * phases follows its values by steps that are cut at three mean deviations, so that an outlier moves it little. 10 KB.
 */
export function createSeason(): Season {
  const history = new Float32Array(historySize);
  const profile = new Float32Array(bins).fill(Number.NaN);
  const deviation = new Float32Array(bins);
  const visits = new Uint16Array(bins);
  let stride = 1;
  let held = 0;
  let next = 0;
  let sum = 0;
  let summed = 0;
  let sinceLook = 0;
  let last = Number.NaN;
  let typicalStep = 0;
  let taken = 0;
  let period: number | undefined;
  let lastPhase = -1;
  let level = 0;
  let errorOfLevel = 0;
  let errorOfSeason = 0;
  let judged = 0;

  const phaseOf = (at: number): number => Math.min(bins - 1, Math.floor(((at % period!) / period!) * bins));

  const known = (at: number): number | undefined => {
    if (period === undefined) return undefined;
    const phase = phaseOf(at);
    return visits[phase]! < 2 ? undefined : profile[phase]!;
  };

  const learn = (value: number, phase: number): void => {
    const usual = profile[phase]!;
    if (Number.isNaN(usual)) {
      profile[phase] = value;
      deviation[phase] = 0;
      visits[phase] = 1;
      return;
    }
    const count = Math.min(visits[phase]! + 1, 8);
    const gap = value - usual;
    const limit = visits[phase]! < 3 ? Number.POSITIVE_INFINITY : 3 * deviation[phase]! + 1e-3 * Math.abs(usual) + 1e-9;
    profile[phase] = usual + Math.max(-limit, Math.min(limit, gap)) / count;
    deviation[phase]! += (Math.min(Math.abs(gap), 3 * limit) - deviation[phase]!) / count;
    if (phase !== lastPhase && visits[phase]! < 65_535) visits[phase]! += 1;
  };

  const ordered = (): Float32Array => {
    if (held < historySize) return history.slice(0, held);
    const values = new Float32Array(historySize);
    values.set(history.subarray(next));
    values.set(history.subarray(0, next), historySize - next);
    return values;
  };

  const look = (): void => {
    const values = ordered();
    const found = findPeriod(values);
    const stepMs = typicalStep * stride;
    if (found === undefined || !(stepMs > 0)) {
      period = undefined;
      return;
    }
    const raw = found.steps * stepMs;
    const named = calendar.find((one) => Math.abs(one - raw) < 0.03 * one) ?? raw;
    if (period !== undefined && Math.abs(named - period) < 0.03 * period) return;
    period = named;
    judged = 0;
    profile.fill(Number.NaN);
    visits.fill(0);
    lastPhase = -1;
    for (let at = 0; at < values.length; at += 1) {
      const time = last - (values.length - 1 - at) * stepMs;
      const from = phaseOf(time);
      const to = phaseOf(time + stepMs * 0.999);
      // A mean over several phases stands for each of them.
      for (let phase = from; ; phase = phase + 1 === bins ? 0 : phase + 1) {
        learn(values[at]!, phase);
        if (phase === to) break;
      }
      lastPhase = to;
    }
  };

  const push = (value: number): void => {
    history[next] = value;
    next += 1;
    held = Math.max(held, next);
    if (next < historySize) return;
    if (stride < widestStride) {
      for (let at = 0; at < historySize / 2; at += 1) history[at] = (history[2 * at]! + history[2 * at + 1]!) / 2;
      next = historySize / 2;
      held = next;
      stride *= 2;
    } else next = 0;
  };

  return {
    expected(at) {
      if (judged < 24 || errorOfSeason > usefulError * errorOfLevel) return undefined;
      return known(at);
    },
    take(value, at) {
      taken += 1;
      // A gap counts as two steps at most.
      const step = taken < 3 ? at - last : Math.min(at - last, 2 * typicalStep);
      if (taken > 1) typicalStep += (step - typicalStep) / Math.min(taken - 1, 512);
      last = at;
      sum += value;
      summed += 1;
      if (summed >= stride) {
        push(sum / summed);
        sum = 0;
        summed = 0;
        sinceLook += 1;
      }
      if (sinceLook >= lookEvery) {
        sinceLook = 0;
        look();
      }
      level += (value - level) / Math.min(taken, 4_096);
      const usual = known(at);
      if (usual !== undefined) {
        judged += 1;
        const weight = Math.min(judged, errorMemory);
        errorOfSeason += (Math.abs(value - usual) - errorOfSeason) / weight;
        errorOfLevel += (Math.abs(value - level) - errorOfLevel) / weight;
      }
      if (period === undefined) return;
      const phase = phaseOf(at);
      learn(value, phase);
      lastPhase = phase;
    },
    periodMs: () => period,
    bytes: history.byteLength + profile.byteLength + deviation.byteLength + visits.byteLength + 256,
  };
}
