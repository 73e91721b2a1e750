import { entityId } from '../../../domain/entity.ts';
import type { MetricType, Sample, Series } from '../../../domain/signal.ts';
import { createRandom, type Random } from '../../../infra/runtime/random.ts';

/** What goes wrong in a made-up estate, when, and where. */
export interface PlantedFault {
  kind: (typeof plantedKinds)[number];
  entity: string;
  from: number;
  to: number;
}

export interface Estate {
  /** As a monitoring system would hold them: counters as counted, levels as they are. */
  series: Series[];
  faults: PlantedFault[];
}

export interface EstateOptions {
  seed: number;
  services: number;
  days: number;
  stepMs: number;
  faults: number;
}

export const plantedKinds = ['slow', 'failing', 'backlog', 'filling'] as const;
const dayMs = 86_400_000;
const faultMs = 20 * 60_000;
const diskBytes = 100 * 2 ** 30;
const poolSize = 100;

type ValueAt = (step: number, at: number) => number;

/**
 * A made-up estate of services as a monitoring system would show it: daily and weekly seasons, noise that remembers, moods that all share, spikes of
 * one or two points, nightly jobs, deploys that keep a level within 15 % of the usual one, counts of few errors, disks that fill and are cleaned. 16
 * raw series a service, of which the product watches nine derived ones. Planted faults (after the first day and a half) last 20 minutes. The same
 * options give the same estate.
 */
export function makeEstate({ seed, services, days, stepMs, faults }: EstateOptions): Estate {
  const random = createRandom(seed);
  const steps = Math.floor((days * dayMs) / stepMs);
  const start = Date.UTC(2026, 0, 5);
  const times = Array.from({ length: steps }, (_, step) => start + step * stepMs);
  const mood = remembering(steps, 0.98, random);
  const planted = Array.from({ length: faults }, (_, index): PlantedFault => {
    const from = start + Math.floor((1.5 + ((days - 1.6) * (index + 0.8 * random.next())) / faults) * dayMs);
    const kind = plantedKinds[index % plantedKinds.length]!;
    return { kind, entity: serviceId(random.integer(services)), from, to: from + faultMs };
  });
  const series: Series[] = [];
  for (let index = 0; index < services; index += 1) {
    const entity = serviceId(index);
    const mine = planted.filter((fault) => fault.entity === entity);
    series.push(...serviceSeries({ entity, times, mood, mine }, random));
  }
  return { series, faults: planted };
}

interface ServiceFacts {
  entity: string;
  times: readonly number[];
  mood: Float64Array;
  mine: readonly PlantedFault[];
}

function serviceSeries(facts: ServiceFacts, random: Random): Series[] {
  const { entity, times, mine } = facts;
  const load = loadOf(facts, random);
  const during = (at: number, kind: PlantedFault['kind']): number => {
    const fault = mine.find((one) => one.kind === kind && at >= one.from && at < one.to);
    return fault === undefined ? 0 : Math.min(1, (at - fault.from) / (0.2 * faultMs));
  };
  const made: Series[] = [];
  const add = (metric: string, type: MetricType, valueAt: ValueAt, labels: Record<string, string> = {}): void => {
    const samples = times.map((at, step): Sample => [at, Math.max(0, valueAt(step, at))]);
    made.push({ entity: entityId.parse(entity), metric, type, labels, samples });
  };
  const count = (metric: string, growthAt: ValueAt, labels: Record<string, string> = {}): void => {
    let sum = 0;
    add(metric, 'counter', (step, at) => (sum += growthAt(step, at)), labels);
  };
  const deploys = deploysOf(times.length, random);
  const calls = 60 * 30 ** random.next();
  const callsAt = (step: number): number => Math.round(calls * load[step]!);
  for (let route = 0; route < 3; route += 1) {
    const level = 0.005 * 40 ** random.next();
    const noise = remembering(times.length, 0.3 + 0.6 * random.next(), random);
    const [rough, spiky] = [0.04 + 0.16 * random.next(), 0.0005 + 0.003 * random.next()];
    const nightly = random.next() < 0.4 ? 1.3 + 1.5 * random.next() : 1;
    const slower = 2 + 6 * random.next();
    const latency = times.map((at, step) => {
      const spike = random.next() < spiky ? 2 + 6 * random.next() : 1;
      const night = isNight(at) ? nightly : 1;
      const fault = 1 + (slower - 1) * during(at, 'slow');
      return (
        level * deploys[step]! * (0.7 + 0.5 * load[step]!) * Math.exp(rough * noise[step]!) * spike * night * fault
      );
    });
    const metric = `request_seconds_${route}`;
    count(`${metric}_count`, callsAt);
    count(`${metric}_sum`, (step) => callsAt(step) * latency[step]!);
    if (route === 0)
      add(metric, 'unknown', (step) => latency[step]! * (2.2 + 0.5 * random.next()), { quantile: '0.95' });
  }
  const usualErrors = 0.0005 * 20 ** random.next();
  const failing = 0.05 + 0.4 * random.next();
  const errors = times.map((at, step) => {
    const burst = random.next() < 0.0008 ? 0.03 : 0;
    return poisson(calls * load[step]! * Math.min(1, usualErrors + burst + failing * during(at, 'failing')), random);
  });
  count('requests_total', (step) => Math.max(0, callsAt(step) - errors[step]!), { code: '200' });
  count('requests_total', (step) => errors[step]!, { code: '500' });
  count('errors_total', (step) => errors[step]!);
  const queued = remembering(times.length, 0.9, random);
  const depth = 2 + 10 * random.next();
  add('queue_depth', 'gauge', (step, at) =>
    Math.round(
      depth * load[step]! * Math.exp(0.5 * queued[step]!) * (isNight(at) ? 4 : 1) + 40 * depth * during(at, 'backlog'),
    ),
  );
  const used = 0.2 + 0.4 * random.next();
  const wobble = remembering(times.length, 0.9, random);
  add('cpu_used_ratio', 'gauge', (step) => Math.min(1, used * load[step]! + 0.04 * wobble[step]!));
  const fills = 0.02 + 0.05 * random.next();
  add('disk_used_bytes', 'gauge', (_step, at) => {
    const days = (at - times[0]!) / dayMs;
    return diskBytes * Math.min(1, 0.4 + fills * (days % 5) + 0.5 * during(at, 'filling'));
  });
  add('disk_size_bytes', 'gauge', () => diskBytes);
  const pool = remembering(times.length, 0.7, random);
  add('connection_pool_used', 'gauge', (step) =>
    Math.min(poolSize, Math.round(0.3 * poolSize * load[step]! * Math.exp(0.3 * pool[step]!))),
  );
  add('connection_pool_max', 'gauge', () => poolSize);
  return made;
}

/** Load as a share of its usual size: day and week, a mood that all share, and noise of its own. */
function loadOf({ times, mood }: ServiceFacts, random: Random): Float64Array {
  const own = remembering(times.length, 0.9, random);
  const [daily, common] = [0.2 + 0.4 * random.next(), 0.1 * random.next()];
  return Float64Array.from(times, (at, step) => {
    const hour = (at % dayMs) / 3_600_000;
    const weekend = [0, 6].includes(new Date(at).getUTCDay()) ? 0.7 : 1;
    const day = 1 + daily * Math.sin(((hour - 9) / 24) * 2 * Math.PI);
    return Math.max(0.05, weekend * day * Math.exp(common * mood[step]! + 0.05 * own[step]!));
  });
}

/** The level since the latest deploy: about one a day, each keeps it within 15 % of the usual level. */
function deploysOf(steps: number, random: Random): Float64Array {
  let level = 1;
  return Float64Array.from({ length: steps }, () => {
    if (random.next() < 1 / 1_440) level = 0.85 + 0.3 * random.next();
    return level;
  });
}

/** Noise of unit spread in which each value keeps a share of the one before. */
function remembering(steps: number, share: number, random: Random): Float64Array {
  let state = 0;
  return Float64Array.from({ length: steps }, () => {
    const sum = random.next() + random.next() + random.next() + random.next() - 2;
    state = share * state + Math.sqrt(3 * (1 - share ** 2)) * sum;
    return state;
  });
}

function poisson(mean: number, random: Random): number {
  if (mean > 50)
    return Math.max(
      0,
      Math.round(mean + Math.sqrt(mean) * 1.7 * (random.next() + random.next() + random.next() + random.next() - 2)),
    );
  let count = 0;
  for (let product = random.next(); product > Math.exp(-mean); product *= random.next()) count += 1;
  return count;
}

function isNight(at: number): boolean {
  const minutes = (at % dayMs) / 60_000;
  return minutes >= 120 && minutes < 135;
}

function serviceId(index: number): string {
  return `service:s${index}`;
}
