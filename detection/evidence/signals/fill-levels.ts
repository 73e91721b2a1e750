import type { Sample } from '../../../domain/signal.ts';
import { stemOf } from '../technologies/infer-partner.ts';
import { combine, nearest } from './combine-series.ts';
import type { Derived } from './derived-series.ts';

const ofNames = new Set(['pool', 'disk', 'file-handles', 'memory']);

/**
 * How full things are: use against its limit, in [0, 1] where the numbers hold together. Partners that a table names first: one that is spread over labels is
 * summed up to what its limit has; then, for pools, disks, file handles and memory, partners of one unit that share the words of their names.
 */
export function fillLevels(derived: readonly Derived[]): Derived[] {
  const named = namedPairs(derived);
  const told = new Set(named.map(({ metric, entity }) => `${entity}|${metric}`));
  return [...named, ...likelyPairs(derived.filter(({ metric, entity }) => !told.has(`${entity}|${metric}`)))].filter(
    (one) => one.samples.length > 0,
  );
}

function namedPairs(derived: readonly Derived[]): Derived[] {
  const byMetric = new Map<string, Derived[]>();
  for (const one of derived) {
    const key = `${one.entity}|${one.metric}`;
    const list = byMetric.get(key);
    if (list === undefined) byMetric.set(key, [one]);
    else list.push(one);
  }
  const made: Derived[] = [];
  for (const group of byMetric.values()) {
    const [first] = group;
    const limit = first?.limit;
    if (first === undefined || limit === undefined || !['limit', 'rest', 'total'].includes(limit.how)) continue;
    const partners = byMetric.get(`${first.entity}|${limit.metric}`) ?? [];
    made.push(...(limit.how === 'rest' ? againstRest(group, partners) : againstLimit(group, partners)));
  }
  return made;
}

/** `used / limit`, or of what is left `1 - left / total`; for each series of the limit, what agrees with its labels is summed up. */
function againstLimit(uses: readonly Derived[], limits: readonly Derived[]): Derived[] {
  return limits.flatMap((most): Derived[] => {
    const inside = uses.filter((one) => one.aspect !== 'saturation' && agrees(one, most, limits.length === 1));
    const used = summed(inside);
    if (used === undefined) return [];
    const left = used.quantity === 'free';
    return [
      fill(
        combine(used, most, {}, (level, limit) => (limit <= 0 ? undefined : left ? 1 - level / limit : level / limit)),
      ),
    ];
  });
}

/** `used / (used + left)`, of one metric that a label splits or of two. */
function againstRest(group: readonly Derived[], partners: readonly Derived[]): Derived[] {
  const all = [...new Set([...group, ...partners])];
  const used = summed(all.filter(({ quantity }) => quantity === 'used'));
  const left = summed(all.filter(({ quantity }) => quantity === 'free'));
  if (used === undefined || left === undefined) return [];
  return [fill(combine(used, left, {}, (level, rest) => (level + rest <= 0 ? undefined : level / (level + rest))))];
}

function fill(one: Derived): Derived {
  const { limit: _limit, ...rest } = one;
  return { ...rest, aspect: 'saturation', unit: 'ratio', quantity: 'used' };
}

/** Whether a use is under a limit: it has all labels that the limit has; one limit alone is that of all. */
function agrees(use: Derived, limit: Derived, only: boolean): boolean {
  const labels = Object.entries(limit.labels);
  return labels.every(([label, value]) => use.labels[label] === value || (only && use.labels[label] === undefined));
}

/** The sum of several series at the times of the longest; itself where it is one. */
function summed(parts: readonly Derived[]): Derived | undefined {
  const [longest, ...others] = [...parts].sort((left, right) => right.samples.length - left.samples.length);
  if (longest === undefined || others.length === 0) return longest;
  const samples = longest.samples.map(([at, value]): Sample => [
    at,
    others.reduce((sum, one) => sum + (nearest(one.samples, at) ?? 0), value),
  ]);
  const { peer: _peer, ...rest } = longest;
  return { ...rest, labels: {}, samples };
}

function likelyPairs(derived: readonly Derived[]): Derived[] {
  const made: Derived[] = [];
  const groups = new Map<string, Derived[]>();
  for (const one of derived) {
    if (!ofNames.has(one.role) || !['level', 'left', 'capacity'].includes(one.aspect)) continue;
    const key = `${one.entity}|${one.role}|${one.peer ?? ''}|${one.unit}|${stemOf(one.metric)}`;
    const list = groups.get(key);
    if (list === undefined) groups.set(key, [one]);
    else list.push(one);
  }
  for (const group of groups.values()) {
    const capacity = group.find((one) => one.aspect === 'capacity');
    const used =
      group.find((one) => one.aspect === 'level' && one.quantity === 'used') ??
      group.find((one) => one.quantity === 'free');
    if (capacity === undefined || used === undefined) continue;
    made.push(
      combine(used, capacity, { aspect: 'saturation', unit: 'ratio' }, (level, most) => {
        if (most <= 0) return undefined;
        return used.quantity === 'free' ? 1 - level / most : level / most;
      }),
    );
  }
  return made;
}
