import { createHabituation } from './habituation.ts';
import { createNoveltyTrack } from './novelty-track.ts';
import { createScaleFeatures } from './scale-features.ts';
import type { Season } from './season.ts';

/** How new the latest point is, against all that came before it. */
export interface Novelty {
  /** Sum over the features of how far each lies from anything seen (each 0 to 2), over how often as much was seen before. */
  evidence(value: number, at: number): number;
  take(value: number, at: number): void;
  /** Lets the spans move on with a value that does not become known. */
  follow(value: number): void;
  /** The features and how new each is, of a point that is not yet taken in. */
  parts(value: number, at: number): { feature: string; value: number; weight: number }[];
  readonly bytes: number;
}

/** A feature needs its span and this many points more before it counts. */
const warmUp = 20;
/** The distance from the season counts after this many distances; the first rounds of a season are not representative. */
const seasonWarmUp = 288;

/**
 * Multi-scale novelty: the value, its means, changes and spreads over 4 to 64 points and its distance from the season are each compared with the
 * nearest number known for that feature (a nearest-neighbour conformity measure, as in Burnaev and Ishimtsev, "Conformalized density- and
 * distance-based anomaly detection", 2016); what comes again counts less. A feature becomes known only when its span has passed, so that a window is
 * not compared with itself.
 */
export function createNovelty(season?: Season): Novelty {
  const features = createScaleFeatures();
  const count = features.names.length;
  const tracks = Array.from({ length: count }, () => createNoveltyTrack());
  const waiting = features.spans.map((span) => new Float32Array(span));
  const fromSeason = season === undefined ? undefined : createNoveltyTrack();
  const habituation = createHabituation();
  let taken = 0;
  let seasonal = 0;
  let lastRaw = 0;
  let lastValue = Number.NaN;
  let lastAt = Number.NaN;

  const seasonGap = (value: number, at: number): number => {
    const usual = season?.expected(at);
    return usual === undefined ? Number.NaN : value - usual;
  };
  const seasonDistance = (value: number, at: number): number => {
    if (fromSeason === undefined || seasonal < seasonWarmUp) return 0;
    const gap = seasonGap(value, at);
    return Number.isNaN(gap) ? 0 : fromSeason.distance(gap);
  };
  const raw = (value: number, at: number): number => {
    if (value === lastValue && at === lastAt) return lastRaw;
    const latest = features.with(value);
    let sum = seasonDistance(value, at);
    for (let index = 0; index < count; index += 1)
      if (taken >= features.spans[index]! + warmUp) sum += tracks[index]!.distance(latest[index]!);
    lastRaw = sum;
    lastValue = value;
    lastAt = at;
    return sum;
  };

  return {
    evidence: (value, at) => habituation.damp(raw(value, at)),
    take(value, at) {
      habituation.take(raw(value, at));
      lastValue = Number.NaN;
      const latest = features.with(value);
      for (let index = 0; index < count; index += 1) {
        const track = tracks[index]!;
        const line = waiting[index]!;
        const place = taken % line.length;
        track.settle(latest[index]!);
        if (taken >= line.length) track.remember(line[place]!);
        line[place] = latest[index]!;
      }
      const gap = fromSeason === undefined ? Number.NaN : seasonGap(value, at);
      if (!Number.isNaN(gap)) {
        fromSeason!.settle(gap);
        fromSeason!.remember(gap);
        seasonal += 1;
      }
      features.take(value);
      taken += 1;
    },
    follow(value) {
      features.take(value);
      lastValue = Number.NaN;
    },
    parts(value, at) {
      const latest = features.with(value);
      const parts = features.names.map((feature, index) => ({
        feature,
        value: latest[index]!,
        weight: taken >= features.spans[index]! + warmUp ? tracks[index]!.distance(latest[index]!) : 0,
      }));
      const gap = seasonGap(value, at);
      if (!Number.isNaN(gap))
        parts.push({ feature: 'distance from the season', value: gap, weight: seasonDistance(value, at) });
      return parts;
    },
    bytes:
      tracks.reduce((sum, track) => sum + track.bytes, 0) +
      waiting.reduce((sum, line) => sum + line.byteLength, 0) +
      (fromSeason?.bytes ?? 0) +
      features.bytes +
      habituation.bytes,
  };
}
