import type { Forecaster } from '../contracts.ts';
import { createCombination } from './create-forecaster.ts';
import type { AdditiveOptions } from './methods/additive.ts';
import { createAdditive } from './methods/additive.ts';
import { createArima } from './methods/arima.ts';
import { createDecomposed } from './methods/decomposed.ts';
import { createDrift } from './methods/drift.ts';
import { createExponentialSmoothing } from './methods/exponential-smoothing.ts';
import { createLagRegression } from './methods/lag-regression.ts';
import { createLogScale } from './methods/log-scale.ts';
import { createSeasonalNaive } from './methods/seasonal-naive.ts';
import { createSeasonalProfile } from './methods/seasonal-profile.ts';
import { createTheta } from './methods/theta.ts';
import type { PointMethod } from './point-method.ts';

export interface AutomaticOptions extends Pick<AdditiveOptions, 'holidays'> {
  /** `quick` keeps to what answers a question within tens of milliseconds; `full` tries every method. Default quick. */
  effort?: 'quick' | 'full';
}

/**
 * Chooses and combines by itself: every method that fits the length and the seasons of a series is replayed on rolling origins and weighted by
 * its error there. Quick: 10 to 20 ms for 500 values (`forecast.bench.ts`).
 */
export function createAutomaticForecaster(options: AutomaticOptions = {}): Forecaster {
  const full = options.effort === 'full';
  return createCombination(
    'automatic',
    ({ values, seasons }) =>
      candidatesFor({ seasons, positive: values.every((value) => value > 0), full, length: values.length }, options),
    { origins: full ? 7 : 5 },
  );
}

/** Every candidate for a series of this shape. */
export function candidatesFor(
  shape: { seasons: readonly number[]; positive: boolean; full: boolean; length: number },
  options: Pick<AdditiveOptions, 'holidays'> = {},
): PointMethod[] {
  const { seasons, positive, full } = shape;
  const both = (method: PointMethod): PointMethod[] => (positive && full ? [method, createLogScale(method)] : [method]);
  const seasonal = seasons.length > 0;
  return [
    createSeasonalNaive(),
    ...(seasons.length > 1 ? [createSeasonalNaive({ season: 'shortest' })] : []),
    ...(full || shape.length <= 600 || !seasonal
      ? both(
          createExponentialSmoothing({
            trend: !seasonal,
            ...(seasonal ? { fitSteps: seasons[0]! * 2 } : {}),
            evaluations: full ? 80 : 50,
          }),
        )
      : []),
    ...(seasonal ? [] : [createExponentialSmoothing({ trend: false, evaluations: 40 })]),
    createTheta(),
    createDrift(),
    ...both(createLagRegression()),
    ...(full && positive ? [createLogScale(createLagRegression({ memory: 0.6 }))] : []),
    ...(seasonal ? both(createSeasonalProfile()) : []),
    ...(seasonal && full
      ? [
          ...both(createSeasonalProfile({ memory: 0.7, recent: 0, fading: 0.4 })),
          ...both(createSeasonalProfile({ recent: 1, fading: 2 })),
        ]
      : []),
    ...(full || options.holidays !== undefined ? [createAdditive(options)] : []),
    ...(full || shape.length <= 300 ? [createArima()] : []),
    ...(full && seasonal
      ? [createDecomposed(createExponentialSmoothing({ evaluations: 60 })), createDecomposed(createArima())]
      : []),
  ];
}
