import { z } from 'zod';
import { entityIdOf, entityNameOf } from '../../domain/entity.ts';
import type { EntityId } from '../../domain/entity.ts';
import { change as changeSchema } from '../../domain/signal.ts';
import type { Change } from '../../domain/signal.ts';
import type { Clock } from '../../infra/runtime/clock.ts';
import { isoOf, msOf } from '../../infra/runtime/clock.ts';
import { createHttpClient } from '../../infra/runtime/http.ts';
import type { Metrics } from '../../infra/runtime/metrics.ts';
import type { Secret } from '../../infra/runtime/secret.ts';
import { timeOf } from '../../detection/evidence/logs/formats/log-time.ts';
import type { ChangeSource } from './source.ts';
import { sourceResultOf } from './source-result.ts';
import { stopIfAborted } from './stop-if-aborted.ts';

export interface ChangeFeedOptions {
  /** Answers `GET <url>?since=<instant>` with a JSON list of changes, or `{ changes: [...] }`. */
  url: string;
  name?: string;
  headers?: Record<string, string | Secret>;
  /** How long an answer is served without asking again; default 1 s. */
  cacheMs?: number;
  /** The entity that the feed's `service` means; default `service:<name>`. */
  entityOf?: (service: string) => EntityId;
}

const optionalText = z.string().optional().catch(undefined);
const entry = z.object({
  id: z.coerce.string().min(1),
  at: z.unknown().transform((value, context) => {
    const ms = timeOf(value);
    if (ms !== undefined) return ms;
    context.addIssue('no time');
    return z.NEVER;
  }),
  kind: changeSchema.shape.kind,
  service: optionalText,
  title: z.string().catch(''),
  author: optionalText,
  summary: optionalText,
  ref: optionalText,
  files: z.array(z.string()).optional().catch(undefined),
  diff: optionalText,
});

const keptMax = 20_000;
const overlapMs = 300_000;
/** A feed that takes longer than this is not waited for while what is held is younger than `staleMs`. */
const patienceMs = 1_500;
const staleMs = 30_000;

/** Reads a generic HTTP change feed. What was read is kept and only news is asked for; entries that do not fit are set aside with a note. */
export function createChangeFeed(deps: { clock: Clock; metrics?: Metrics }, options: ChangeFeedOptions): ChangeSource {
  const { name = 'change-feed', cacheMs = 1_000, entityOf = (service) => entityIdOf('service', service) } = options;
  const url = new URL(options.url);
  const http = createHttpClient(deps, {
    name,
    baseUrl: url.origin,
    timeoutMs: 5_000,
    attempts: 2,
    ...(options.headers === undefined ? {} : { headers: options.headers }),
  });
  const held = new Map<string, Change>();
  let coveredFrom = Number.POSITIVE_INFINITY;
  let askedAt = Number.NEGATIVE_INFINITY;
  let setAside = 0;

  const refresh = async (from: number, signal: AbortSignal | undefined): Promise<void> => {
    const now = deps.clock.now();
    if (from >= coveredFrom && now - askedAt < cacheMs) return;
    const since = from < coveredFrom ? from : Math.max(from, askedAt - overlapMs);
    const query = { since: isoOf(since) };
    const reply = await http.request(`${url.pathname}${url.search}`, {
      query,
      ...(signal === undefined ? {} : { signal }),
    });
    const body = reply.json();
    const list = body !== null && typeof body === 'object' && 'changes' in body ? body.changes : body;
    setAside = 0;
    for (const raw of Array.isArray(list) ? list : [list]) {
      const parsed = entry.safeParse(raw);
      if (parsed.success) hold(parsed.data);
      else setAside += 1;
    }
    coveredFrom = Math.min(coveredFrom, since);
    askedAt = now;
  };
  /** Refreshes, or makes do with what is held when the feed is slow or fails; the note says so. */
  const refreshOrHeld = async (from: number, signal: AbortSignal | undefined): Promise<string[]> => {
    const age = deps.clock.now() - askedAt;
    const fresh = refresh(from, signal);
    if (from < coveredFrom || age > staleMs) {
      await fresh;
      return [];
    }
    const waiting = new AbortController();
    const late = deps.clock.sleep(patienceMs, waiting.signal).then(
      () => false,
      () => false,
    );
    const arrived = await Promise.race([
      fresh.then(
        () => true,
        () => false,
      ),
      late,
    ]);
    waiting.abort();
    stopIfAborted(signal);
    return arrived ? [] : [`${name} did not answer in time; what is held is ${Math.round(age / 1000)} s old`];
  };
  const hold = ({ service, at, ...rest }: z.infer<typeof entry>): void => {
    const members = Object.entries({
      ...rest,
      at: isoOf(at),
      ...(service === undefined ? {} : { entity: entityOf(service) }),
    });
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the entry without its undefined members
    held.set(rest.id, Object.fromEntries(members.filter(([, value]) => value !== undefined)) as Change);
    const oldest = held.size > keptMax ? held.keys().next().value : undefined;
    if (oldest !== undefined) held.delete(oldest);
  };
  const notes = (): string[] =>
    setAside === 0 ? [] : [`${setAside} entries of ${name} do not fit its format and were set aside`];
  return {
    name,
    async list(request, signal) {
      stopIfAborted(signal);
      const [from, to] = [msOf(request.window.from), msOf(request.window.to)];
      const late = await refreshOrHeld(from, signal);
      const wanted = new Set(request.entities.flatMap((id) => [id, entityOf(entityNameOf(id))]));
      const found = [...held.values()]
        .filter((one) => msOf(one.at) >= from && msOf(one.at) < to)
        .filter((one) => wanted.size === 0 || one.entity === undefined || wanted.has(one.entity))
        .sort((left, right) => msOf(left.at) - msOf(right.at));
      const lookedAt = `${name} at ${url.origin}${url.pathname}; asked for ${request.entities.join(', ') || 'all entities'}, ${request.window.from} to ${request.window.to}`;
      return sourceResultOf(found, { limit: request.limit, keep: 'newest', lookedAt, notes: [...notes(), ...late] });
    },
    async show(id, signal) {
      stopIfAborted(signal);
      const known = held.get(id);
      if (known === undefined) await refresh(0, signal);
      const found = held.get(id);
      return sourceResultOf(found === undefined ? [] : [found], {
        limit: 1,
        lookedAt: `${name} at ${url.origin}${url.pathname}; asked for ${id}`,
        notes: notes(),
      });
    },
  };
}
