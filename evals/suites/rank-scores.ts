import type { Score } from '../suite.ts';
import { scoreOf } from './stated.ts';
import { systemOf } from './system-cases.ts';

/** A case with the place of its true answer: -1 where it was not named. `choices`: among how many one could guess. */
export interface PlacedCase {
  case: string;
  truth: string;
  rank: number;
  choices: number;
}

/** Top-1 and top-3 of each system on its own, never pooled; beside top-1 what always giving the system's most frequent answer would score. */
export function rankScores(rows: readonly PlacedCase[]): Score[] {
  return systemsOf(rows).flatMap((system) => {
    const mine = rows.filter((row) => systemOf(row.case) === system);
    const random = (k: number): number =>
      mine.reduce((total, { choices }) => total + Math.min(1, k / Math.max(1, choices)), 0) / Math.max(1, mine.length);
    return [
      ...[1, 3].map((k) =>
        scoreOf(
          `${system} top-${k}`,
          mine.map(({ rank }) => rank >= 0 && rank < k),
          random(k),
        ),
      ),
      { ...scoreOf(`${system} top-1 by the most frequent answer`, mostFrequent(mine)), informs: true },
    ];
  });
}

/** The systems of some cases, each once, in order. */
export function systemsOf(rows: readonly { case: string }[]): string[] {
  return [...new Set(rows.map((row) => systemOf(row.case)))].sort();
}

function mostFrequent(rows: readonly PlacedCase[]): boolean[] {
  const counts = new Map<string, number>();
  for (const { truth } of rows) counts.set(truth, (counts.get(truth) ?? 0) + 1);
  const [best] = [...counts].sort((left, right) => right[1] - left[1] || (left[0] < right[0] ? -1 : 1));
  return rows.map(({ truth }) => truth === best?.[0]);
}
