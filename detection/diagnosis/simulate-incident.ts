import type { EntityId, Topology } from '../../domain/entity.ts';
import type { Change, LogRecord, Series } from '../../domain/signal.ts';
import type { Window } from '../../domain/time.ts';
import { isoOf } from '../../infra/runtime/clock.ts';
import type { Random } from '../../infra/runtime/random.ts';
import { createRandom } from '../../infra/runtime/random.ts';
import type { ScrapeWriter, SeriesBook } from './series-book.ts';
import { createSeriesBook } from './series-book.ts';
import { changesOf, logsOf } from './simulated-records.ts';
import type { Moment, Scene, Service, SimulatedFault } from './simulated-shop.ts';
import {
  databaseMoment,
  edgeMs,
  fanOut,
  providerMoment,
  ratesAt,
  shop,
  shopTopology,
  strikes,
} from './simulated-shop.ts';

/** A made-up incident: what sources would return, and the truth. */
export interface Incident {
  series: Series[];
  logs: LogRecord[];
  changes: Change[];
  topology: Topology;
  baseline: Window;
  observed: Window;
  truth: { entity?: EntityId; fault: SimulatedFault; onsetMs: number };
}

/**
 * Plays a small shop second by second: rates with Poisson noise, latencies that add up along calls, and one fault from the onset on. Same
 * seed, same incident. For tests of the engine; knows nothing of it.
 */
export function simulateIncident(
  fault: SimulatedFault,
  seed: number,
  options: { stepS?: number; steps?: number } = {},
): Incident {
  const { stepS = 1, steps = 44 } = options;
  const random = createRandom(`${fault}/${seed}`);
  const start = Date.UTC(2026, 4, 3, 9, 0, 0) + seed * 86_400_000;
  const onset = Math.floor(steps * 0.45);
  const scene: Scene = {
    fault,
    random,
    onset,
    stepS,
    target: targetOf(fault, random),
    level: 0.8 + 0.5 * random.next(),
  };
  const book = createSeriesBook();
  for (let step = 0; step < steps; step += 1) playStep(scene, book, step, start + step * stepS * 1000);
  const onsetMs = start + onset * stepS * 1000;
  const end = start + steps * stepS * 1000;
  return {
    series: book.all(),
    logs: logsOf(scene, start, steps),
    changes: changesOf(scene, onsetMs),
    topology: shopTopology(),
    baseline: { from: isoOf(start), to: isoOf(onsetMs) },
    observed: { from: isoOf(onsetMs), to: isoOf(end) },
    truth: { ...(scene.target === undefined ? {} : { entity: scene.target }), fault, onsetMs },
  };
}

function targetOf(fault: SimulatedFault, random: Random): EntityId | undefined {
  if (fault === 'none') return undefined;
  if (fault === 'traffic-surge') return 'service:door';
  if (fault === 'provider-outage') return 'external:api.bank.example';
  if (fault === 'database-lock' || fault === 'missing-index')
    return `database:${random.pick(['wares-db', 'order-db'])}`;
  if (fault === 'pool-exhaustion') return `service:${random.pick(['wares', 'order', 'depot'])}`;
  if (fault === 'retry-storm' || fault === 'n-plus-one') return 'service:order';
  if (fault === 'cache-loss') return 'service:wares';
  if (fault === 'disk-full') return 'service:till';
  return `service:${random.pick(['wares', 'depot', 'till'])}`;
}

function playStep(scene: Scene, book: SeriesBook, step: number, at: number): void {
  const on = step >= scene.onset;
  const rates = ratesAt(scene, on, step);
  const moments = new Map<string, Moment>();
  for (const service of [...shop].reverse()) {
    const beat: Beat = {
      scene,
      on,
      at,
      age: on ? step - scene.onset + 1 : 0,
      rate: rates.get(service.name) ?? 0,
      moments,
    };
    const moment = momentOf(beat, service);
    moments.set(service.name, moment);
    if (!strikes(scene, on, `service:${service.name}`, 'dependency-down')) writeService(beat, book, service, moment);
  }
  for (const name of ['wares-db', 'order-db']) writeDatabase({ scene, on, at }, book, name);
}

interface Beat {
  scene: Scene;
  on: boolean;
  at: number;
  /** Steps since the onset, this one included. */
  age: number;
  rate: number;
  moments: ReadonlyMap<string, Moment>;
}

function momentOf(beat: Beat, service: Service): Moment {
  const { scene, on, rate, moments, age } = beat;
  const is = (kind: SimulatedFault): boolean => strikes(scene, on, `service:${service.name}`, kind);
  if (is('dependency-down')) return { latencyMs: 0, errorShare: 1, cpu: 0, lagMs: 0 };
  const burning = is('cpu-saturation');
  const blockMs = is('event-loop-block') ? 320 * scene.level : 0;
  const cpu = 0.05 + rate * 0.0035 + (burning ? 0.9 * scene.level : 0) + (blockMs > 0 ? 0.35 : 0);
  const poolWait = is('pool-exhaustion') ? 110 * scene.level : 0;
  const own = service.ownMs * (1 + 1.2 * cpu * cpu) + (burning ? 60 * scene.level : 0) + blockMs * 0.4;
  const statement = databaseMoment(scene, service, on, rate);
  let waiting = service.database === undefined ? 0 : statement.latencyMs * statement.queries;
  let failing =
    (is('bad-deploy-errors') ? 0.35 : 0) + (is('handle-leak') && age > 14 ? 0.2 : 0) + (poolWait > 0 ? 0.06 : 0);
  for (const call of service.calls) {
    const share = fanOut(scene, on, service.name, call);
    const callee = moments.get(call.to) ?? providerMoment(scene, on);
    waiting += Math.min(share, 8) * (callee.latencyMs + edgeMs(scene, on, call.to));
    failing = Math.max(failing, callee.errorShare * Math.min(1, share));
  }
  return {
    latencyMs: (own + poolWait + waiting) * wobble(scene),
    errorShare: Math.min(1, failing),
    cpu,
    lagMs: 11 + 8 * cpu * cpu + (burning ? 30 : 0) + blockMs,
  };
}

function writeService(beat: Beat, book: SeriesBook, service: Service, moment: Moment): void {
  const { scene, on, at, age, rate } = beat;
  const id: EntityId = `service:${service.name}`;
  const is = (kind: SimulatedFault): boolean => strikes(scene, on, id, kind);
  const writer = book.at(id, at);
  const count = poisson(scene.random, rate * scene.stepS);
  const failed = Math.round(count * moment.errorShare);
  writer.count('http_requests_total', { route: '/a', status: '200' }, count - failed);
  if (failed > 0) writer.count('http_requests_total', { route: '/a', status: '500' }, failed);
  writer.histogram('http_request_duration_seconds', {}, count, moment.latencyMs / 1000);
  writer.count('process_cpu_seconds_total', {}, moment.cpu * wobble(scene) * scene.stepS);
  writer.level(
    'process_resident_memory_bytes',
    {},
    90e6 + 2e6 * scene.random.next() + (is('memory-leak') ? 5e6 * age : 0),
  );
  writer.level('nodejs_eventloop_lag_p99_seconds', {}, (moment.lagMs / 1000) * wobble(scene));
  writer.level('process_open_fds', {}, Math.round(40 + 3 * scene.random.next() + (is('handle-leak') ? 6 * age : 0)));
  writer.level('process_max_fds', {}, 400);
  writer.level('build_info', { version: is('bad-deploy-errors') || is('n-plus-one') ? '1.5.0' : '1.4.2' }, 1);
  for (const call of service.calls) writeCall(beat, writer, service, call);
  if (service.database !== undefined) writeStatements(beat, writer, service);
  if (service.name === 'till') {
    writer.level(
      'volume_used_bytes',
      { volume: 'journal' },
      4e6 + 1e5 * scene.random.next() + (is('disk-full') ? Math.min(20e6, 1.6e6 * age) : 0),
    );
    writer.level('volume_capacity_bytes', { volume: 'journal' }, 24e6);
  }
  if (service.name === 'wares') {
    const missed = Math.round(count * (is('cache-loss') ? 0.97 : 0.15));
    writer.count('cache_requests_total', { cache: 'wares', result: 'hit' }, count - missed);
    writer.count('cache_requests_total', { cache: 'wares', result: 'miss' }, missed);
  }
}

function writeCall(beat: Beat, writer: ScrapeWriter, service: Service, call: Service['calls'][number]): void {
  const { scene, on, rate, moments } = beat;
  const callee = moments.get(call.to) ?? providerMoment(scene, on);
  const peer = { peer: call.to };
  const sent = poisson(scene.random, rate * fanOut(scene, on, service.name, call) * scene.stepS);
  const lost = Math.round(sent * callee.errorShare);
  writer.count('http_client_requests_total', { ...peer, status: '200' }, sent - lost);
  if (lost > 0)
    writer.count('http_client_requests_total', { ...peer, status: callee.cpu === 0 ? 'refused' : '500' }, lost);
  writer.histogram(
    'http_client_request_duration_seconds',
    peer,
    sent,
    (callee.latencyMs + edgeMs(scene, on, call.to) + 1) / 1000,
  );
  const storm = strikes(scene, on, `service:${service.name}`, 'retry-storm') && call.to === 'wares';
  writer.count('http_client_retries_total', peer, Math.round(storm ? sent * 0.8 : lost * 0.4));
}

function writeStatements(beat: Beat, writer: ScrapeWriter, service: Service): void {
  const { scene, on, rate } = beat;
  const { latencyMs, queries } = databaseMoment(scene, service, on, rate);
  const starved = strikes(scene, on, `service:${service.name}`, 'pool-exhaustion');
  const labels = { db: service.database ?? '' };
  const busy = (rate * latencyMs) / 1000;
  writer.histogram(
    'db_client_operation_duration_seconds',
    labels,
    poisson(scene.random, queries * rate * scene.stepS),
    latencyMs / 1000,
  );
  writer.level('db_client_connections_usage', { ...labels, state: 'used' }, starved ? 1 : Math.min(8, 1 + busy));
  writer.level('db_client_connections_max', labels, starved ? 1 : 8);
  writer.level(
    'db_client_connections_pending_requests',
    labels,
    starved ? 5 + 3 * scene.random.next() : Math.max(0, busy - 8),
  );
}

function writeDatabase({ scene, on, at }: Pick<Beat, 'scene' | 'on' | 'at'>, book: SeriesBook, name: string): void {
  const id: EntityId = `database:${name}`;
  const locked = strikes(scene, on, id, 'database-lock');
  const scanning = strikes(scene, on, id, 'missing-index');
  const writer = book.at(id, at);
  writer.level('db_lock_waiting', { db: name }, locked ? 6 + 4 * scene.random.next() : 0);
  writer.count('process_cpu_seconds_total', {}, (0.08 + (scanning ? 0.6 : 0)) * wobble(scene) * scene.stepS);
  writer.histogram(
    'db_operation_duration_seconds',
    { db: name },
    40 * scene.stepS,
    ((locked || scanning ? 120 * scene.level : 5) / 1000) * wobble(scene),
  );
}

function wobble({ random }: Scene): number {
  return 1 + 0.12 * (random.next() + random.next() - 1);
}

function poisson(random: Random, mean: number): number {
  if (mean <= 0) return 0;
  // Normal approximation by twelve uniform numbers is enough for noise.
  let total = -6;
  for (let index = 0; index < 12; index += 1) total += random.next();
  return Math.max(0, Math.round(mean + Math.sqrt(mean) * total));
}
