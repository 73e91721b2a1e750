import { systemClock } from '../../../infra/runtime/clock.ts';
import type { Prediction, Suite } from '../../suite.ts';
import { type Estate, makeEstate, type PlantedFault } from './make-estate.ts';
import { scoreWatch } from './score-watch.ts';
import { watchEstate } from './watch-estate.ts';

const size = { services: 15, days: 3, stepMs: 60_000 };
const faultsPlanted = 12;

/**
 * The product's standing watch (`app/standing-watch.ts`, settings by default) over made-up estates of 15 services, three days by the minute:
 * with nothing wrong, how many investigations it opens in an hour; with faults planted, how many it opens one about, and how soon. Needs no data; some
 * minutes an estate.
 */
export function createWatchSuite(options: Partial<typeof size & { faults: number }> = {}): Suite {
  const { faults = faultsPlanted, ...more } = options;
  const planted = new Map<string, PlantedFault[]>();
  return {
    name: 'watch',
    description:
      'What the standing watch opens by itself: quiet estates without an investigation, planted faults with one.',
    async *predict({ seeds, cases }) {
      for (const seed of seeds.length === 0 ? [1, 2, 3] : seeds) {
        for (const [kind, count] of [
          ['quiet', 0],
          ['faults', faults],
        ] as const) {
          const name = `${kind}-${seed}`;
          if (cases.length > 0 && !cases.includes(name)) continue;
          const began = systemClock.monotonic();
          const sized = { ...size, ...more };
          const estate = makeEstate({ ...sized, seed, faults: count });
          planted.set(name, estate.faults);
          yield await predictionOf(name, estate, { stepMs: sized.stepMs, madeMs: systemClock.monotonic() - began });
        }
      }
    },
    score: (predictions) => Promise.resolve(scoreWatch(predictions, planted)),
  };
}

async function predictionOf(
  name: string,
  estate: Estate,
  { stepMs, madeMs }: { stepMs: number; madeMs: number },
): Promise<Prediction> {
  const began = systemClock.monotonic();
  const steps = estate.series[0]?.samples.length ?? 0;
  const { openings, looks } = await watchEstate(estate);
  return {
    case: name,
    line: { hours: (steps * stepMs) / 3_600_000, series: estate.series.length, looks, openings },
    elapsedMs: systemClock.monotonic() - began + madeMs,
    calls: 0,
    tokens: 0,
    dollars: 0,
  };
}
