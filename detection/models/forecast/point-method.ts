/** A series that has been made ready: no missing values, at least as long as the method needs. */
export interface ReadySeries {
  values: Float64Array;
  /** Seasons in steps, shortest first; each shows at least twice in `values`. */
  seasons: readonly number[];
  stepMs: number;
  startMs: number;
}

/** One way of looking ahead, points only: intervals, missing values and limits are the same for all and are added by `createForecaster`. */
export interface PointMethod {
  readonly method: string;
  /** Fewest values it can work with, given the seasons. */
  needs(seasons: readonly number[]): number;
  /** One value for each step ahead, all finite. Cost is said by each method. */
  ahead(series: ReadySeries, horizon: number): Float64Array;
}
