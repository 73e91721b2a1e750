import type { ConfidenceBands } from './confidence-bands.ts';

/** Labels to train on: 1 abnormal, 0 normal, -1 left out; and how much each weighs, 0 to 1. */
export interface PseudoLabels {
  labels: Int32Array;
  weights: Float64Array;
  /** How many came from a person, and how many from the bands. */
  given: number;
  guessed: number;
}

/**
 * A person's label counts in full. A row that nobody labelled gets the label of its band with the weight `trust` scaled by how deep in
 * the band it lies; rows of the uncertain band are left out (self-training with confidence weights). When more than half of all rows are
 * labelled by persons, nothing is guessed.
 */
export function pseudoLabels(
  scores: Float64Array,
  labels: Int32Array,
  bands: ConfidenceBands,
  trust = 0.3,
): PseudoLabels {
  const given = labels.reduce((sum, label) => sum + (label >= 0 ? 1 : 0), 0);
  const result = {
    labels: new Int32Array(labels.length).fill(-1),
    weights: new Float64Array(labels.length),
    given,
    guessed: 0,
  };
  const guess = given * 2 <= labels.length;
  for (let row = 0; row < labels.length; row += 1) {
    const score = scores[row]!;
    if (labels[row]! >= 0) {
      result.labels[row] = labels[row]! > 0 ? 1 : 0;
      result.weights[row] = 1;
    } else if (guess && score >= bands.high) {
      result.labels[row] = 1;
      result.weights[row] = trust * Math.min(1, 0.5 + (0.5 * (score - bands.high)) / Math.max(1e-9, 1 - bands.high));
    } else if (guess && score <= bands.low) {
      result.labels[row] = 0;
      result.weights[row] = trust * Math.min(1, 0.5 + (0.5 * (bands.low - score)) / Math.max(1e-9, bands.low));
    }
    if (labels[row] === -1 && result.labels[row]! >= 0) result.guessed += 1;
  }
  return result;
}
