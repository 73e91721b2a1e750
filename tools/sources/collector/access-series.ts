import { lineFactsOf } from '../../../detection/evidence/logs/formats/line-facts.ts';
import { routeOf } from '../../../detection/evidence/logs/route-of.ts';
import type { FamilyFacts } from './exposition.ts';
import type { ScrapeInput } from './metric-store.ts';

/** Makes counters out of the requests that a server's access log tells of. */
export interface AccessSeries {
  /** Counts a request that ended at a time; lines need not be in order within some seconds. */
  note(atMs: number, fields: Readonly<Record<string, unknown>>): void;
  /** The samples that are complete at `nowMs`, oldest first: counters by method, route and status; by upstream and its status; latencies. */
  take(nowMs: number): { at: number; input: ScrapeInput }[];
}

const stepMs = 5_000;
/** Lines come this much later than what they tell of. */
const lateMs = 2_000;
const mostRoutes = 25;
const mostUpstreams = 50;
const mostSteps = 2_000;
const bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const served = 'access_log_http_server_requests_total';
const servedTime = 'access_log_http_server_request_duration_seconds';
const passed = 'access_log_http_client_requests_total';
const passedTime = 'access_log_http_client_request_duration_seconds';
const families: ReadonlyMap<string, FamilyFacts> = new Map([
  [served, { type: 'counter', help: 'Requests in the access log.' }],
  [servedTime, { type: 'histogram', help: 'Time of requests in the access log.', unit: 'seconds' }],
  [passed, { type: 'counter', help: 'Requests passed to an upstream, in the access log.' }],
  [passedTime, { type: 'histogram', help: 'Time of the upstream, in the access log.', unit: 'seconds' }],
]);

/** Counters of one server. Routes and upstreams beyond the first 25 and 50 count together; times are kept in steps of five seconds. */
export function createAccessSeries(): AccessSeries {
  const totals = new Map<string, number>();
  const steps = new Map<number, Map<string, number>>();
  const routes = new Set<string>();
  const upstreams = new Set<string>();
  let done = Number.NEGATIVE_INFINITY;

  const time = (step: Map<string, number>, name: string, label: string, ms: number): void => {
    const seconds = ms / 1_000;
    for (const bound of bounds) grow(step, `${name}_bucket{${label},le="${bound}"}`, seconds <= bound ? 1 : 0);
    grow(step, `${name}_bucket{${label},le="+Inf"}`, 1);
    grow(step, `${name}_sum{${label}}`, seconds);
    grow(step, `${name}_count{${label}}`, 1);
  };

  return {
    note(atMs, fields) {
      const { method, path, status, durationMs, upstream, upstreamStatus, upstreamMs } = lineFactsOf(fields);
      if (status === undefined) return;
      // What comes later than its step was told counts in the next.
      const slot = Math.max(Math.floor(atMs / stepMs), done + 1);
      let step = steps.get(slot);
      if (step === undefined) {
        if (steps.size >= mostSteps) return;
        steps.set(slot, (step = new Map()));
      }
      const route = limited(routes, routeOf(path ?? '-'), mostRoutes);
      grow(step, `${served}{method="${method ?? '-'}",route="${quoted(route)}",status="${status}"}`, 1);
      if (durationMs !== undefined) time(step, servedTime, `route="${quoted(route)}"`, durationMs);
      if (upstream === undefined) return;
      const peer = limited(upstreams, upstream, mostUpstreams);
      grow(step, `${passed}{upstream="${quoted(peer)}",status="${upstreamStatus ?? status}"}`, 1);
      if (upstreamMs !== undefined) time(step, passedTime, `upstream="${quoted(peer)}"`, upstreamMs);
    },
    take(nowMs) {
      const complete = Math.floor((nowMs - lateMs) / stepMs) - 1;
      const made: { at: number; input: ScrapeInput }[] = [];
      const emit = (slot: number): void => {
        for (const [key, by] of steps.get(slot) ?? []) totals.set(key, (totals.get(key) ?? 0) + by);
        steps.delete(slot);
        if (totals.size > 0)
          made.push({
            at: (slot + 1) * stepMs,
            input: { keys: [...totals.keys()], values: [...totals.values()], families },
          });
        done = slot;
      };
      for (const slot of [...steps.keys()].filter((one) => one <= complete).sort((left, right) => left - right)) {
        // A counter stands still where nothing was asked: the step before tells so.
        if (totals.size > 0 && slot - 1 > done) emit(slot - 1);
        if (totals.size === 0) for (const key of steps.get(slot)?.keys() ?? []) totals.set(key, 0);
        if (done === Number.NEGATIVE_INFINITY) emit(slot - 1);
        emit(slot);
      }
      if (totals.size > 0 && complete > done) emit(complete);
      return made;
    },
  };
}

function grow(step: Map<string, number>, key: string, by: number): void {
  step.set(key, (step.get(key) ?? 0) + by);
}

function limited(known: Set<string>, name: string, most: number): string {
  if (known.has(name)) return name;
  if (known.size >= most) return 'other';
  known.add(name);
  return name;
}

function quoted(text: string): string {
  return text
    .slice(0, 200)
    .replaceAll(/[\\"]/g, '\\$&')
    .replaceAll('\n', String.raw`\n`);
}
