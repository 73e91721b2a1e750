import { closeSync, openSync, readFileSync, readSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { z } from 'zod';
import { canonicalJson } from '../../infra/runtime/canonical-json.ts';
import type { Frame } from '../features/frame.ts';
import type { Matrix } from '../matrix.ts';

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
  const parts = frames.flatMap(({ times, columns, labels }) => [
    times,
    ...columns,
    ...(labels === undefined ? [] : [Float64Array.from(labels)]),
  ]);
  writeFileSync(
    `${path}.bin`,
    Buffer.concat(parts.map((part) => Buffer.from(part.buffer, part.byteOffset, part.byteLength))),
  );
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

/** Keeps a float32 matrix as its bytes. */
export function writeRows(path: string, { values }: Matrix): void {
  const file = openSync(path, 'w');
  try {
    for (let at = 0; at < values.byteLength;)
      at += writeSync(
        file,
        new Uint8Array(values.buffer, values.byteOffset + at, Math.min(pieceBytes, values.byteLength - at)),
      );
  } finally {
    closeSync(file);
  }
}

/** A float32 matrix of so many columns. */
export function readRows(path: string, columns: number): Matrix {
  const values = new Float32Array(statSync(path).size / 4);
  const file = openSync(path, 'r');
  try {
    for (let at = 0; at < values.byteLength;) {
      const read = readSync(file, new Uint8Array(values.buffer, at, Math.min(pieceBytes, values.byteLength - at)));
      if (read === 0) throw new RangeError(`${path} ended early`);
      at += read;
    }
  } finally {
    closeSync(file);
  }
  return { rows: columns === 0 ? 0 : values.length / columns, columns, values };
}

/** Keeps numbers as float64. */
export function writeFloats(path: string, values: Float64Array): void {
  writeFileSync(path, Buffer.from(values.buffer, values.byteOffset, values.byteLength));
}

/** What `writeFloats` kept. */
export function floats(path: string): Float64Array {
  const bytes = readFileSync(path);
  return new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}
