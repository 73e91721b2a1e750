import { z } from 'zod';
import { createOpeningBudget } from '../../../app/opening-budget.ts';
import { createStreamWatch } from '../../../detection/streams/stream-watch.ts';
import { configSchema } from '../../../config.ts';
import { systemClock } from '../../../infra/runtime/clock.ts';
import type { Prediction, ScoreReport, Suite } from '../../suite.ts';
import { scoreOf } from '../stated.ts';
import { type Estate, makeEstate, type PlantedFault } from './make-estate.ts';

const opening = z.object({ at: z.number(), entities: z.array(z.string()) });
const line = z.object({ hours: z.number(), series: z.number(), openings: z.array(opening) });
type Opening = z.infer<typeof opening>;

/** An opening so long after a fault's end is a false one. */
const afterMs = 600_000;
const size = { services: 30, days: 5, stepMs: 60_000 };
const faultsPlanted = 24;

/**
 * The standing watch's streams over made-up estates of 300 series, five days by the minute: with nothing wrong, how many investigations they open in
 * an hour; with faults planted, how many they open an investigation about, and how soon. Needs no data.
 */
export function createWatchSuite(options: Partial<typeof size & { faults: number }> = {}): Suite {
  const { faults = faultsPlanted, ...more } = options;
  const planted = new Map<string, PlantedFault[]>();
  return {
    name: 'watch',
    description: 'What streams open by themselves: quiet estates without an investigation, planted faults with one.',
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
          yield predictionOf(name, estate, { stepMs: sized.stepMs, madeMs: systemClock.monotonic() - began });
        }
      }
      await Promise.resolve();
    },
    score: (predictions) => Promise.resolve(scoreWatch(predictions, planted)),
  };
}

function predictionOf(
  name: string,
  estate: Estate,
  { stepMs, madeMs }: { stepMs: number; madeMs: number },
): Prediction {
  const began = systemClock.monotonic();
  const times = estate.series[0]?.samples.map(([at]) => at) ?? [];
  const found = openingsOver(estate, times);
  return {
    case: name,
    line: { hours: (times.length * stepMs) / 3_600_000, series: estate.series.length, openings: found },
    elapsedMs: systemClock.monotonic() - began + madeMs,
    calls: 0,
    tokens: 0,
    dollars: 0,
  };
}

/**
 * What streams open, step by step: alarms open, calm for two steps ends, budget and cool-down hold back, nothing is learned while one is open. Of
 * the product's triage this leaves out findings, patience, and that alarms which last are taken as the new normal.
 */
function openingsOver({ series }: Estate, times: readonly number[]): Opening[] {
  const settings = configSchema.parse({}).watch;
  const streams = createStreamWatch({ threshold: settings.threshold, most: settings.mostSeries });
  const budget = createOpeningBudget({
    perHour: settings.openingsPerHour,
    coolDownMs: settings.coolDownMinutes * 60_000,
  });
  const openings: Opening[] = [];
  let open: { entities: Set<string>; calm: number } | undefined;
  for (const [step, now] of times.entries()) {
    streams.feed(
      series.map((one) => ({ ...one, samples: one.samples.slice(step, step + 1) })),
      open === undefined,
    );
    const entities = new Set(streams.look(now).alarms.map((alarm) => alarm.series.entity));
    if (entities.size === 0) {
      if (open === undefined || (open.calm += 1) < 2) continue;
      budget.ended(open.entities, now);
      open = undefined;
      continue;
    }
    if (open === undefined) {
      if (!budget.allows(entities, now)) continue;
      budget.opened(now);
      openings.push({ at: now, entities: [...entities] });
      open = { entities, calm: 0 };
    }
    open.calm = 0;
    for (const entity of entities) open.entities.add(entity);
  }
  return openings;
}

function scoreWatch(predictions: readonly Prediction[], planted: ReadonlyMap<string, PlantedFault[]>): ScoreReport {
  const quietHours: boolean[] = [];
  const caught: { kind: string; afterMs: number | undefined }[] = [];
  let wrong = 0;
  let hoursOfAll = 0;
  for (const { case: name, line: said } of predictions) {
    const { hours, openings } = line.parse(said);
    const faults = planted.get(name) ?? [];
    const belongs = ({ at }: Opening): boolean => faults.some(({ from, to }) => at >= from && at < to + afterMs);
    const untrue = openings.filter((one) => !belongs(one));
    wrong += untrue.length;
    hoursOfAll += hours;
    const bad = new Set(untrue.map(({ at }) => Math.floor(at / 3_600_000)));
    quietHours.push(...Array.from({ length: Math.round(hours) }, (_, hour) => hour >= bad.size));
    for (const fault of faults) {
      const first = openings.find(
        ({ at, entities }) => at >= fault.from && at < fault.to && entities.includes(fault.entity),
      );
      caught.push({ kind: fault.kind, afterMs: first === undefined ? undefined : first.at - fault.from });
    }
  }
  const kinds = [...new Set(caught.map(({ kind }) => kind))].sort();
  return {
    scores: [
      scoreOf('hours without a false opening', quietHours),
      scoreOf(
        'faults with an opening while they last',
        caught.map((one) => one.afterMs !== undefined),
      ),
    ],
    failures: [],
    tables: [
      {
        title: `${(wrong / Math.max(1, hoursOfAll)).toFixed(4)} false openings an hour (${wrong} in ${Math.round(hoursOfAll)} h)`,
        header: ['fault', 'opened', 'after minutes (median)'],
        rows: kinds.map((kind) => {
          const mine = caught.filter((one) => one.kind === kind);
          const minutes = mine
            .flatMap((one) => (one.afterMs === undefined ? [] : [one.afterMs / 60_000]))
            .sort((left, right) => left - right);
          return [kind, `${minutes.length} of ${mine.length}`, String(minutes[Math.floor(minutes.length / 2)] ?? '')];
        }),
      },
    ],
  };
}
