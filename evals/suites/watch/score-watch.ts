import { z } from 'zod';
import type { Prediction, ScoreReport } from '../../suite.ts';
import { scoreOf } from '../stated.ts';
import type { PlantedFault } from './make-estate.ts';
import type { Opening } from './watch-estate.ts';

const opening = z.object({
  at: z.number(),
  trigger: z.enum(['finding', 'stream']),
  entities: z.array(z.object({ entity: z.string(), at: z.number() })),
});
const line = z.object({ hours: z.number(), series: z.number(), looks: z.number(), openings: z.array(opening) });

/** An opening so long after a fault's end is a false one. */
const afterMs = 600_000;
/**
 * What a watch opened (`predictions`, by case) against what was `planted`. An opening is true that names the entity of a fault while it lasts or within
 * ten minutes after; a fault is opened when that happens while it lasts.
 */
export function scoreWatch(
  predictions: readonly Prediction[],
  planted: ReadonlyMap<string, PlantedFault[]>,
): ScoreReport {
  const quietHours: boolean[] = [];
  const caught: { kind: string; afterMs: number | undefined }[] = [];
  const wrong = { finding: 0, stream: 0 };
  let hoursOfAll = 0;
  for (const { case: name, line: said } of predictions) {
    const { hours, openings } = line.parse(said);
    const faults = planted.get(name) ?? [];
    const belongs = ({ at, entities }: Opening): boolean =>
      faults.some(
        ({ from, to, entity }) =>
          at >= from && at < to + afterMs && entities.some((told) => told.entity === entity && told.at < to + afterMs),
      );
    const untrue = openings.filter((one) => !belongs(one));
    for (const { trigger } of untrue) wrong[trigger] += 1;
    hoursOfAll += hours;
    const bad = new Set(untrue.map(({ at }) => Math.floor(at / 3_600_000)));
    quietHours.push(...Array.from({ length: Math.round(hours) }, (_, hour) => hour >= bad.size));
    for (const fault of faults) {
      const first = openings.find(
        ({ at, entities }) =>
          at >= fault.from &&
          at < fault.to &&
          entities.some((told) => told.entity === fault.entity && told.at < fault.to),
      );
      caught.push({ kind: fault.kind, afterMs: first === undefined ? undefined : first.at - fault.from });
    }
  }
  const kinds = [...new Set(caught.map(({ kind }) => kind))].sort();
  return {
    scores: [
      scoreOf('hours without a false opening', quietHours),
      ...(caught.length === 0 ? [] : [scoreOf('faults with an opening while they last', caught.map(isOpened))]),
    ],
    failures: [],
    tables: [
      {
        title: falseOpenings(wrong, hoursOfAll),
        header: ['fault', 'opened', 'after minutes (median)'],
        rows: kinds.map((kind) => {
          const mine = caught.filter((one) => one.kind === kind);
          const minutes = mine
            .flatMap((one) => (one.afterMs === undefined ? [] : [one.afterMs / 60_000]))
            .sort((left, right) => left - right);
          return [
            kind,
            `${minutes.length} of ${mine.length}`,
            minutes[Math.floor(minutes.length / 2)]?.toFixed(1) ?? '',
          ];
        }),
      },
    ],
  };
}

function falseOpenings({ finding, stream }: { finding: number; stream: number }, hours: number): string {
  const rate = ((finding + stream) / Math.max(1, hours)).toFixed(4);
  return `${rate} false openings an hour (${finding} by findings, ${stream} by streams alone, in ${Math.round(hours)} h)`;
}

function isOpened({ afterMs: after }: { afterMs: number | undefined }): boolean {
  return after !== undefined;
}
