import { z } from 'zod';
import { metricType } from '../../../domain/signal.ts';
import type { Sample, Series } from '../../../domain/signal.ts';

/**
 * `metrics.ndjson`: a line is a time axis `{ axis, times }` (the first in milliseconds since the epoch, the others as differences) or a
 * series, with `axis` and `values`, or self-contained with `samples`.
 */
const axisLine = z.object({ axis: z.number().int().min(0), times: z.array(z.number()) });
const head = {
  metric: z.string(),
  type: metricType,
  entity: z.string().min(1),
  labels: z.record(z.string(), z.string()),
  unit: z.string().optional(),
};
const packedLine = z.object({ ...head, axis: z.number().int().min(0), values: z.array(z.number()) });
const plainLine = z.object({ ...head, samples: z.array(z.tuple([z.number(), z.number()])) });

/** The lines of `metrics.ndjson`: each distinct list of times is written once. */
export function writeSeriesLines(all: readonly Series[]): string[] {
  const axes = new Map<string, number>();
  const lines: string[] = [];
  for (const { samples, ...rest } of all) {
    if (!samples.every(([time]) => Number.isInteger(time))) {
      lines.push(JSON.stringify({ ...rest, samples }));
      continue;
    }
    const times = samples.map(([time], index) => (index === 0 ? time : time - samples[index - 1]![0]));
    const key = times.join(',');
    let axis = axes.get(key);
    if (axis === undefined) {
      axes.set(key, (axis = axes.size));
      lines.push(JSON.stringify({ axis, times }));
    }
    lines.push(JSON.stringify({ ...rest, axis, values: samples.map(([, value]) => value) }));
  }
  return lines;
}

/** Reads lines as `writeSeriesLines` makes them, in order; throws what does not fit, naming no file. */
export function createSeriesReader(): (line: unknown) => Series | undefined {
  const axes = new Map<number, readonly number[]>();
  return (line) => {
    if (hasMember(line, 'samples')) return withUnit(plainLine.parse(line));
    if (hasMember(line, 'times')) {
      const { axis, times } = axisLine.parse(line);
      let at = 0;
      axes.set(
        axis,
        times.map((difference) => (at += difference)),
      );
      return undefined;
    }
    const { axis, values, ...rest } = packedLine.parse(line);
    const times = axes.get(axis);
    if (times?.length !== values.length) throw new RangeError(`series ${rest.metric} does not fit axis ${axis}`);
    return withUnit({ ...rest, samples: times.map((time, index): Sample => [time, values[index]!]) });
  };
}

function withUnit(series: Omit<Series, 'unit'> & { unit?: string | undefined }): Series {
  const { unit, ...rest } = series;
  return unit === undefined ? rest : { ...rest, unit };
}

function hasMember(line: unknown, name: string): boolean {
  return line !== null && typeof line === 'object' && Object.hasOwn(line, name);
}
