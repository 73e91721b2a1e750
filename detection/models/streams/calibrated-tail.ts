/** Evidence levels and the share of points of ordinary noise that reach them. */
export type TailTable = readonly (readonly [evidence: number, share: number])[];

/**
 * Share of ordinary noise that reaches as much evidence: straight lines between the entries of the table in the logarithms of both, and the last line
 * carried on (a Pareto tail, Pickands 1975). 1 at no evidence, above 0 always.
 */
export function tailShare(table: TailTable, evidence: number): number {
  const first = table[0]!;
  if (!(evidence > 0)) return 1;
  if (evidence <= first[0]) return 1 - (1 - first[1]) * (evidence / first[0]);
  let upper = 1;
  while (upper < table.length - 1 && table[upper]![0] < evidence) upper += 1;
  const [fromEvidence, fromShare] = table[upper - 1]!;
  const [toEvidence, toShare] = table[upper]!;
  const slope = Math.log(toShare / fromShare) / Math.log(toEvidence / fromEvidence);
  return Math.max(1e-12, fromShare * (evidence / fromEvidence) ** slope);
}

/** Evidence of the state of a stream (`stateEvidence`). The tables are made by `calibration.bench.ts`. */
export const stateTail: TailTable = [
  [0.4953, 0.5],
  [0.8497, 0.2],
  [1.022, 0.1],
  [1.163, 0.05],
  [1.332, 0.02],
  [1.461, 0.01],
  [1.583, 0.005],
  [1.732, 0.002],
  [1.844, 0.001],
  [2.073, 0.0002],
];

/** Evidence of novelty. */
export const noveltyTail: TailTable = [
  [0.00186, 0.5],
  [0.00418, 0.2],
  [0.00716, 0.1],
  [0.01145, 0.05],
  [0.01821, 0.02],
  [0.03024, 0.01],
  [0.054, 0.005],
  [0.1137, 0.002],
  [0.1794, 0.001],
  [0.5642, 0.0002],
];

/** Evidence of a look back over a whole series. */
export const retrospectiveTail: TailTable = [
  [1.259, 0.5],
  [1.528, 0.2],
  [1.7, 0.1],
  [1.864, 0.05],
  [2.066, 0.02],
  [2.213, 0.01],
  [2.352, 0.005],
  [2.549, 0.002],
  [2.691, 0.001],
  [3.073, 0.0002],
];
