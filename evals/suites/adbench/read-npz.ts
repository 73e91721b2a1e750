import { readFileSync } from 'node:fs';
import { inflateRawSync } from 'node:zlib';
import { CerebroError } from '../../../infra/runtime/errors.ts';

/** One array of an `.npz` file, row-major. */
export interface NpzArray {
  shape: number[];
  values: Float64Array;
}

/** The numeric arrays of an `.npz` file (a zip of `.npy`, stored or deflated) by name. Throws INPUT_INVALID on another format. */
export function readNpz(path: string): Record<string, NpzArray> {
  const file = readFileSync(path);
  const end = file.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
  if (end < 0) throw new CerebroError('INPUT_INVALID', `${path} is not a zip file`);
  const arrays: Record<string, NpzArray> = {};
  let at = file.readUInt32LE(end + 16);
  for (let left = file.readUInt16LE(end + 10); left > 0; left -= 1) {
    const [method, packed, nameLength] = [
      file.readUInt16LE(at + 10),
      file.readUInt32LE(at + 20),
      file.readUInt16LE(at + 28),
    ];
    const name = file.toString('utf8', at + 46, at + 46 + nameLength);
    const local = file.readUInt32LE(at + 42);
    const start = local + 30 + file.readUInt16LE(local + 26) + file.readUInt16LE(local + 28);
    const body = file.subarray(start, start + packed);
    arrays[name.replace(/\.npy$/, '')] = parseNpy(method === 8 ? inflateRawSync(body) : body, `${path}:${name}`);
    at += 46 + nameLength + file.readUInt16LE(at + 30) + file.readUInt16LE(at + 32);
  }
  return arrays;
}

const readers: Record<string, [number, (view: DataView, at: number) => number]> = {
  b1: [1, (view, at) => view.getUint8(at)],
  u1: [1, (view, at) => view.getUint8(at)],
  i1: [1, (view, at) => view.getInt8(at)],
  u2: [2, (view, at) => view.getUint16(at, true)],
  i2: [2, (view, at) => view.getInt16(at, true)],
  u4: [4, (view, at) => view.getUint32(at, true)],
  i4: [4, (view, at) => view.getInt32(at, true)],
  u8: [8, (view, at) => Number(view.getBigUint64(at, true))],
  i8: [8, (view, at) => Number(view.getBigInt64(at, true))],
  f4: [4, (view, at) => view.getFloat32(at, true)],
  f8: [8, (view, at) => view.getFloat64(at, true)],
};

/** An array in NumPy's format 1.0 to 3.0, little-endian. */
export function parseNpy(bytes: Uint8Array, name: string): NpzArray {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const wide = bytes[6]! > 1;
  const headerAt = wide ? 12 : 10;
  const headerLength = wide ? view.getUint32(8, true) : view.getUint16(8, true);
  const header = new TextDecoder().decode(bytes.subarray(headerAt, headerAt + headerLength));
  const reader = readers[/'descr': '[<|=](\w+)'/.exec(header)?.[1] ?? ''];
  if (reader === undefined) throw new CerebroError('INPUT_INVALID', `${name}: cannot read ${header}`);
  const shape = (/'shape': \(([^)]*)\)/.exec(header)?.[1] ?? '')
    .split(',')
    .filter((part) => part.trim() !== '')
    .map(Number);
  const [size, read] = reader;
  const cells = shape.reduce((product, dim) => product * dim, 1);
  const values = new Float64Array(cells);
  const byColumn = header.includes("'fortran_order': True") && shape.length === 2;
  const [rows, columns] = [shape[0] ?? 1, shape[1] ?? 1];
  for (let cell = 0; cell < cells; cell += 1) {
    const to = byColumn ? (cell % rows) * columns + Math.floor(cell / rows) : cell;
    values[to] = read(view, headerAt + headerLength + cell * size);
  }
  return { shape, values };
}
