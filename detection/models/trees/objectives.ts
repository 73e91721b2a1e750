/** What boosting minimises over its rows. Margins are raw sums, rows x outputs, row-major. */
export interface Objective {
  readonly outputs: number;
  /** The best constant margins. */
  base(): number[];
  /** First and second derivative of the weighted loss by the margin of one output, for each row. Output 0 is asked for first in each round. */
  gradients(margins: Float64Array, output: number, into: { gradient: Float64Array; hessian: Float64Array }): void;
  /** Mean weighted loss. */
  loss(margins: Float64Array): number;
  /** Step of a leaf, where it is not -G / (H + lambda): by its rows. */
  leafStep?(rows: Int32Array, margins: Float64Array): number;
}

/** Binary log-loss: one margin, the log-odds of class 1. */
export function createLogisticObjective(labels: Int32Array, weights: Float64Array): Objective {
  const total = sum(weights);
  return {
    outputs: 1,
    base: () => {
      let positive = 0;
      for (let row = 0; row < labels.length; row += 1) positive += labels[row]! * weights[row]!;
      const share = Math.min(Math.max(positive / total, 1e-6), 1 - 1e-6);
      return [Math.log(share / (1 - share))];
    },
    gradients: (margins, _output, { gradient, hessian }) => {
      for (let row = 0; row < labels.length; row += 1) {
        const p = 1 / (1 + Math.exp(-margins[row]!));
        const weight = weights[row]!;
        gradient[row] = (p - labels[row]!) * weight;
        hessian[row] = Math.max(p * (1 - p), 1e-16) * weight;
      }
    },
    loss: (margins) => {
      let loss = 0;
      for (let row = 0; row < labels.length; row += 1) {
        const signed = labels[row] === 1 ? -margins[row]! : margins[row]!;
        loss += weights[row]! * (Math.max(signed, 0) + Math.log1p(Math.exp(-Math.abs(signed))));
      }
      return loss / total;
    },
  };
}

/** Multi-class log-loss: one margin for each class, probabilities their softmax. */
export function createSoftmaxObjective(labels: Int32Array, weights: Float64Array, classes: number): Objective {
  const total = sum(weights);
  const probabilities = new Float64Array(labels.length * classes);
  return {
    outputs: classes,
    base: () => {
      const share = new Float64Array(classes).fill(1e-6);
      for (let row = 0; row < labels.length; row += 1) share[labels[row]!]! += weights[row]! / total;
      return [...share].map(Math.log);
    },
    gradients: (margins, output, { gradient, hessian }) => {
      if (output === 0) probabilities.set(softmaxRows(margins, classes));
      for (let row = 0; row < labels.length; row += 1) {
        const p = probabilities[row * classes + output]!;
        gradient[row] = (p - (labels[row] === output ? 1 : 0)) * weights[row]!;
        hessian[row] = Math.max(2 * p * (1 - p), 1e-16) * weights[row]!;
      }
    },
    loss: (margins) => {
      const rows = softmaxRows(margins, classes);
      let loss = 0;
      for (let row = 0; row < labels.length; row += 1)
        loss -= weights[row]! * Math.log(Math.max(rows[row * classes + labels[row]!]!, 1e-15));
      return loss / total;
    },
  };
}

/** Half the squared error. */
export function createSquaredObjective(targets: Float64Array, weights: Float64Array): Objective {
  const total = sum(weights);
  return {
    outputs: 1,
    base: () => [targets.reduce((mean, target, row) => mean + (target * weights[row]!) / total, 0)],
    gradients: (margins, _output, { gradient, hessian }) => {
      for (let row = 0; row < targets.length; row += 1) {
        gradient[row] = (margins[row]! - targets[row]!) * weights[row]!;
        hessian[row] = weights[row]!;
      }
    },
    loss: (margins) =>
      targets.reduce((loss, target, row) => loss + (weights[row]! * (margins[row]! - target) ** 2) / (2 * total), 0),
  };
}

/** Pinball loss of a quantile in (0, 1). Leaves step to the quantile of their residuals (Friedman 2001, section 4.3, for the median). */
export function createQuantileObjective(targets: Float64Array, weights: Float64Array, quantile: number): Objective {
  const total = sum(weights);
  return {
    outputs: 1,
    base: () => [weightedQuantile(targets, weights, quantile)],
    gradients: (margins, _output, { gradient, hessian }) => {
      for (let row = 0; row < targets.length; row += 1) {
        gradient[row] = (margins[row]! >= targets[row]! ? 1 - quantile : -quantile) * weights[row]!;
        hessian[row] = weights[row]!;
      }
    },
    loss: (margins) => {
      let loss = 0;
      for (let row = 0; row < targets.length; row += 1) {
        const under = targets[row]! - margins[row]!;
        loss += weights[row]! * (under >= 0 ? quantile * under : (quantile - 1) * under);
      }
      return loss / total;
    },
    leafStep: (rows, margins) => {
      const residuals = Float64Array.from(rows, (row) => targets[row]! - margins[row]!);
      const own = Float64Array.from(rows, (row) => weights[row]!);
      return weightedQuantile(residuals, own, quantile);
    },
  };
}

/** Softmax of each row of margins. */
export function softmaxRows(margins: Float64Array, classes: number): Float64Array {
  const out = new Float64Array(margins.length);
  for (let at = 0; at < margins.length; at += classes) {
    let largest = Number.NEGATIVE_INFINITY;
    for (let k = 0; k < classes; k += 1) largest = Math.max(largest, margins[at + k]!);
    let total = 0;
    for (let k = 0; k < classes; k += 1) total += out[at + k] = Math.exp(margins[at + k]! - largest);
    for (let k = 0; k < classes; k += 1) out[at + k]! /= total;
  }
  return out;
}

function sum(values: Float64Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

function weightedQuantile(values: Float64Array, weights: Float64Array, quantile: number): number {
  const order = Uint32Array.from(values, (_, index) => index).sort((a, b) => values[a]! - values[b]! || a - b);
  const goal = quantile * sum(weights);
  let held = 0;
  for (const index of order) {
    held += weights[index]!;
    if (held >= goal) return values[index]!;
  }
  return values[order.at(-1) ?? 0] ?? 0;
}
