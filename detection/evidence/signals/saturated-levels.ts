import type { Finding, SignalRole } from '../../../domain/finding.ts';
import { isoOf } from '../../../infra/runtime/clock.ts';
import type { Aspect, Derived, Unit } from './derived-series.ts';
import { formatValue, measureName } from './describe-shift.ts';
import { entityNameOf } from '../../../domain/entity.ts';
import { makeFinding } from './make-finding.ts';
import { median } from './robust-statistics.ts';

/** A level that is bad whatever was usual: utilisation near its end, copies that lag by minutes (Gregg's USE method: saturation). */
interface Limit {
  role: SignalRole;
  aspect: Aspect;
  unit: Unit;
  least: number;
}

const limits: readonly Limit[] = [
  { role: 'cpu', aspect: 'rate', unit: 'ratio', least: 0.85 },
  { role: 'pool', aspect: 'saturation', unit: 'ratio', least: 0.95 },
  { role: 'disk', aspect: 'saturation', unit: 'ratio', least: 0.95 },
  { role: 'file-handles', aspect: 'saturation', unit: 'ratio', least: 0.95 },
  { role: 'network', aspect: 'saturation', unit: 'ratio', least: 0.95 },
  { role: 'queue', aspect: 'age', unit: 'seconds', least: 300 },
];
const longHistoryMs = 3_600_000;
const leastSamples = 8;

/**
 * Levels beyond an absolute limit at the end of a history too short to tell what is usual (under an hour): there, a comparison with what came
 * before sees nothing when the trouble began before the records. With a longer history nothing is told; the comparison is better. Cost linear.
 */
export function saturatedLevels(derived: readonly Derived[]): Finding[] {
  return derived.flatMap((one): Finding[] => {
    const limit = limits.find(
      ({ role, aspect, unit }) => role === one.role && aspect === one.aspect && unit === one.unit,
    );
    const { samples } = one;
    const first = samples[0];
    const last = samples.at(-1);
    if (limit === undefined || first === undefined || last === undefined || samples.length < leastSamples) return [];
    if (last[0] - first[0] > longHistoryMs) return [];
    const observed = median(samples.slice(-Math.ceil(samples.length / 3)).map(([, value]) => value));
    const beyond = samples.filter(([, value]) => value >= limit.least);
    if (observed < limit.least || beyond.length < 0.4 * samples.length) return [];
    const name = entityNameOf(one.entity);
    return [
      makeFinding({
        kind: 'anomaly',
        entity: one.entity,
        signal: { type: 'metric', role: one.role, name: one.metric },
        statement: `${measureName(one)} of ${name} stays at ${formatValue(observed, one.unit)}, beyond ${formatValue(limit.least, one.unit)}, which is too much whatever was usual`,
        direction: 'up',
        onset: isoOf(beyond[0]![0]),
        effect: { baseline: limit.least, observed, size: 6, ratio: observed / limit.least },
        severity: 0.62,
        data: { aspect: 'saturation', absolute: true },
      }),
    ];
  });
}
