import type { EntityId } from '../../../domain/entity.ts';
import { entityKindOf } from '../../../domain/entity.ts';
import type { Sample } from '../../../domain/signal.ts';
import { combine, nearest } from './combine-series.ts';
import { fillLevels } from './fill-levels.ts';
import type { Derived } from './derived-series.ts';

/** Quantities that only two series together show: fill levels, calls per request, rows per query, retries per call, network time, host CPU that no process of ours used. */
export function deriveRatios(derived: readonly Derived[]): Derived[] {
  return [...fillLevels(derived), ...perRequest(derived), ...edgeGaps(derived), ...unaccountedCpu(derived)];
}

function perRequest(derived: readonly Derived[]): Derived[] {
  const made: Derived[] = [];
  const served = new Map<EntityId, Derived>();
  for (const one of derived) {
    if (
      one.role === 'traffic' &&
      one.aspect === 'rate' &&
      one.side === 'server' &&
      one.peer === undefined &&
      !served.has(one.entity)
    )
      served.set(one.entity, one);
  }
  for (const one of derived) {
    if (one.aspect !== 'rate') continue;
    const base = served.get(one.entity);
    if (base !== undefined && one.role === 'traffic' && one.side === 'client')
      made.push(combine(smooth(one), smooth(base), { aspect: 'fan-out', unit: 'count' }, quotient(0.5)));
    if (base !== undefined && one.role === 'database-work' && one.quantity === 'count')
      made.push(combine(smooth(one), smooth(base), { aspect: 'fan-out', unit: 'count' }, quotient(0.5)));
    if (one.role === 'database-work' && one.quantity === 'rows') {
      const queries = derived.find(
        (other) =>
          other.entity === one.entity &&
          other.peer === one.peer &&
          other.role === 'database-work' &&
          other.quantity === 'count' &&
          other.aspect === 'rate',
      );
      if (queries !== undefined)
        made.push(combine(one, queries, { aspect: 'rows-per-call', unit: 'count' }, quotient(0.2)));
    }
    if (one.role === 'retries') {
      const calls = derived.find(
        (other) =>
          other.entity === one.entity &&
          other.peer === one.peer &&
          other.role === 'traffic' &&
          other.side === 'client' &&
          other.aspect === 'rate',
      );
      if (calls !== undefined)
        made.push(combine(smooth(one), smooth(calls), { aspect: 'retry-ratio', unit: 'ratio' }, quotient(0.2)));
    }
  }
  return made.filter((one) => one.samples.length > 0);
}

const quotient =
  (least: number) =>
  (top: number, bottom: number): number | undefined =>
    bottom >= least ? top / bottom : undefined;

/** Time on the way: what the caller waits for a peer beyond what the peer says it needs. */
function edgeGaps(derived: readonly Derived[]): Derived[] {
  const timed = derived.filter(
    ({ role, aspect }) => (role === 'latency' || role === 'database-latency') && aspect === 'mean',
  );
  const served = new Map<string, Derived>();
  for (const one of timed) {
    const key = `${one.role}|${one.entity}`;
    if (one.side === 'server' && one.peer === undefined && !served.has(key)) served.set(key, one);
  }
  const made: Derived[] = [];
  for (const one of timed) {
    const base = one.peer === undefined ? undefined : served.get(`${one.role}|${one.peer}`);
    if (base === undefined || base === one) continue;
    // The two sides are read at different moments; only means over a few reads can be set against each other.
    const gap = combine(
      smooth(one),
      smooth(base),
      { aspect: 'edge-gap', unit: 'seconds', role: 'network' },
      (client, server) => Math.max(0, client - server),
    );
    made.push(gap);
  }
  return made.filter((one) => one.samples.length > 0);
}

/** A centred mean over five reads, by calls where it is per call. */
function smooth(one: Derived): Derived {
  const samples = one.samples.map(([at], index): Sample => {
    let total = 0;
    let weight = 0;
    for (let near = Math.max(0, index - 2); near <= Math.min(one.samples.length - 1, index + 2); near += 1) {
      const calls = one.unit === 'per-second' ? 1 : (one.weights?.[near] ?? 1);
      total += calls * one.samples[near]![1];
      weight += calls;
    }
    return [at, weight > 0 ? total / weight : one.samples[index]![1]];
  });
  return { ...one, samples };
}

function unaccountedCpu(derived: readonly Derived[]): Derived[] {
  const hosts = derived.filter((one) => one.role === 'host-cpu' && one.aspect === 'rate' && one.quantity === 'used');
  const host = hosts[0];
  if (host === undefined || new Set(hosts.map((one) => one.entity)).size !== 1) return [];
  const ours = derived.filter(
    (one) =>
      one.role === 'cpu' && one.aspect === 'rate' && one.entity !== host.entity && entityKindOf(one.entity) !== 'host',
  );
  if (ours.length === 0) return [];
  const samples: Sample[] = [];
  for (const [at, busy] of host.samples) {
    let used = 0;
    for (const one of ours) used += nearest(one.samples, at) ?? 0;
    samples.push([at, Math.max(0, busy - used)]);
  }
  return [{ ...host, aspect: 'unaccounted', samples }];
}
