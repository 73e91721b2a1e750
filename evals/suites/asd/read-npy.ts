import { readFileSync } from 'node:fs';
import { CerebroError } from '../../../infra/runtime/errors.ts';
import type { Matrix } from '../../../detection/models/matrix.ts';

/** A NumPy file (format 1.0, C order) of one or two dimensions, of float32, float64 or unsigned bytes. Throws INPUT_INVALID on any other. */
export function readNpy(path: string): Matrix {
  const bytes = readFileSync(path);
  const headerLength = bytes.readUInt16LE(8);
  const header = bytes.toString('latin1', 10, 10 + headerLength);
  const kind = /'descr': '([^']*)'/.exec(header)?.[1];
  const shape = (/'shape': \(([^)]*)\)/.exec(header)?.[1] ?? '')
    .split(',')
    .filter((part) => part.trim() !== '')
    .map(Number);
  const widths: Record<string, number> = { '<f4': 4, '<f8': 8, '|u1': 1, '|b1': 1 };
  const width = widths[kind ?? ''];
  if (width === undefined || header.includes("'fortran_order': True") || shape.length === 0 || shape.length > 2)
    throw new CerebroError('INPUT_INVALID', `${path} is not a NumPy file that can be read here: ${header.trim()}`);
  const [rows = 0, columns = 1] = shape;
  const start = 10 + headerLength;
  const values = Float64Array.from({ length: rows * columns }, (_, at) => {
    const offset = start + at * width;
    return width === 4 ? bytes.readFloatLE(offset) : width === 8 ? bytes.readDoubleLE(offset) : bytes[offset]!;
  });
  return { rows, columns, values };
}
