import type { Entity, Topology } from '../domain/entity.ts';
import type { Window } from '../domain/time.ts';
import { type Clock, isoOf, msOf } from '../infra/runtime/clock.ts';
import { CerebroError } from '../infra/runtime/errors.ts';
import type { Logger } from '../infra/runtime/logger.ts';
import { documentStatements } from '../knowledge/catalogue.ts';
import type { Knowledge } from '../knowledge/knowledge.ts';
import { ownersOf } from '../knowledge/topology/analyse-topology.ts';
import { topologyOfMetrics } from '../tools/read/read-topology.ts';
import { mergeTopologies } from '../tools/sources/merge-sources.ts';
import type { Sources, TopologySource } from '../tools/sources/source.ts';

type Known = Pick<Knowledge, 'topology'>;

const observedName = 'observed ';
const observeEveryMs = 10 * 60_000;
const observedSpanMs = 60 * 60_000;
/** What was observed answers for windows that ended longer ago than this; live sources know the present better. */
const historyAfterMs = 2 * 60 * 60_000;

/**
 * The sources with what documents state joined to their topology: declared services and edges, owners as the label `owner`, and for past windows
 * also what was observed then. Where documents state nothing and the window is recent it gives what the sources give.
 */
export function withKnownTopology(sources: Sources, library: Known, clock: Clock): Sources {
  const { topology: live, metrics } = sources;
  const read = async (window: Window, signal?: AbortSignal): Promise<Awaited<ReturnType<TopologySource['read']>>> => {
    const past = clock.now() - msOf(window.to) > historyAfterMs;
    const seen = await live?.read(window, signal);
    let known: Topology;
    try {
      known = await library.topology.read(window.to, past ? '' : documentStatements);
    } catch (thrown) {
      // Documents add to what is seen; where their store is down the rest still answers.
      const note = `documents were not asked: ${CerebroError.from(thrown).message}`;
      return seen?.status === 'ok' ? { ...seen, notes: [...seen.notes, note] } : { status: 'no-data', lookedAt: note };
    }
    if (known.entities.length === 0)
      return seen ?? { status: 'no-data', lookedAt: 'documents: none states a topology' };
    const derived =
      live === undefined && metrics !== undefined
        ? await topologyOfMetrics(metrics, window, signal ?? AbortSignal.timeout(60_000))
        : undefined;
    const parts = [...(seen?.status === 'ok' ? seen.items : []), ...(derived === undefined ? [] : [derived])];
    const notes = seen?.status === 'ok' ? seen.notes : [];
    const truncated = seen?.status === 'ok' && seen.truncated;
    return { status: 'ok', items: [withOwners(parts, known)], truncated, notes };
  };
  return { ...sources, topology: { name: live?.name ?? 'documents', read } };
}

/** Owning is no dependency: owners become a label, so that no walk takes a team for a service that is hit. */
function withOwners(parts: readonly Topology[], known: Topology): Topology {
  const teams = new Set(known.edges.filter(({ kind }) => kind === 'owns').map(({ from }) => from));
  const declared: Topology = {
    entities: known.entities.filter(({ id }) => !teams.has(id)),
    edges: known.edges.filter(({ kind }) => kind !== 'owns'),
  };
  const merged = mergeTopologies([...parts, declared]);
  const labelled = (entity: Entity): Entity => {
    const owners = ownersOf(known, entity.id).map((id) => id.slice(id.indexOf(':') + 1));
    return owners.length === 0 ? entity : { ...entity, labels: { ...entity.labels, owner: owners.join(', ') } };
  };
  return { entities: merged.entities.map(labelled), edges: merged.edges };
}

/** Remembers every ten minutes what the live sources saw in the last hour, so that two times can be compared later. Ends when the signal aborts. */
export async function keepObserved(
  deps: { clock: Clock; logger: Logger },
  live: TopologySource,
  library: Known,
  signal: AbortSignal,
): Promise<void> {
  const { clock, logger } = deps;
  while (!signal.aborted) {
    await clock.sleep(observeEveryMs, signal).catch(() => undefined);
    if (signal.aborted) return;
    try {
      const now = clock.now();
      const seen = await live.read({ from: isoOf(now - observedSpanMs), to: isoOf(now) }, signal);
      // Silence of a source is no change of the world.
      if (seen.status !== 'ok') continue;
      await library.topology.state(`${observedName}${live.name}`, mergeTopologies(seen.items), isoOf(now));
    } catch (thrown) {
      if (!signal.aborted) logger.warn('topology-not-observed', { reason: CerebroError.from(thrown).message });
    }
  }
}
