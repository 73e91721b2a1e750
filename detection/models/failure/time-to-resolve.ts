/** A past incident: how long it was open, and what is known of it, by name (kind of fault, service, severity, hour class). */
export interface ResolvedIncident {
  durationMs: number;
  traits: Readonly<Record<string, string>>;
}

export interface ResolveEstimate {
  /** Time still to go, in milliseconds: half, four in five and nineteen in twenty were resolved by then. */
  median: number;
  likelyBy: number;
  almostSurelyBy: number;
  /** Past incidents that lasted at least as long as this one so far, each weighed by its likeness. */
  effective: number;
}

/**
 * How long an open incident still takes: quantiles over past ones that were open longer than this one is now (so that the estimate grows while it
 * drags on), each weighed by four to the power of the traits that it shares. The weighted sample is smoothed by a log-normal law with its own
 * mean and spread, which counts as three incidents. Undefined when fewer than three lasted that long. Cost: linear.
 */
export function estimateTimeToResolve(
  past: readonly ResolvedIncident[],
  open: { elapsedMs: number; traits: Readonly<Record<string, string>> },
): ResolveEstimate | undefined {
  const longer = past.filter(({ durationMs }) => durationMs > Math.max(0, open.elapsedMs));
  if (longer.length < 3) return undefined;
  const weighed = longer
    .map(({ durationMs, traits }) => ({
      left: durationMs - Math.max(0, open.elapsedMs),
      weight: 4 ** Object.entries(open.traits).filter(([name, value]) => traits[name] === value).length,
    }))
    .sort((left, right) => left.left - right.left);
  const total = weighed.reduce((sum, { weight }) => sum + weight, 0);
  const squares = weighed.reduce((sum, { weight }) => sum + weight ** 2, 0);
  const effective = total ** 2 / squares;
  const mean = weighed.reduce((sum, { left, weight }) => sum + (weight * Math.log(left)) / total, 0);
  const spread = Math.sqrt(
    weighed.reduce((sum, { left, weight }) => sum + (weight * (Math.log(left) - mean) ** 2) / total, 0),
  );
  const trust = effective / (effective + 3);
  const at = (share: number, normal: number): number => {
    let reached = 0;
    const own = weighed.find(({ weight }) => (reached += weight) >= share * total) ?? weighed.at(-1)!;
    return Math.round(Math.exp(trust * Math.log(own.left) + (1 - trust) * (mean + normal * spread)));
  };
  return { median: at(0.5, 0), likelyBy: at(0.8, 0.8416), almostSurelyBy: at(0.95, 1.6449), effective };
}
