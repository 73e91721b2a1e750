/** A request that waits: its rows, row-major. */
export interface Pending {
  key: string;
  values: Float32Array<ArrayBuffer>;
  columns: number;
  resolve(output: Float32Array): void;
  reject(thrown: unknown): void;
}

/** What one thread runs: whole requests of one model joined, or a part of one. `done` hands each request its part of the output. */
export interface Batch {
  key: string;
  values: Float32Array<ArrayBuffer>;
  columns: number;
  done(output: Float32Array): void;
  fail(thrown: unknown): void;
}

/**
 * Takes from the front of the queue what `free` threads can run now. The first request decides the model; others of that model (and width)
 * join it up to `maxBatch` rows, whatever stands between them. A request alone in its batch with at least `worthSplitting` rows a part is cut
 * over the threads that are left.
 */
export function planBatches(
  queue: Pending[],
  free: number,
  { maxBatch, worthSplitting }: { maxBatch: number; worthSplitting: number },
): Batch[] {
  const batches: Batch[] = [];
  while (queue.length > 0 && batches.length < free) {
    const first = queue.shift()!;
    const joined = [first];
    let rows = rowsOf(first);
    for (let i = 0; i < queue.length;) {
      const next = queue[i]!;
      if (next.key !== first.key || next.columns !== first.columns || rows + rowsOf(next) > maxBatch) {
        i += 1;
        continue;
      }
      joined.push(next);
      rows += rowsOf(next);
      queue.splice(i, 1);
    }
    const parts = Math.min(free - batches.length, Math.floor(rows / worthSplitting));
    // Requests of other models would wait longer if this one took every thread.
    if (joined.length === 1 && queue.length === 0 && parts > 1) batches.push(...cut(first, parts));
    else batches.push(join(joined, rows));
  }
  return batches;
}

function rowsOf({ values, columns }: Pending): number {
  return values.length / columns;
}

function join(requests: readonly Pending[], rows: number): Batch {
  const { key, columns } = requests[0]!;
  const values = requests.length === 1 ? requests[0]!.values : new Float32Array(rows * columns);
  if (requests.length > 1) {
    let at = 0;
    for (const request of requests) {
      values.set(request.values, at);
      at += request.values.length;
    }
  }
  const sizes = requests.map(rowsOf);
  return {
    key,
    columns,
    values,
    done(output) {
      if (requests.length === 1) {
        requests[0]!.resolve(output);
        return;
      }
      const width = output.length / rows;
      let at = 0;
      for (const [index, request] of requests.entries()) {
        request.resolve(output.slice(at, at + sizes[index]! * width));
        at += sizes[index]! * width;
      }
    },
    fail: (thrown) => {
      for (const request of requests) request.reject(thrown);
    },
  };
}

function cut(request: Pending, parts: number): Batch[] {
  const rows = rowsOf(request);
  const size = Math.ceil(rows / parts);
  const outputs: Float32Array[] = [];
  let left = Math.ceil(rows / size);
  return Array.from({ length: left }, (_, part) => ({
    key: request.key,
    columns: request.columns,
    values: request.values.slice(part * size * request.columns, (part + 1) * size * request.columns),
    done(output) {
      outputs[part] = output;
      left -= 1;
      if (left > 0) return;
      const whole = new Float32Array(outputs.reduce((sum, one) => sum + one.length, 0));
      let at = 0;
      for (const one of outputs) {
        whole.set(one, at);
        at += one.length;
      }
      request.resolve(whole);
    },
    fail: (thrown) => request.reject(thrown),
  }));
}
