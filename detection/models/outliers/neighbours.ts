/** The `k` nearest of the reference rows to each query row, nearest first: distances and indices, query after query. */
export interface Neighbours {
  distances: Float64Array;
  indices: Int32Array;
}

/**
 * Nearest neighbours by Euclidean distance, all compared (queries x references x columns). Squares are compared as float32, of equal ones the first reference is taken: what
 * an ONNX file finds does not hang on the last digit of a sum. `self` leaves out the reference with the query's own index.
 */
export function nearest(
  queries: Float64Array,
  references: Float64Array,
  { columns, k, self = false }: { columns: number; k: number; self?: boolean },
): Neighbours {
  const rows = queries.length / columns;
  const count = references.length / columns;
  const distances = new Float64Array(rows * k).fill(Number.POSITIVE_INFINITY);
  const indices = new Int32Array(rows * k).fill(-1);
  const all = new Float32Array(count);
  for (let row = 0; row < rows; row += 1) {
    distancesTo(queries.subarray(row * columns, (row + 1) * columns), references, all);
    if (self) all[row] = Number.POSITIVE_INFINITY;
    const base = row * k;
    let worst = Number.POSITIVE_INFINITY;
    for (let other = 0; other < count; other += 1) {
      const distance = all[other]!;
      if (distance >= worst) continue;
      let at = base + k - 1;
      for (; at > base && distances[at - 1]! > distance; at -= 1) {
        distances[at] = distances[at - 1]!;
        indices[at] = indices[at - 1]!;
      }
      distances[at] = distance;
      indices[at] = other;
      worst = distances[base + k - 1]!;
    }
    for (let at = base; at < base + k; at += 1) distances[at] = Math.sqrt(distances[at]!);
  }
  return { distances, indices };
}

/** Distance of each query to its k-th nearest. */
export function reachOf({ distances }: Neighbours, k: number): Float64Array {
  return Float64Array.from({ length: distances.length / k }, (_, row) => distances[row * k + k - 1]!);
}

function distancesTo(query: Float64Array, references: Float64Array, into: Float32Array): void {
  const columns = query.length;
  for (let other = 0, at = 0; other < into.length; other += 1) {
    let sum = 0;
    for (let c = 0; c < columns; c += 1, at += 1) {
      const difference = query[c]! - references[at]!;
      sum += difference * difference;
    }
    into[other] = sum;
  }
}
