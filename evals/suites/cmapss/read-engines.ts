import { readFileSync } from 'node:fs';
import type { Matrix } from '../../../detection/models/matrix.ts';

/** An engine's cycles, oldest first: three settings and 21 sensors a row. */
export interface Engine {
  id: string;
  history: Matrix;
}

/** The columns of a C-MAPSS file after engine and cycle. */
export const engineSignals = [
  ...Array.from({ length: 3 }, (_, index) => `setting ${index + 1}`),
  ...Array.from({ length: 21 }, (_, index) => `sensor ${index + 1}`),
];

/** Engines of a file of lines `engine cycle setting1..3 sensor1..21`, in the order of the file. */
export function readEngines(path: string): Engine[] {
  const rows = new Map<string, number[]>();
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    const cells = line.trim().split(/\s+/);
    if (cells.length < 26) continue;
    const known = rows.get(cells[0]!) ?? [];
    for (let column = 2; column < 26; column += 1) known.push(Number(cells[column]));
    rows.set(cells[0]!, known);
  }
  return [...rows].map(([id, values]) => ({
    id,
    history: { rows: values.length / 24, columns: 24, values: Float64Array.from(values) },
  }));
}

/** The first cycles of an engine, as they were known then. */
export function firstCycles({ id, history }: Engine, cycles: number): Engine {
  return {
    id,
    history: { rows: cycles, columns: history.columns, values: history.values.subarray(0, cycles * history.columns) },
  };
}
