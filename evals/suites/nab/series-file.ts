import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Prediction } from '../../suite.ts';

/** A series as it lies in a CSV file: time, value, perhaps a label. */
export interface SeriesFile {
  name: string;
  stamps: string[];
  times: Float64Array;
  /** NaN for a missing value. */
  values: Float64Array;
}

/** The CSV files below a folder, one folder deep, by name, those asked for only. */
export function seriesFiles(root: string, only: readonly string[]): string[] {
  return readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => readdirSync(join(root, name)).map((file) => `${name}/${file}`))
    .filter((name) => name.endsWith('.csv') && (only.length === 0 || only.includes(name)))
    .sort();
}

/** Reads the first two columns of a CSV file with a header; further columns stay unread, for one of them may be the truth. Times without a zone are UTC. */
export function readSeries(root: string, name: string): SeriesFile {
  const lines = readFileSync(join(root, name), 'utf8').trim().split(/\r?\n/).slice(1);
  const cells = lines.map((line) => line.replaceAll('"', '').split(',', 2));
  const stamps = cells.map(([stamp]) => stamp ?? '');
  return {
    name,
    stamps,
    times: Float64Array.from(stamps, timeOf),
    values: Float64Array.from(cells, ([, value]) =>
      value === undefined || value.trim() === '' ? Number.NaN : Number(value),
    ),
  };
}

/** Milliseconds of a time such as `2014-02-14 14:30:00` or one in ISO form. */
export function timeOf(stamp: string): number {
  const text = stamp.trim().replace(' ', 'T');
  return Date.parse(/[Zz]$|[+-]\d\d:?\d\d$/.test(text) ? text : `${text}Z`);
}

/** The scores of a prediction of a series suite. */
export function scoresOf(prediction: Prediction): number[] {
  const scores = prediction.line['scores'];
  return Array.isArray(scores) ? scores.map(Number) : [];
}

/** Writes a folder of CSV files, one a case; `rows` turns a prediction into its lines, header first. */
export function writeSeriesFolder(
  predictions: readonly Prediction[],
  path: string,
  rows: (prediction: Prediction) => string[],
): Promise<void> {
  for (const prediction of predictions) {
    const file = join(path, prediction.case);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `${rows(prediction).join('\n')}\n`);
  }
  return Promise.resolve();
}
