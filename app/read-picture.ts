import type { LivePicture } from '../bots/console/server/console-deps.ts';
import type { Topology } from '../domain/entity.ts';
import { type Clock, isoOf } from '../infra/runtime/clock.ts';
import { topologyOfMetrics } from '../tools/read/read-topology.ts';
import type { Sources } from '../tools/sources/source.ts';
import type { Watch } from './watch.ts';

/** The topology of the last ten minutes; empty where none is known. A dead source gives an empty one too: the console shows the gap. */
export async function readTopology(sources: Sources, clock: Clock): Promise<Topology> {
  const now = clock.now();
  const read = await sources.topology?.read({ from: isoOf(now - 600_000), to: isoOf(now) }).catch(() => undefined);
  return read?.status === 'ok' ? (read.items[0] ?? emptyTopology) : emptyTopology;
}

/** As `readTopology`; where nothing is connected that knows one, what peer labels of the metrics tell. For the watch, which asks seldom. */
export async function readDependencies(sources: Sources, clock: Clock): Promise<Topology> {
  const { topology, metrics } = sources;
  if (topology !== undefined || metrics === undefined) return readTopology(sources, clock);
  const now = clock.now();
  const window = { from: isoOf(now - 300_000), to: isoOf(now) };
  return (await topologyOfMetrics(metrics, window, AbortSignal.timeout(10_000))) ?? emptyTopology;
}

/** Who depends on whom, and how each one does by the standing watch. */
export async function readPicture(sources: Sources, clock: Clock, watch: Watch | undefined): Promise<LivePicture> {
  const topology = await readTopology(sources, clock);
  const health = Object.fromEntries(
    topology.entities.map((one) => [one.id, watch?.healthOf(one.id) ?? { state: 'unknown' as const }]),
  );
  return { topology, health };
}

const emptyTopology: Topology = { entities: [], edges: [] };
