/** How far forecasts missed, by step: `scale[h]` for each step ahead and the standardised misses that a multiplier is taken from. */
export interface MissProfile {
  scale: Float64Array;
  /** Absolute misses over the scale that the other origins give, sorted upwards. */
  standardised: Float64Array;
}

/**
 * Split conformal prediction over rolling origins: misses of each origin, in units of what the others missed at the same and the
 * neighbouring steps (leave one out; after Barber, Candes, Ramdas and Tibshirani, Annals of Statistics 49, 2021). Origins lie half a horizon apart, so
 * that neighbours miss the same values: from five on they are left out as well (h-block; Burman, Chow and Nolan, Biometrika 81, 1994). Steps beyond those tested
 * widen with the power of the step that the tested ones show, between 0.5 (a random walk) and 1 (a wrong slope). `misses[k]` are those of one origin.
 */
export function profileMisses(misses: readonly Float64Array[], horizon: number): MissProfile {
  const tested = misses[0]?.length ?? 0;
  const whole = scaleOf(misses);
  const ratios: number[] = [];
  if (misses.length >= 3) {
    for (let k = 0; k < misses.length; k += 1) {
      const apart = misses.length >= 5 ? 1 : 0;
      const scale = scaleOf(misses.filter((_, other) => Math.abs(other - k) > apart));
      for (let h = 0; h < tested; h += 1) if (scale[h]! > 0) ratios.push(Math.abs(misses[k]![h]!) / scale[h]!);
    }
  }
  const scale = new Float64Array(horizon);
  const power = growthOf(whole);
  const end = whole.length === 0 ? 0 : meanOf(whole.subarray(Math.max(0, tested - Math.max(1, tested >> 2))));
  for (let h = 0; h < horizon; h += 1) scale[h] = h < tested ? whole[h]! : end * ((h + 1) / tested) ** power;
  return { scale, standardised: Float64Array.from(ratios).sort() };
}

/**
 * The multiplier of the scale for a coverage: the conformal quantile ceil((n + 1) coverage) / n of the standardised misses. Misses of one origin
 * are much alike, so with few origins it is not taken below that of Student's law with as many degrees.
 */
export function multiplierOf(standardised: Float64Array, coverage: number, origins: number): number {
  const student = normalQuantile((1 + coverage) / 2) * (1 + 2 / Math.max(1, origins));
  if (standardised.length === 0) return student;
  const at = Math.min(standardised.length - 1, Math.ceil((standardised.length + 1) * coverage) - 1);
  return origins >= 12 ? standardised[at]! : Math.max(standardised[at]!, student);
}

/** Root mean square miss at each step over these origins, smoothed over neighbouring steps and drawn a third towards the whole. */
function scaleOf(misses: readonly Float64Array[]): Float64Array {
  const tested = misses[0]?.length ?? 0;
  const squares = new Float64Array(tested);
  for (const miss of misses) for (let h = 0; h < tested; h += 1) squares[h]! += miss[h]! ** 2 / misses.length;
  const all = meanOf(squares);
  const half = Math.max(1, Math.min(3, tested >> 3));
  return squares.map((_, h) => {
    const near = meanOf(squares.subarray(Math.max(0, h - half), h + half + 1));
    return Math.sqrt((near * 2 + all) / 3);
  });
}

function growthOf(scale: Float64Array): number {
  if (scale.length < 6) return 0.5;
  const third = Math.floor(scale.length / 3);
  const early = meanOf(scale.subarray(0, third));
  const late = meanOf(scale.subarray(scale.length - third));
  if (!(early > 0) || !(late > 0)) return 0.5;
  return Math.min(1, Math.max(0.5, Math.log(late / early) / Math.log(5)));
}

function meanOf(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / Math.max(1, values.length);
}

/** Quantile of the standard normal law for a share above a half (Abramowitz and Stegun 26.2.23; error below 0.0005). */
function normalQuantile(share: number): number {
  const t = Math.sqrt(-2 * Math.log(1 - share));
  return t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
}
