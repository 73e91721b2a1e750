import type { MetricType, Sample } from '../../../domain/signal.ts';

/** One series that a job exposes. `order` sorts by name and labels. */
export interface HeldSeries {
  id: number;
  metric: string;
  type: MetricType;
  labels: Record<string, string>;
  unit?: string;
  help?: string;
  order: string;
}

/** Which series stand in which place of a scrape's values; shared by all scrapes of the same shape. */
export interface Layout {
  id: number;
  series: readonly HeldSeries[];
  columns: ReadonlyMap<number, number>;
}

/** One scrape: its time and a value for each series of the layout (NaN where there was none). */
export interface Scrape {
  at: number;
  layout: Layout;
  values: Float64Array;
}

/** The scrapes of one job, oldest first, in strictly rising time. */
export interface JobMemory {
  /** False when `at` is not after the last scrape; nothing is kept then. */
  append(scrape: Scrape): boolean;
  /** Drops scrapes before `cutoff`. */
  trim(cutoff: number): void;
  /** Series with at least one finite value in [from, to). */
  read(
    from: number,
    to: number,
    wanted: (series: HeldSeries) => boolean,
    stepMs: number,
  ): { series: HeldSeries; samples: Sample[] }[];
  /** Series exposed in [from, to), whatever their values. */
  seriesWithin(from: number, to: number): HeldSeries[];
  layouts(): Set<Layout>;
  /** Time of the oldest and newest scrape. */
  span(): { first: number; last: number } | undefined;
}

/** Scrapes in memory, 8 bytes a sample: the times are shared by all series of a scrape. Reading costs one pass over the scrapes within. */
export function createJobMemory(): JobMemory {
  let scrapes: Scrape[] = [];
  const firstAtOrAfter = (at: number): number => {
    let low = 0;
    let high = scrapes.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (scrapes[middle]!.at < at) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  const runsWithin = (from: number, to: number): Scrape[][] => {
    const runs = new Map<Layout, Scrape[]>();
    for (const scrape of scrapes.slice(firstAtOrAfter(from), firstAtOrAfter(to))) {
      const run = runs.get(scrape.layout);
      if (run === undefined) runs.set(scrape.layout, [scrape]);
      else run.push(scrape);
    }
    return [...runs.values()];
  };
  return {
    append(scrape) {
      const last = scrapes.at(-1);
      if (last !== undefined && scrape.at <= last.at) return false;
      scrapes.push(scrape);
      return true;
    },
    trim(cutoff) {
      const keepFrom = firstAtOrAfter(cutoff);
      if (keepFrom > 0) scrapes = scrapes.slice(keepFrom);
    },
    read(from, to, wanted, stepMs) {
      const found = new Map<HeldSeries, Sample[]>();
      const scattered = new Set<HeldSeries>();
      for (const run of runsWithin(from, to)) {
        for (const [column, series] of run[0]!.layout.series.entries()) {
          if (!wanted(series)) continue;
          const held = found.get(series);
          const samples = held ?? [];
          for (const scrape of run) {
            const value = scrape.values[column]!;
            if (Number.isFinite(value)) samples.push([scrape.at, value]);
          }
          if (held === undefined) found.set(series, samples);
          else scattered.add(series);
        }
      }
      return [...found]
        .filter(([, samples]) => samples.length > 0)
        .map(([series, samples]) => {
          // Layouts can alternate, so a series that stood in several is put into order again.
          if (scattered.has(series)) samples.sort((left, right) => left[0] - right[0]);
          return { series, samples: stepMs > 0 ? lastOfEachStep(samples, from, stepMs) : samples };
        });
    },
    seriesWithin(from, to) {
      const within = new Set<HeldSeries>();
      for (const run of runsWithin(from, to)) for (const series of run[0]!.layout.series) within.add(series);
      return [...within];
    },
    layouts: () => new Set(scrapes.map((scrape) => scrape.layout)),
    span: () => (scrapes.length === 0 ? undefined : { first: scrapes[0]!.at, last: scrapes.at(-1)!.at }),
  };
}

/** The last sample of each step counted from `from`, with its own time; samples must be in time order. */
export function lastOfEachStep(samples: readonly Sample[], from: number, stepMs: number): Sample[] {
  const kept: Sample[] = [];
  let step = Number.NaN;
  for (const sample of samples) {
    const its = Math.floor((sample[0] - from) / stepMs);
    if (its === step) kept[kept.length - 1] = sample;
    else kept.push(sample);
    step = its;
  }
  return kept;
}
