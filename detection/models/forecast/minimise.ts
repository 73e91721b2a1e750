/**
 * The point with the lowest value that Nelder and Mead's simplex (1965, standard coefficients) finds inside a box; points outside are moved
 * to its border. Stops after `evaluations` or when the simplex is flat. Deterministic.
 */
export function minimise(
  value: (point: Float64Array) => number,
  start: readonly number[],
  box: readonly (readonly [number, number])[],
  evaluations = 200,
): { point: Float64Array; value: number } {
  const size = start.length;
  const inBox = (point: Float64Array): Float64Array =>
    point.map((x, i) => Math.min(box[i]![1], Math.max(box[i]![0], x)));
  const budget = { left: evaluations };
  const measured = (raw: Float64Array): { point: Float64Array; value: number } => {
    const point = inBox(raw);
    budget.left -= 1;
    const found = value(point);
    return { point, value: Number.isFinite(found) ? found : Number.POSITIVE_INFINITY };
  };
  const simplex = [measured(Float64Array.from(start))];
  for (let i = 0; i < size; i += 1) {
    const point = Float64Array.from(start);
    const [low, high] = box[i]!;
    const stride = (high - low) * 0.2;
    point[i] = point[i]! + stride > high ? point[i]! - stride : point[i]! + stride;
    simplex.push(measured(point));
  }
  const along = (centre: Float64Array, worst: Float64Array, factor: number): Float64Array =>
    centre.map((x, i) => x + factor * (worst[i]! - x));
  while (budget.left > 0) {
    simplex.sort((left, right) => left.value - right.value);
    const worst = simplex[size]!;
    if (worst.value - simplex[0]!.value <= 1e-7 * Math.abs(worst.value)) break;
    const centre = new Float64Array(size);
    for (let k = 0; k < size; k += 1) for (let i = 0; i < size; i += 1) centre[i]! += simplex[k]!.point[i]! / size;
    const reflected = measured(along(centre, worst.point, -1));
    if (reflected.value < simplex[0]!.value) {
      const expanded = measured(along(centre, worst.point, -2));
      simplex[size] = expanded.value < reflected.value ? expanded : reflected;
    } else if (reflected.value < simplex[size - 1]!.value) simplex[size] = reflected;
    else {
      const contracted = measured(along(centre, worst.point, reflected.value < worst.value ? -0.5 : 0.5));
      if (contracted.value < Math.min(reflected.value, worst.value)) simplex[size] = contracted;
      else for (let k = 1; k <= size; k += 1) simplex[k] = measured(along(simplex[0]!.point, simplex[k]!.point, 0.5));
    }
  }
  return simplex.sort((left, right) => left.value - right.value)[0]!;
}
