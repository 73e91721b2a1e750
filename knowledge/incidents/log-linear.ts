/** A sparse example: feature numbers with their values, each number once. */
export interface Features {
  ids: readonly number[];
  values: readonly number[];
}

/** Probabilities of the classes, in their order; they sum to 1. */
export interface LogLinearModel {
  probabilities(features: Features): number[];
  /** What a feature speaks for: its weight for a class. */
  weight(feature: number, category: number): number;
}

/**
 * Multinomial logistic regression with an L2 penalty, fitted by full-batch gradient descent with Nesterov's momentum: the same examples give
 * the same model. Classes are balanced by `balance` (0 as they come, 1 all alike). Cost: steps x non-zeros x classes.
 */
export function fitLogLinear(
  examples: readonly { features: Features; category: number }[],
  options: { categories: number; penalty: number; balance?: number; steps?: number },
): LogLinearModel {
  const { categories, penalty, balance = 0, steps = 400 } = options;
  const size =
    1 + examples.reduce((most, { features }) => features.ids.reduce((larger, id) => Math.max(larger, id), most), 0);
  const weights = Array.from({ length: categories }, () => new Float64Array(size + 1));
  const velocity = Array.from({ length: categories }, () => new Float64Array(size + 1));
  const counts = Array.from({ length: categories }, () => 0);
  for (const { category } of examples) counts[category] = counts[category]! + 1;
  const share = examples.map(({ category }) => (examples.length / (categories * counts[category]!)) ** balance);
  const norm = Math.max(
    ...examples.map(({ features }) => 1 + features.values.reduce((sum, value) => sum + value * value, 0)),
    1,
  );
  const rate = 1 / (0.5 * norm + penalty);
  const probabilities = (features: Features, at: readonly Float64Array[]): number[] => {
    const scores = at.map((row) => {
      let sum = row[size]!;
      for (let at = 0; at < features.ids.length; at += 1)
        if (features.ids[at]! < size) sum += row[features.ids[at]!]! * features.values[at]!;
      return sum;
    });
    const highest = Math.max(...scores);
    const powers = scores.map((score) => Math.exp(score - highest));
    const total = powers.reduce((sum, value) => sum + value, 0);
    return powers.map((value) => value / total);
  };
  for (let step = 0; step < steps; step += 1) {
    const momentum = step / (step + 3);
    const ahead = weights.map((row, k) => row.map((value, index) => value + momentum * velocity[k]![index]!));
    const gradient = Array.from({ length: categories }, () => new Float64Array(size + 1));
    for (const [index, { features, category }] of examples.entries()) {
      const found = probabilities(features, ahead);
      for (let k = 0; k < categories; k += 1) {
        const error = (share[index]! * (found[k]! - (k === category ? 1 : 0))) / examples.length;
        const row = gradient[k]!;
        for (let at = 0; at < features.ids.length; at += 1)
          row[features.ids[at]!] = row[features.ids[at]!]! + error * features.values[at]!;
        row[size] = row[size]! + error;
      }
    }
    for (let k = 0; k < categories; k += 1)
      for (let index = 0; index <= size; index += 1) {
        const pull = index === size ? 0 : (penalty / examples.length) * ahead[k]![index]!;
        const next = ahead[k]![index]! - rate * (gradient[k]![index]! + pull);
        velocity[k]![index] = next - weights[k]![index]!;
        weights[k]![index] = next;
      }
  }
  return {
    probabilities: (features) => probabilities(features, weights),
    weight: (feature, category) => weights[category]?.[feature] ?? 0,
  };
}
