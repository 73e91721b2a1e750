/**
 * At most about `most` spans (or log lines) in whole traces, evenly spread over time, as a collector that samples at the head would keep them: whatever the
 * traces look like, so that shares before and after can be compared. Keeps the order; deterministic.
 */
export function sampleTraces<T>(traces: readonly (readonly T[])[], most: number): T[][] {
  const total = traces.reduce((sum, trace) => sum + trace.length, 0);
  const share = total === 0 ? 1 : Math.min(1, most / total);
  const kept: T[][] = [];
  let due = 0;
  let held = 0;
  for (const trace of traces) {
    due += share;
    if (due < 1 || held + trace.length > most) continue;
    due -= 1;
    held += trace.length;
    kept.push([...trace]);
  }
  return kept;
}
