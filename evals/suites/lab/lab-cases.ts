import { createRandom } from '../../../infra/runtime/random.ts';

/** Fault kinds of the lab that have a culprit, and runs without one. */
export const culpritFaults = [
  'cpu-saturation',
  'memory-leak',
  'event-loop-block',
  'database-lock',
  'missing-index',
  'n-plus-one',
  'pool-exhaustion',
  'network-latency',
  'dependency-down',
  'bad-deploy-errors',
  'retry-storm',
  'cache-wipe',
  'consumer-stalled',
  'disk-full',
  'handle-leak',
] as const;
export const harmlessRuns = ['traffic-surge', 'noisy-neighbour', 'provider-outage', 'none'] as const;

export interface LabCase {
  name: string;
  seed: number;
  fault: string;
}

/**
 * The experiments of some seeds. Named faults run once a seed. Otherwise each seed gets the four runs without a culprit and its share of the
 * fifteen faults, dealt so that every fault runs at least twice over five seeds (once over fewer: all of them on each seed).
 */
export function labCases(seeds: readonly number[], faults: readonly string[]): LabCase[] {
  const caseOf = (seed: number, fault: string): LabCase => ({ name: `${seed}-${fault}`, seed, fault });
  if (faults.length > 0) return seeds.flatMap((seed) => faults.map((fault) => caseOf(seed, fault)));
  if (seeds.length < 3)
    return seeds.flatMap((seed) => [...culpritFaults, ...harmlessRuns].map((fault) => caseOf(seed, fault)));
  const share = Math.ceil((2 * culpritFaults.length) / seeds.length);
  const dealt = [...culpritFaults, ...culpritFaults];
  return seeds.flatMap((seed, index) => {
    const mine = dealt.slice(index * share, (index + 1) * share);
    return createRandom(seed)
      .shuffle([...mine, ...harmlessRuns])
      .map((fault) => caseOf(seed, fault));
  });
}
