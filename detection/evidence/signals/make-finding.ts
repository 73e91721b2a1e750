import type { Finding } from '../../../domain/finding.ts';
import { contentHash } from '../../../infra/runtime/canonical-json.ts';

/** Completes a finding: `id` is `fi_` and 12 hexadecimal digits of the content hash of everything but id and evidence; numbers are rounded so that replays agree. */
export function makeFinding(parts: Omit<Finding, 'id' | 'evidence'>): Finding {
  const rounded = { ...parts, severity: roundTo(Math.min(1, Math.max(0, parts.severity)), 3) };
  if (parts.effect !== undefined) {
    rounded.effect = {
      ...parts.effect,
      baseline: roundSignificant(parts.effect.baseline),
      observed: roundSignificant(parts.effect.observed),
      size: roundTo(Math.max(-999, Math.min(999, parts.effect.size)), 2),
    };
    if (parts.effect.ratio !== undefined) rounded.effect.ratio = roundSignificant(parts.effect.ratio);
  }
  return { id: `fi_${contentHash(rounded).slice(0, 12)}`, ...rounded, evidence: [] };
}

/** Rounds to a number of decimals. */
export function roundTo(value: number, decimals: number): number {
  const factor = 10 ** decimals;
  return Math.round(value * factor) / factor;
}

/** Rounds to five significant digits; what is not finite becomes 0. The largest numbers stay as they are: rounded they would be endless. */
export function roundSignificant(value: number): number {
  if (!Number.isFinite(value)) return 0;
  const rounded = Number(value.toPrecision(5));
  return Number.isFinite(rounded) ? rounded : value;
}
