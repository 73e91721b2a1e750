import { z } from 'zod';
import { type Frame, joinFloats, stepOf } from '../features/frame.ts';
import type { TelemetryTable } from '../ingest/telemetry-table.ts';
import type { DataSchema } from './data-schema.ts';
import { driftOf } from './drift.ts';
import { type QuarantinedRow, splitTable } from './split-table.ts';

const checkNames = [
  'schema',
  'readable',
  'missing',
  'range',
  'order',
  'duplicates',
  'gaps',
  'outliers',
  'labels',
  'drift',
] as const;

/** One thing that was looked at. `share` is the part of rows, cells or columns that it concerns, 0 to 1. */
const dataCheck = z.object({
  name: z.enum(checkNames),
  verdict: z.enum(['good', 'warning', 'bad']),
  count: z.number(),
  share: z.number(),
  message: z.string(),
});
export type DataCheck = z.infer<typeof dataCheck>;

/** What the data is worth, as plain JSON. `quality` is 1 for data without a fault, and falls with the share and weight of each. */
export const validationReport = z.object({
  source: z.string(),
  rows: z.number(),
  kept: z.number(),
  quarantined: z.number(),
  entities: z.number(),
  columns: z.array(z.string()),
  from: z.number().nullable(),
  to: z.number().nullable(),
  quality: z.number(),
  checks: z.array(dataCheck),
});
export type ValidationReport = z.infer<typeof validationReport>;

export interface ValidatedTable {
  frames: Frame[];
  quarantined: QuarantinedRow[];
  report: ValidationReport;
}

/** How much a whole data set with this fault is worth less. */
const weights: Record<DataCheck['name'], number> = {
  schema: 1,
  readable: 1,
  missing: 0.6,
  range: 0.8,
  order: 0.1,
  duplicates: 0.4,
  gaps: 0.5,
  outliers: 0.3,
  labels: 0.2,
  drift: 0.4,
};

/** Share from which a check warns, and from which it is bad. */
const limits: Record<DataCheck['name'], readonly [number, number]> = {
  schema: [1e-9, 1e-9],
  readable: [1e-9, 0.05],
  missing: [0.02, 0.3],
  range: [1e-9, 0.05],
  order: [1e-9, 0.5],
  duplicates: [1e-9, 0.2],
  gaps: [0.01, 0.3],
  outliers: [0.02, 0.2],
  labels: [1e-9, 2],
  drift: [1e-9, 0.5],
};

/**
 * Judges a table and cuts it into frames. Looks at schema, readable cells, missing values, ranges, order of time, duplicates, gaps,
 * outliers (further than 10 median absolute deviations from the median), balance of labels and, against a sorted `reference` of each
 * column, drift (PSI above .25, or KS above .1 with p below .01). Never throws for bad data: the report says so.
 */
export function validateTable(
  table: TelemetryTable,
  schema: DataSchema,
  reference: Readonly<Record<string, Float64Array>> = {},
): ValidatedTable {
  const { frames, quarantined, reordered } = splitTable(table, schema);
  const rows = table.at.length + table.faults.filter(({ row }) => row < 0).length;
  const kept = frames.reduce((sum, frame) => sum + frame.times.length, 0);
  const cells = kept * table.names.length;
  const count = (pattern: RegExp): number => quarantined.filter(({ reason }) => pattern.test(reason)).length;
  const absent = schema.required.filter((name) => !table.names.includes(name));
  const missing = sum(frames, (frame) =>
    sum(frame.columns, (column) => column.reduce((n, value) => n + (value === value ? 0 : 1), 0)),
  );
  const unordered = count(/repeats|contradicts/);
  const outside = count(/outside/);
  const gaps = sum(frames, (frame) => gapsOf(frame, schema).missed);
  const outliers = sum(frames, (frame) => sum(frame.columns, outliersOf));
  const checks = [
    check(
      'schema',
      absent.length,
      schema.required.length,
      absent.length === 0 ? 'all required columns are there' : `lacks ${absent.join(', ')}`,
    ),
    check('readable', quarantined.length - unordered - outside, rows, 'rows that could not be read'),
    check('missing', missing, cells, worstColumn(table.names, frames)),
    check('range', outside, rows, 'rows with a value outside its declared range'),
    check('order', reordered, rows, 'rows that came later than a newer one; they were put in order'),
    check('duplicates', unordered, rows, 'rows whose entity and time were there already'),
    check('gaps', gaps, gaps + kept, 'samples that are missing in gaps'),
    check('outliers', outliers, cells, 'cells more than 10 median absolute deviations from the median of their column'),
    labelCheck(frames),
    driftCheck(table.names, frames, reference),
  ];
  const quality =
    rows === 0 ? 0 : checks.reduce((left, { name, share }) => left * (1 - weights[name] * Math.min(1, share)), 1);
  return {
    frames,
    quarantined,
    report: {
      source: table.source,
      rows,
      kept,
      quarantined: quarantined.length,
      entities: frames.length,
      columns: [...table.names],
      from: frames.length === 0 ? null : Math.min(...frames.map(({ times }) => times[0]!)),
      to: frames.length === 0 ? null : Math.max(...frames.map(({ times }) => times.at(-1)!)),
      quality: Math.round(quality * 1e4) / 1e4,
      checks,
    },
  };
}

function check(name: DataCheck['name'], count: number, of: number, message: string): DataCheck {
  const share = of === 0 ? 0 : count / of;
  const [warns, bad] = limits[name];
  return { name, verdict: share >= bad ? 'bad' : share >= warns ? 'warning' : 'good', count, share, message };
}

function worstColumn(names: readonly string[], frames: readonly Frame[]): string {
  const worst = names
    .map((name, c) => ({
      name,
      missing: sum(frames, ({ columns }) => columns[c]!.reduce((n, value) => n + (value === value ? 0 : 1), 0)),
    }))
    .sort((left, right) => right.missing - left.missing)[0];
  return worst === undefined || worst.missing === 0
    ? 'missing cells'
    : `missing cells, most in ${worst.name} (${worst.missing})`;
}

/** Gaps of a frame longer than the schema allows, and how many usual steps are missing in them. */
export function gapsOf(frame: Frame, schema: Pick<DataSchema, 'longestGapMs'>): { gaps: number; missed: number } {
  const step = stepOf(frame.times);
  const longest = schema.longestGapMs ?? 3 * step;
  let gaps = 0;
  let missed = 0;
  for (let r = 1; r < frame.times.length; r += 1) {
    const apart = frame.times[r]! - frame.times[r - 1]!;
    if (apart <= longest) continue;
    gaps += 1;
    missed += Math.round(apart / step) - 1;
  }
  return { gaps, missed };
}

function outliersOf(column: Float64Array): number {
  const sorted = column.filter((value) => value === value).sort();
  if (sorted.length < 20) return 0;
  const median = sorted[sorted.length >> 1]!;
  const apart = sorted.map((value) => Math.abs(value - median)).sort();
  const deviation = 1.4826 * apart[apart.length >> 1]!;
  return deviation === 0 ? 0 : apart.reduce((n, value) => n + (value > 10 * deviation ? 1 : 0), 0);
}

function labelCheck(frames: readonly Frame[]): DataCheck {
  const classes = frames[0]?.classes;
  if (classes === undefined) return { name: 'labels', verdict: 'good', count: 0, share: 0, message: 'no labels' };
  const counts = classes.map((_, index) =>
    sum(frames, ({ labels }) => (labels ?? new Int32Array()).reduce((n, label) => n + (label === index ? 1 : 0), 0)),
  );
  const thin = classes.filter((_, index) => counts[index]! < 10);
  const words = classes.map((name, index) => `${name} ${counts[index]}`).join(', ');
  return check(
    'labels',
    thin.length,
    classes.length,
    thin.length === 0 ? words : `${words}; too few of ${thin.join(', ')} (10 are needed)`,
  );
}

function driftCheck(
  names: readonly string[],
  frames: readonly Frame[],
  reference: Readonly<Record<string, Float64Array>>,
): DataCheck {
  const compared = names.flatMap((name, c) => {
    const before = reference[name];
    const values = joinFloats(frames.map(({ columns }) => columns[c]!));
    const drift = before === undefined ? undefined : driftOf(before, values);
    return drift === undefined ? [] : [{ name, ...drift }];
  });
  const shifted = compared
    .filter(({ psi, ks, pValue }) => psi > 0.25 || (ks > 0.1 && pValue < 0.01))
    .sort((left, right) => right.psi - left.psi);
  const words = shifted.slice(0, 5).map(({ name, psi, ks }) => `${name} (PSI ${psi.toFixed(2)}, KS ${ks.toFixed(2)})`);
  const message =
    compared.length === 0
      ? 'nothing to compare with'
      : words.length === 0
        ? 'as in training'
        : `differs from training: ${words.join(', ')}`;
  return check('drift', shifted.length, compared.length, message);
}

function sum<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((total, item) => total + value(item), 0);
}
