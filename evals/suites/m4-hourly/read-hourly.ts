import { readFileSync } from 'node:fs';

/** Series of an M4 file: a header, then one a line, the id first, empty cells after the last value. */
export function readHourly(path: string): { id: string; values: Float64Array }[] {
  return readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => {
      const [id, ...cells] = line.split(',').map((cell) => cell.replaceAll('"', '').trim());
      return { id: id!, values: Float64Array.from(cells.filter((cell) => cell !== '').map(Number)) };
    });
}
