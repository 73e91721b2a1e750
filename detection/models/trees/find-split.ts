import { resultNumbers, settingNumbers, type TrainingArena } from './training-arena.ts';

/** A node to be split: its histogram and the sums of its quantised gradients and hessians. */
export interface SplitNode {
  slot: number;
  gradient: number;
  hessian: number;
  /** Where the best split found so far is kept: index of a result. */
  result: number;
}

/** Marks a result as "no split yet". */
export function clearResult(arena: TrainingArena, result: number): void {
  arena.results[result * resultNumbers] = 0;
  arena.results[result * resultNumbers + 1] = -1;
}

/**
 * Scans the histogram of one column of a node, keeps the split when its gain is the best so far:
 * G_L^2/(H_L+lambda) + G_R^2/(H_R+lambda) - G^2/(H+lambda) (Chen & Guestrin, "XGBoost", KDD 2016, equation 7), missing values tried on
 * both sides. Categories are ordered by gradient over hessian first (Fisher 1958), so that the best set of them is found.
 */
export function scanColumn(arena: TrainingArena, node: SplitNode, column: number): void {
  if (arena.categorical[column] === 1) scanCategories(arena, node, column);
  else scanNumbers(arena, node, column);
}

function scanNumbers(arena: TrainingArena, node: SplitNode, column: number): void {
  const { histograms, settings, layout } = arena;
  const count = arena.binCounts[column]!;
  const base = (node.slot * layout.totalBins + arena.offsets[column]!) * 2;
  const lambda = settings[settingNumbers.lambda]! / settings[settingNumbers.hessianUnit]!;
  const minimum = settings[settingNumbers.minWeight]! / settings[settingNumbers.hessianUnit]!;
  const missingHessian = histograms[base + count * 2]!;
  const missingGradient = histograms[base + count * 2 + 1]!;
  const unit = settings[settingNumbers.gradientUnit]! ** 2 / settings[settingNumbers.hessianUnit]!;
  const whole = (node.gradient * node.gradient) / (node.hessian + lambda);
  let best = Math.max(arena.results[node.result * resultNumbers]!, settings[settingNumbers.minGain]! / unit + whole);
  const hasMissing = missingHessian !== 0;
  let gradient = 0;
  let hessian = 0;
  // after the last bin only missing values are left to part from the rest
  const end = hasMissing ? count : count - 1;
  for (let bin = 0; bin < end; bin += 1) {
    const more = histograms[base + bin * 2]!;
    if (more === 0) continue;
    hessian += more;
    gradient += histograms[base + bin * 2 + 1]!;
    if (hessian >= minimum) {
      const rest = node.hessian - hessian;
      if (rest < minimum) {
        if (!hasMissing) break;
      } else {
        const other = node.gradient - gradient;
        const [a, b] = [hessian + lambda, rest + lambda];
        const gain = (gradient * gradient * b + other * other * a) / (a * b);
        if (gain > best) {
          best = gain;
          keep(arena, node, { gain, column, bin, missingLeft: 0, gradient, hessian });
        }
      }
    }
    if (!hasMissing) continue;
    const withMissing = hessian + missingHessian;
    const rest = node.hessian - withMissing;
    if (withMissing < minimum || rest < minimum) continue;
    const sum = gradient + missingGradient;
    const other = node.gradient - sum;
    const gain = (sum * sum) / (withMissing + lambda) + (other * other) / (rest + lambda);
    if (gain > best) {
      best = gain;
      keep(arena, node, {
        gain,
        column,
        bin,
        missingLeft: 1,
        gradient: sum,
        hessian: withMissing,
      });
    }
  }
}

function scanCategories(arena: TrainingArena, node: SplitNode, column: number): void {
  const { histograms, settings, layout } = arena;
  const count = arena.binCounts[column]!;
  const base = (node.slot * layout.totalBins + arena.offsets[column]!) * 2;
  const lambda = settings[settingNumbers.lambda]! / settings[settingNumbers.hessianUnit]!;
  const minimum = settings[settingNumbers.minWeight]! / settings[settingNumbers.hessianUnit]!;
  const unit = settings[settingNumbers.gradientUnit]! ** 2 / settings[settingNumbers.hessianUnit]!;
  const whole = (node.gradient * node.gradient) / (node.hessian + lambda);
  let best = Math.max(arena.results[node.result * resultNumbers]!, settings[settingNumbers.minGain]! / unit + whole);
  const codes: { code: number; gradient: number; hessian: number; rate: number }[] = [];
  for (let code = 0; code < count; code += 1) {
    const hessian = histograms[base + code * 2]!;
    const gradient = histograms[base + code * 2 + 1]!;
    // rare categories are drawn towards zero, so that a chance few do not stand at an end
    if (hessian > 0) codes.push({ code, gradient, hessian, rate: gradient / (hessian + 10 * lambda) });
  }
  codes.sort((a, b) => a.rate - b.rate || a.code - b.code);
  let gradient = 0;
  let hessian = 0;
  let chosen = -1;
  for (let index = 0; index < codes.length; index += 1) {
    gradient += codes[index]!.gradient;
    hessian += codes[index]!.hessian;
    const rest = node.hessian - hessian;
    if (hessian < minimum || rest < minimum) continue;
    const other = node.gradient - gradient;
    const gain = (gradient * gradient) / (hessian + lambda) + (other * other) / (rest + lambda);
    if (gain <= best) continue;
    best = gain;
    chosen = index;
    keep(arena, node, { gain, column, bin: 0, missingLeft: 0, gradient, hessian });
  }
  if (chosen < 0) return;
  const at = node.result * resultNumbers + 6;
  arena.results.fill(0, at, at + 8);
  const words = new Int32Array(8);
  for (const { code } of codes.slice(0, chosen + 1)) words[code >> 5]! |= 1 << (code & 31);
  arena.results.set(words, at);
}

interface Split {
  gain: number;
  column: number;
  bin: number;
  missingLeft: number;
  gradient: number;
  hessian: number;
}

function keep({ results }: TrainingArena, node: SplitNode, split: Split): void {
  const at = node.result * resultNumbers;
  results[at] = split.gain;
  results[at + 1] = split.column;
  results[at + 2] = split.bin;
  results[at + 3] = split.missingLeft;
  results[at + 4] = split.gradient;
  results[at + 5] = split.hessian;
}
