import type { EntityId } from '../domain/entity.ts';
import { entityNameOf } from '../domain/entity.ts';
import type { Clock } from '../infra/runtime/clock.ts';
import { isoOf, msOf } from '../infra/runtime/clock.ts';
import { CerebroError } from '../infra/runtime/errors.ts';
import type { SourceResult, Sources } from '../tools/sources/source.ts';

/** How one source of one kind answered a probe. */
export interface Probe {
  name: string;
  kind: string;
  address: string;
  state: 'ok' | 'empty' | 'failed';
  /** What was seen, or what is missing and what to do. */
  says: string;
  /** Entities that it speaks of. */
  entities: EntityId[];
}

interface Connected {
  name: string;
  address: string;
  sources: Sources;
}

interface Seen {
  says: string;
  entities: readonly (EntityId | undefined)[];
}

const lookBackMs = 15 * 60_000;
const changesBackMs = 7 * 24 * 3_600_000;

/** Asks each connected source one cheap question of each kind that it has, and tells what came. Never throws. */
export async function probeSources(connected: readonly Connected[], { clock }: { clock: Clock }): Promise<Probe[]> {
  const probes: Promise<Probe>[] = [];
  const now = clock.now();
  const window = { from: isoOf(now - lookBackMs), to: isoOf(now) };
  const longer = { from: isoOf(now - changesBackMs), to: isoOf(now) };
  for (const { name, address, sources } of connected) {
    const probe = <T>(kind: string, read: () => Promise<SourceResult<T>>, tell: (items: T[]) => Seen): void => {
      probes.push(probeOne({ name, kind, address }, read, tell));
    };
    const { metrics, logs, traces, changes, cluster, advisories } = sources;
    if (metrics !== undefined)
      probe(
        'metrics',
        () => metrics.list(window),
        (items) => ({
          says: `${items.length} metrics`,
          entities: items.flatMap((one) => one.entities),
        }),
      );
    if (logs !== undefined)
      probe(
        'logs',
        () => logs.search({ entities: [], window, limit: 200 }),
        (items) => ({
          says: `${items.length} lines${ageOf(
            items.map(({ at }) => msOf(at)),
            now,
          )}`,
          entities: items.map(({ entity }) => entity),
        }),
      );
    if (traces !== undefined)
      probe(
        'traces',
        () => traces.search({ entities: [], window, limit: 200 }),
        (items) => ({
          says: `${items.length} spans${ageOf(
            items.map(({ startMs }) => startMs),
            now,
          )}`,
          entities: items.map(({ entity }) => entity),
        }),
      );
    if (changes !== undefined)
      probe(
        'changes',
        () => changes.list({ entities: [], window: longer, limit: 2_000 }),
        (items) => ({
          says: `${items.length} changes in seven days${ageOf(
            items.map(({ at }) => msOf(at)),
            now,
          )}`,
          entities: items.map(({ entity }) => entity),
        }),
      );
    if (cluster !== undefined)
      probe(
        'cluster objects',
        () => cluster.list({ kinds: ['Pod', 'Node', 'Event'], limit: 500 }),
        (items) => ({ says: `${items.length} pods, nodes and events`, entities: [] }),
      );
    if (advisories !== undefined)
      probe(
        'advisories',
        () => advisories.list([]),
        (items) => ({ says: `${items.length} advisories that apply`, entities: [] }),
      );
  }
  return Promise.all(probes);
}

async function probeOne<T>(
  about: Pick<Probe, 'name' | 'kind' | 'address'>,
  read: () => Promise<SourceResult<T>>,
  tell: (items: T[]) => Seen,
): Promise<Probe> {
  try {
    const result = await read();
    if (result.status === 'no-data')
      return { ...about, state: 'empty', says: `answers, but has nothing: ${result.lookedAt}`, entities: [] };
    const { says, entities } = tell(result.items);
    const known = [...new Set(entities.filter((one): one is EntityId => one !== undefined))].sort();
    const names = known.map(entityNameOf);
    const of =
      names.length === 0 ? '' : ` of ${names.length}: ${names.slice(0, 8).join(', ')}${names.length > 8 ? ', …' : ''}`;
    return { ...about, state: 'ok', says: `${says}${of}`, entities: known };
  } catch (thrown) {
    return { ...about, state: 'failed', says: whatIsMissing(CerebroError.from(thrown)), entities: [] };
  }
}

/** What to do about a failure, by what the back end answered. */
function whatIsMissing(error: CerebroError): string {
  const status = error.details['status'];
  if (status === 401) return `${error.message} It wants a log-in: give a token or a user (docs/environment.md).`;
  if (status === 403) return `${error.message} The log-in is known but may not read this: give it read leave.`;
  if (status === 404)
    return `${error.message} The address is another server's, or its path is missing (a prefix such as /prometheus?).`;
  return error.message;
}

function ageOf(times: readonly number[], now: number): string {
  if (times.length === 0) return '';
  const age = Math.max(0, now - Math.max(...times));
  return `, the newest ${age < 120_000 ? `${Math.round(age / 1_000)} s` : age < 7_200_000 ? `${Math.round(age / 60_000)} min` : `${Math.round(age / 3_600_000)} h`} old`;
}
