import type { ReadySeries } from './point-method.ts';

export interface Decomposition {
  /** What is left when the seasons are taken out: trend and remainder. */
  adjusted: Float64Array;
  /** The last period of each season, as it goes on: `seasonal(h)` is their sum h steps ahead (1 is the next). */
  seasonal: (h: number) => number;
}

/**
 * Takes several seasons out of a series by turns: trend by a centred moving mean of the season's length, then means of each phase weighted
 * towards the newest periods, twice over (the additive form of MSTL; Bandara, Hyndman and Bergmeir 2021). Cost: length x seasons x 4.
 */
export function decompose({ values, seasons }: ReadySeries, memory = 0.75): Decomposition {
  const length = values.length;
  const rings = seasons.map((season) => new Float64Array(season));
  const fitted = seasons.map(() => new Float64Array(length));
  for (let pass = 0; pass < 2; pass += 1) {
    for (let s = 0; s < seasons.length; s += 1) {
      const season = seasons[s]!;
      const rest = values.map((value, t) => {
        let other = 0;
        for (let o = 0; o < seasons.length; o += 1) if (o !== s) other += fitted[o]![t]!;
        return value - other;
      });
      const trend = movingMean(rest, season);
      const ring = new Float64Array(season);
      const weights = new Float64Array(season);
      for (let t = 0; t < length; t += 1) {
        const weight = memory ** Math.floor((length - 1 - t) / season);
        ring[t % season]! += weight * (rest[t]! - trend[t]!);
        weights[t % season]! += weight;
      }
      let centre = 0;
      for (let phase = 0; phase < season; phase += 1) {
        ring[phase]! /= weights[phase]! || 1;
        centre += ring[phase]! / season;
      }
      for (let phase = 0; phase < season; phase += 1) ring[phase]! -= centre;
      rings[s] = ring;
      fitted[s] = Float64Array.from({ length }, (_, t) => ring[t % season]!);
    }
  }
  return {
    adjusted: values.map((value, t) => fitted.reduce((left, one) => left - one[t]!, value)),
    seasonal: (h) => rings.reduce((sum, ring) => sum + ring[(length + h - 1) % ring.length]!, 0),
  };
}

/** Centred means over `span` values; at the ends over as many as lie on both sides, at least half a span in all. */
function movingMean(values: Float64Array, span: number): Float64Array {
  const sums = new Float64Array(values.length + 1);
  for (let t = 0; t < values.length; t += 1) sums[t + 1] = sums[t]! + values[t]!;
  return values.map((_, t) => {
    const from = Math.min(Math.max(0, t - (span >> 1)), Math.max(0, values.length - span));
    const to = Math.min(values.length, from + span);
    return (sums[to]! - sums[from]!) / (to - from);
  });
}
