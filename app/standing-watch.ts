import type { Config } from '../config.ts';
import type { MetricSource } from '../tools/sources/source.ts';
import { runTriage, type TriageDeps } from './triage.ts';
import { createWatch, type Watch } from './watch.ts';

/** What a standing watch needs: a source to look at, a clock, where investigations are opened, and whom to ask about them. */
export interface StandingWatchDeps extends Omit<TriageDeps, 'watch'> {
  source: MetricSource;
}

/** A watch with the loop that opens investigations by it. */
export interface StandingWatch {
  watch: Watch;
  /** Looks and triages until the signal aborts (see `runTriage`). */
  run(signal: AbortSignal): Promise<void>;
}

/** The standing watch as a config sets it. The product and `cerebro eval watch` build it here, so that what is measured is what runs. */
export function createStandingWatch(
  deps: StandingWatchDeps,
  { watch: settings, timeZone }: Pick<Config, 'watch' | 'timeZone'>,
): StandingWatch {
  const { threshold, mostSeries, openingsPerHour, coolDownMinutes } = settings;
  const watch = createWatch({ metrics: deps.source, clock: deps.clock }, { threshold, mostSeries });
  const limits = { openingsPerHour, coolDownMs: coolDownMinutes * 60_000 };
  return { watch, run: (signal) => runTriage({ ...deps, watch }, { timeZone, ...limits }, signal) };
}
