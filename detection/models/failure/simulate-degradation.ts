import type { Random } from '../../../infra/runtime/random.ts';
import type { FailureRun } from './failure-run.ts';
import { serviceHistory, type ServiceStep } from './service-signals.ts';

/** Ways that services wear out, and three that only look like it. */
export const degradations = [
  'leak',
  'filling-disk',
  'growing-load',
  'slow-consumer',
  'bad-deploy',
  'connection-leak',
  'healthy',
  'harmless-deploy',
  'passing-burst',
] as const;
export type Degradation = (typeof degradations)[number];

/** What wear does to a service at one step: added load and used share, factors of connections and latency, added errors, a growing queue. */
interface Wear {
  load?: number;
  used?: number;
  connections?: number;
  slow?: number;
  errors?: number;
  backlog?: number;
}

const wears: Record<Degradation, (wear: number, since: number) => Wear> = {
  leak: (wear) => ({ used: wear }),
  'filling-disk': (wear) => ({ used: wear }),
  'growing-load': (wear) => ({ load: wear }),
  'slow-consumer': (wear, since) => ({ backlog: wear * since * 8 }),
  'bad-deploy': (wear) => ({ slow: 1 + 2 * wear, errors: 0.8 * wear }),
  'connection-leak': (wear) => ({ used: wear, connections: 1 + 4 * wear }),
  healthy: () => ({}),
  'harmless-deploy': () => ({}),
  'passing-burst': (_wear, since) => ({ load: since < 15 ? 0.3 * Math.sin((Math.PI * since) / 15) : 0 }),
};

/**
 * Plays one service step by step until it fails (half of its requests fail, or a limit is reached), or to the end when it does not. Queueing
 * follows load / (1 - load); starts, speeds, noise and daily waves are drawn. What the failure predictor learns from before a team has
 * failures of its own to show.
 */
export function simulateDegradation(kind: Degradation, random: Random): FailureRun {
  const between = (low: number, high: number): number => low + (high - low) * random.next();
  const steps = 100 + random.integer(140);
  const onset = 20 + random.integer(60);
  const speed = between(0.006, 0.035) * (random.next() < 0.3 ? 2 : 1);
  const start = {
    load: between(0.2, 0.6),
    used: between(0.2, 0.6),
    latency: between(0.01, 0.5),
    connections: between(3, 40),
  };
  const wave = { height: between(0, 0.15), length: between(80, 400), phase: between(0, 6.28) };
  const noise = between(0.01, 0.08);
  const shaky = (): number => 1 + noise * (random.next() + random.next() - 1) * 2;
  const made: ServiceStep[] = [];
  let restarts = 0;
  for (let t = 0; t < steps; t += 1) {
    const wear = t < onset ? {} : wears[kind](speed * (t - onset), t - onset);
    const load = start.load * (1 + wave.height * Math.sin((6.28 * t) / wave.length + wave.phase)) + (wear.load ?? 0);
    const used = start.used + (wear.used ?? 0);
    const backlog = wear.backlog ?? 0;
    const queue = backlog + Math.max(0, (load ** 2 / Math.max(0.03, 1 - load)) * shaky());
    const errors =
      0.002 * shaky() +
      Math.max(0, load - 0.9) * 3 +
      Math.max(0, used - 0.92) * 4 +
      Math.max(0, backlog - 400) / 1_500 +
      (wear.errors ?? 0);
    const crowd = 1 / Math.max(0.05, 1 - Math.min(load, 0.97)) + backlog / 100;
    restarts += kind === 'leak' && used > 0.95 && random.next() < 0.2 ? 1 : 0;
    made.push({
      'error share': Math.min(1, Math.max(0, errors * shaky())),
      latency: start.latency * crowd * (wear.slow ?? 1) * (1 + 3 * Math.max(0, used - 0.9)) * shaky(),
      traffic: load * 1_000 * shaky(),
      'used share of a limit': Math.min(
        1,
        Math.max(used, kind === 'growing-load' ? load : 0) * (1 + (shaky() - 1) * 0.3),
      ),
      'queue depth': queue,
      connections: start.connections * (load / start.load) * (wear.connections ?? 1) * shaky(),
      memory: (kind === 'leak' ? used : start.used) * shaky(),
      restarts,
      'since change': kind.endsWith('deploy') && t >= onset ? Math.max(0, 1 - (t - onset) / 60) : 0,
    });
    if (errors >= 0.5 || used >= 1 || load >= 1.15) return { history: serviceHistory(made), failed: true };
  }
  return { history: serviceHistory(made), failed: false };
}
