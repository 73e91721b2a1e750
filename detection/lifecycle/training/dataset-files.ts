import { closeSync, fstatSync, openSync, readFileSync, readSync, writeFileSync, writeSync } from 'node:fs';
import { z } from 'zod';
import { canonicalJson } from '../../../infra/runtime/canonical-json.ts';
import type { Frame } from '../features/frame.ts';
import type { Matrix } from '../../models/matrix.ts';
import type { StoredRows } from '../../models/stored-rows.ts';

const framesHead = z.object({
  names: z.array(z.string()),
  classes: z.array(z.string()).optional(),
  frames: z.array(z.object({ entity: z.string(), rows: z.number() })),
});

/** Keeps frames as `<path>.json` (names, entities) and `<path>.bin` (times, columns and labels as float64, frame by frame). */
export function writeFrames(path: string, frames: readonly Frame[]): void {
  const first = frames[0];
  writeFileSync(
    `${path}.json`,
    canonicalJson({
      names: first?.names ?? [],
      classes: first?.classes,
      frames: frames.map(({ entity, times }) => ({ entity, rows: times.length })),
    }),
  );
  writeParts(`${path}.bin`, partsOf(frames));
}

function* partsOf(frames: readonly Frame[]): Generator<Float64Array> {
  for (const { times, columns, labels } of frames) {
    yield times;
    yield* columns;
    if (labels !== undefined) yield Float64Array.from(labels);
  }
}

/** What `writeFrames` kept. */
export function readFrames(path: string): Frame[] {
  const { names, classes, frames } = framesHead.parse(JSON.parse(readFileSync(`${path}.json`, 'utf8')));
  const all = floats(`${path}.bin`);
  let at = 0;
  const take = (rows: number): Float64Array => {
    at += rows;
    return all.subarray(at - rows, at);
  };
  return frames.map(({ entity, rows }) => ({
    entity,
    times: take(rows),
    names,
    columns: names.map(() => take(rows)),
    ...(classes === undefined ? {} : { classes, labels: Int32Array.from(take(rows)) }),
  }));
}

/** Most bytes that one call reads or writes: Node takes no more than 2 GiB at once. */
const pieceBytes = 2 ** 30;

/** Keeps the rows of float32 matrices, one below the other, as their bytes. */
export function writeRows(path: string, parts: Iterable<Matrix>): void {
  writeParts(
    path,
    (function* () {
      for (const { values } of parts) yield values;
    })(),
  );
}

function writeParts(path: string, parts: Iterable<Float32Array | Float64Array>): void {
  const file = openSync(path, 'w');
  try {
    for (const { buffer, byteOffset, byteLength } of parts)
      for (let at = 0; at < byteLength;)
        at += writeSync(file, new Uint8Array(buffer, byteOffset + at, Math.min(pieceBytes, byteLength - at)));
  } finally {
    closeSync(file);
  }
}

/** A float32 matrix of so many columns, read as it is asked for. Close it when done. Throws RangeError where the file ends within a row. */
export function openRows(path: string, columns: number): StoredRows & Disposable {
  const file = openSync(path, 'r');
  const rows = columns === 0 ? 0 : fstatSync(file).size / 4 / columns;
  if (!Number.isInteger(rows)) {
    closeSync(file);
    throw new RangeError(`${path} holds no whole number of rows of ${columns} columns`);
  }
  return {
    rows,
    columns,
    read: (from, count, into) => readAt(file, from * columns * 4, into.subarray(0, count * columns)),
    [Symbol.dispose]: () => closeSync(file),
  };
}

function readAt(file: number, from: number, into: Float32Array | Float64Array): void {
  for (let at = 0; at < into.byteLength;) {
    const length = Math.min(pieceBytes, into.byteLength - at);
    const read = readSync(file, new Uint8Array(into.buffer, into.byteOffset + at, length), 0, length, from + at);
    if (read === 0) throw new RangeError('a file of rows ended early');
    at += read;
  }
}

/** Keeps numbers as float64. */
export function writeFloats(path: string, values: Float64Array): void {
  writeParts(path, [values]);
}

/** What `writeFloats` kept. */
export function floats(path: string): Float64Array {
  const file = openSync(path, 'r');
  try {
    const values = new Float64Array(fstatSync(file).size / 8);
    readAt(file, 0, values);
    return values;
  } finally {
    closeSync(file);
  }
}
