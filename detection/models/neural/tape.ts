/** A matrix on the tape: values and, after `backward`, how the loss changes with each of them. */
export interface Cell {
  rows: number;
  columns: number;
  values: Float64Array;
  slopes: Float64Array;
  /** How it was made, for the ONNX writer. */
  made: Made;
}

export type Made =
  | { op: 'input' | 'constant' | 'parameter' }
  | { op: 'multiply' | 'add' | 'times'; of: [Cell, Cell] }
  | { op: 'sigmoid' | 'tanh' | 'rectify' | 'exponent'; of: [Cell] }
  | { op: 'columns'; of: [Cell]; from: number; to: number }
  | { op: 'beside'; of: Cell[] }
  | { op: 'fold'; of: [Cell]; columns: number }
  | { op: 'mix'; of: [Cell]; weights: Float64Array; nodes: number }
  | { op: 'attend'; of: [Cell, Cell, Cell]; steps: number };

/**
 * Reverse-mode differentiation over matrices (Linnainmaa 1976): operations are written down as they are done and undone in reverse. A row is a
 * sample, or a step or node of one where `fold` has split it; operations keep samples apart, so a traced net runs on any number of them.
 */
export interface Tape {
  input(rows: number, columns: number, values: Float64Array): Cell;
  constant(rows: number, columns: number, values: Float64Array): Cell;
  multiply(left: Cell, right: Cell): Cell;
  /** Sum; a right side of one row is added to every row. */
  add(left: Cell, right: Cell): Cell;
  /** Product element by element; a right side of one row is used for every row. */
  times(left: Cell, right: Cell): Cell;
  sigmoid(of: Cell): Cell;
  tanh(of: Cell): Cell;
  rectify(of: Cell): Cell;
  exponent(of: Cell): Cell;
  columns(of: Cell, from: number, to: number): Cell;
  beside(...of: Cell[]): Cell;
  /** The same values in rows of another width. */
  fold(of: Cell, columns: number): Cell;
  /** Rows in groups of `nodes`: each becomes the sum of its group's rows by the weights (nodes x nodes). */
  mix(of: Cell, weights: Float64Array, nodes: number): Cell;
  /** Rows in groups of `steps`: softmax attention of each group (Vaswani et al. 2017, equation 1). */
  attend(query: Cell, key: Cell, value: Cell, steps: number): Cell;
  /** Slopes of all that led to `of`, from those given for it. */
  backward(of: Cell, slopes: Float64Array): void;
}

export function cellOf(rows: number, columns: number, values: Float64Array, made: Made): Cell {
  return { rows, columns, values, slopes: new Float64Array(values.length), made };
}

export function createTape(): Tape {
  const undo: (() => void)[] = [];
  const cell = (rows: number, columns: number, made: Made): Cell =>
    cellOf(rows, columns, new Float64Array(rows * columns), made);
  const each = (of: Cell, made: Made, value: (x: number) => number, slope: (y: number) => number): Cell => {
    const out = cell(of.rows, of.columns, made);
    for (let i = 0; i < out.values.length; i += 1) out.values[i] = value(of.values[i]!);
    undo.push(() => {
      for (let i = 0; i < out.values.length; i += 1) of.slopes[i]! += out.slopes[i]! * slope(out.values[i]!);
    });
    return out;
  };
  return {
    input: (rows, columns, values) => cellOf(rows, columns, values, { op: 'input' }),
    constant: (rows, columns, values) => cellOf(rows, columns, values, { op: 'constant' }),
    multiply(left, right) {
      const out = cell(left.rows, right.columns, { op: 'multiply', of: [left, right] });
      const inner = left.columns;
      const width = right.columns;
      for (let r = 0; r < left.rows; r += 1)
        for (let k = 0; k < inner; k += 1) {
          const factor = left.values[r * inner + k]!;
          if (factor === 0) continue;
          for (let c = 0; c < width; c += 1) out.values[r * width + c]! += factor * right.values[k * width + c]!;
        }
      undo.push(() => {
        for (let r = 0; r < left.rows; r += 1)
          for (let k = 0; k < inner; k += 1) {
            const factor = left.values[r * inner + k]!;
            let sum = 0;
            for (let c = 0; c < width; c += 1) {
              const slope = out.slopes[r * width + c]!;
              sum += slope * right.values[k * width + c]!;
              right.slopes[k * width + c]! += factor * slope;
            }
            left.slopes[r * inner + k]! += sum;
          }
      });
      return out;
    },
    add(left, right) {
      const out = cell(left.rows, left.columns, { op: 'add', of: [left, right] });
      const size = right.values.length;
      for (let i = 0; i < out.values.length; i += 1) out.values[i] = left.values[i]! + right.values[i % size]!;
      undo.push(() => {
        for (let i = 0; i < out.values.length; i += 1) {
          left.slopes[i]! += out.slopes[i]!;
          right.slopes[i % size]! += out.slopes[i]!;
        }
      });
      return out;
    },
    times(left, right) {
      const out = cell(left.rows, left.columns, { op: 'times', of: [left, right] });
      const size = right.values.length;
      for (let i = 0; i < out.values.length; i += 1) out.values[i] = left.values[i]! * right.values[i % size]!;
      undo.push(() => {
        for (let i = 0; i < out.values.length; i += 1) {
          left.slopes[i]! += out.slopes[i]! * right.values[i % size]!;
          right.slopes[i % size]! += out.slopes[i]! * left.values[i]!;
        }
      });
      return out;
    },
    sigmoid: (of) =>
      each(
        of,
        { op: 'sigmoid', of: [of] },
        (x) => 1 / (1 + Math.exp(-x)),
        (y) => y * (1 - y),
      ),
    tanh: (of) => each(of, { op: 'tanh', of: [of] }, Math.tanh, (y) => 1 - y * y),
    rectify: (of) =>
      each(
        of,
        { op: 'rectify', of: [of] },
        (x) => Math.max(0, x),
        (y) => (y > 0 ? 1 : 0),
      ),
    exponent: (of) => each(of, { op: 'exponent', of: [of] }, Math.exp, (y) => y),
    columns(of, from, to) {
      const width = to - from;
      const out = cell(of.rows, width, { op: 'columns', of: [of], from, to });
      for (let r = 0; r < of.rows; r += 1)
        out.values.set(of.values.subarray(r * of.columns + from, r * of.columns + to), r * width);
      undo.push(() => {
        for (let r = 0; r < of.rows; r += 1)
          for (let c = 0; c < width; c += 1) of.slopes[r * of.columns + from + c]! += out.slopes[r * width + c]!;
      });
      return out;
    },
    beside(...of) {
      const width = of.reduce((sum, one) => sum + one.columns, 0);
      const rows = of[0]!.rows;
      const out = cell(rows, width, { op: 'beside', of });
      const move = (back: boolean): void => {
        let from = 0;
        for (const one of of) {
          for (let r = 0; r < rows; r += 1)
            for (let c = 0; c < one.columns; c += 1)
              if (back) one.slopes[r * one.columns + c]! += out.slopes[r * width + from + c]!;
              else out.values[r * width + from + c] = one.values[r * one.columns + c]!;
          from += one.columns;
        }
      };
      move(false);
      undo.push(() => move(true));
      return out;
    },
    fold(of, columns) {
      const out = cell(of.values.length / columns, columns, { op: 'fold', of: [of], columns });
      out.values.set(of.values);
      undo.push(() => {
        for (let i = 0; i < out.slopes.length; i += 1) of.slopes[i]! += out.slopes[i]!;
      });
      return out;
    },
    mix(of, weights, nodes) {
      const out = cell(of.rows, of.columns, { op: 'mix', of: [of], weights, nodes });
      const width = of.columns;
      const move = (from: Float64Array, to: Float64Array, back: boolean): void => {
        for (let group = 0; group < of.rows; group += nodes)
          for (let i = 0; i < nodes; i += 1)
            for (let j = 0; j < nodes; j += 1) {
              const weight = back ? weights[j * nodes + i]! : weights[i * nodes + j]!;
              if (weight === 0) continue;
              for (let c = 0; c < width; c += 1)
                to[(group + i) * width + c]! += weight * from[(group + j) * width + c]!;
            }
      };
      move(of.values, out.values, false);
      undo.push(() => move(out.slopes, of.slopes, true));
      return out;
    },
    attend(query, key, value, steps) {
      const out = cell(value.rows, value.columns, { op: 'attend', of: [query, key, value], steps });
      undo.push(attendInto(out, { query, key, value, steps }));
      return out;
    },
    backward(of, slopes) {
      of.slopes.set(slopes);
      for (let i = undo.length - 1; i >= 0; i -= 1) undo[i]!();
    },
  };
}

/** Fills the attention of each group and gives the way back. */
function attendInto(out: Cell, of: { query: Cell; key: Cell; value: Cell; steps: number }): () => void {
  const { query, key, value, steps } = of;
  const scale = 1 / Math.sqrt(query.columns);
  const dot = (left: Float64Array, right: Float64Array): number => {
    let sum = 0;
    for (let c = 0; c < left.length; c += 1) sum += left[c]! * right[c]!;
    return sum;
  };
  const rowAt = (values: Float64Array, row: number, width: number): Float64Array =>
    values.subarray(row * width, (row + 1) * width);
  const shares = new Float64Array(value.rows * steps);
  for (let row = 0; row < query.rows; row += 1) {
    const group = row - (row % steps);
    let most = Number.NEGATIVE_INFINITY;
    for (let j = 0; j < steps; j += 1) {
      const score = scale * dot(rowAt(query.values, row, query.columns), rowAt(key.values, group + j, query.columns));
      shares[row * steps + j] = score;
      most = Math.max(most, score);
    }
    let sum = 0;
    for (let j = 0; j < steps; j += 1) sum += shares[row * steps + j] = Math.exp(shares[row * steps + j]! - most);
    for (let j = 0; j < steps; j += 1) {
      const share = (shares[row * steps + j]! /= sum);
      for (let c = 0; c < value.columns; c += 1)
        out.values[row * value.columns + c]! += share * value.values[(group + j) * value.columns + c]!;
    }
  }
  return () => {
    const pulled = new Float64Array(steps);
    for (let row = 0; row < query.rows; row += 1) {
      const group = row - (row % steps);
      let mean = 0;
      for (let j = 0; j < steps; j += 1) {
        const share = shares[row * steps + j]!;
        pulled[j] = dot(rowAt(out.slopes, row, value.columns), rowAt(value.values, group + j, value.columns));
        mean += share * pulled[j]!;
        for (let c = 0; c < value.columns; c += 1)
          value.slopes[(group + j) * value.columns + c]! += share * out.slopes[row * value.columns + c]!;
      }
      for (let j = 0; j < steps; j += 1) {
        const slope = scale * shares[row * steps + j]! * (pulled[j]! - mean);
        for (let c = 0; c < query.columns; c += 1) {
          query.slopes[row * query.columns + c]! += slope * key.values[(group + j) * query.columns + c]!;
          key.slopes[(group + j) * query.columns + c]! += slope * query.values[row * query.columns + c]!;
        }
      }
    }
  };
}
