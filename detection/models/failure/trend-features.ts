import type { Matrix } from '../matrix.ts';

export interface TrendFeatureSet {
  readonly names: readonly string[];
  /** Shortest history, in steps, that gives a row. */
  readonly needs: number;
  /** Fills `row` from the history up to and with step `at`. Missing samples count as the last known value. Cost: signals x longest window. */
  fill(history: Matrix, at: number, row: Float64Array): void;
}

/**
 * How each signal of a run stands and moves at a step: means over short windows, slope and spread over the longer ones, growth since the
 * beginning of the run, and the run's age. Windows are in steps; a run shorter than a window gives what it has. The same code for training
 * and serving.
 */
export function createTrendFeatures(
  signals: readonly string[],
  windows: readonly number[] = [5, 15, 30],
): TrendFeatureSet {
  const baseline = 20;
  const names = signals.flatMap((signal) => [
    ...windows.map((window) => `${signal}: mean of ${window}`),
    ...windows.slice(1).map((window) => `${signal}: slope of ${window}`),
    `${signal}: spread of ${windows.at(-1)}`,
    `${signal}: growth since the start`,
    `${signal}: slope since the start`,
  ]);
  names.push('age');
  return {
    names,
    needs: windows[0] ?? 1,
    fill(history, at, row) {
      const { columns, values } = history;
      let column = 0;
      for (let signal = 0; signal < signals.length; signal += 1) {
        const valueAt = (t: number): number => values[t * columns + signal]!;
        const window = (length: number): Line => lineOver(valueAt, Math.max(0, at - length + 1), at + 1);
        const lines = windows.map(window);
        for (const line of lines) row[column++] = line.mean;
        for (const line of lines.slice(1)) row[column++] = line.slope;
        const widest = lines.at(-1)!;
        const start = lineOver(valueAt, 0, Math.min(baseline, at + 1));
        row[column++] = widest.spread;
        row[column++] = lines[Math.min(1, lines.length - 1)]!.mean - start.mean;
        row[column++] = lineOver(valueAt, 0, at + 1).slope;
      }
      row[column] = at + 1;
    },
  };
}

interface Line {
  mean: number;
  slope: number;
  spread: number;
}

/** Mean, least-squares slope a step, and standard deviation about the line. */
function lineOver(valueAt: (t: number) => number, from: number, to: number): Line {
  const count = to - from;
  const middle = (from + to - 1) / 2;
  let mean = 0;
  let known = Number.NaN;
  let product = 0;
  let power = 0;
  let squares = 0;
  const first = valueAt(from);
  for (let t = from; t < to; t += 1) {
    const raw = valueAt(t);
    if (Number.isFinite(raw)) known = raw;
    const value = Number.isNaN(known) ? 0 : known - (Number.isFinite(first) ? first : 0);
    mean += value / count;
    product += (t - middle) * value;
    power += (t - middle) ** 2;
    squares += value ** 2;
  }
  const slope = power === 0 ? 0 : product / power;
  const rest = squares / count - mean ** 2 - (slope ** 2 * power) / count;
  return { mean: mean + (Number.isFinite(first) ? first : 0), slope, spread: Math.sqrt(Math.max(0, rest)) };
}
