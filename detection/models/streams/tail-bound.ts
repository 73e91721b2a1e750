/**
 * A score in [0, 1] from a deviation in standard units: one less the largest probability that any distribution with one mode gives to as large a
 * deviation (Vysochanskij and Petunin 1980: 4 / (9 z^2) beyond z = 1.633, 4 / (3 z^2) - 1/3 before). 3 gives .951, 10 gives .996. NaN gives 0.
 */
export function scoreOfDeviation(deviation: number): number {
  const square = deviation * deviation;
  if (!(square > 1)) return 0;
  if (square === Number.POSITIVE_INFINITY) return 1;
  return square > 8 / 3 ? 1 - 4 / (9 * square) : 4 / 3 - 4 / (3 * square);
}
