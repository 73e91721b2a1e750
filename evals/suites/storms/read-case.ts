import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { z } from 'zod';
import type { Edge, EntityId, EntityKind, Topology } from '../../../domain/entity.ts';
import { entityIdOf, entityKindOf } from '../../../domain/entity.ts';
import type { FiredAlert } from '../../../domain/signal.ts';
import { isoOf } from '../../../infra/runtime/clock.ts';
import type { AskedData } from '../../asked-data.ts';
import { caseQuestion, readJson } from '../case-files.ts';
import type { SystemCase } from '../system-cases.ts';

const node = z.object({
  id: z.string(),
  kind: z.enum(['pod', 'service', 'node']),
  service: z.string().nullish(),
  host: z.string().nullish(),
});
const pairs = z.array(z.tuple([z.string(), z.string()])).default([]);
const topologyFile = z.object({ nodes: z.array(node), edges: pairs, links: pairs });
const incidentFile = z.object({ history_group: z.union([z.number(), z.string()]).nullish() });
const recorded = z.object({
  at: z.union([z.number(), z.string()]).nullish(),
  entity: z.string(),
  kind: z.enum(['metric', 'log', 'trace']).catch('metric'),
  name: z.coerce.string(),
  direction: z.enum(['up', 'down']).nullish().catch(undefined),
  status: z.coerce.string().nullish(),
  peer: z.string().nullish(),
  group: z.union([z.number(), z.string()]).nullish(),
});
type Recorded = z.infer<typeof recorded>;

/** A site as all its cases share it. */
export interface StormSite {
  topology: Topology;
  /** The ids of the topology file by entity. */
  ids: ReadonlyMap<EntityId, string>;
  /** Alerts of other incidents by the number that the files give these. */
  groups: ReadonlyMap<string, Recorded[]>;
}

/** When the made-up clock of a case stands; alerts carry an order and no times. */
const nowMs = Date.UTC(2026, 0, 1);
const hourMs = 3_600_000;

/** Reads what all cases of a site share. */
export function readStormSite(systemPath: string): StormSite {
  const { nodes, edges, links } = topologyFile.parse(readJson(join(systemPath, 'topology.json')));
  const kinds = new Map<string, EntityKind>(nodes.map(({ id, kind }) => [id, kind]));
  const made: Edge[] = [];
  const edge = (from: EntityId, to: EntityId, kind: Edge['kind'], confidence = 1): void => {
    made.push({ from, to, kind, source: 'topology file', confidence });
  };
  for (const { id, kind, service, host } of nodes) {
    if (service != null && service !== id) edge(entityIdOf('service', service), entityIdOf(kind, id), 'owns');
    if (host != null && host !== id) edge(entityIdOf(kind, id), entityIdOf('node', host), 'runs-on');
  }
  const idOf = (name: string): EntityId => entityIdOf(kinds.get(name) ?? 'other', name);
  for (const [from, to] of edges) edge(idOf(from), idOf(to), kinds.get(to) === 'node' ? 'runs-on' : 'calls');
  // Which of the two calls the other is not known.
  for (const [left, right] of links) {
    edge(idOf(left), idOf(right), 'calls', 0.5);
    edge(idOf(right), idOf(left), 'calls', 0.5);
  }
  const groups = new Map<string, Recorded[]>();
  for (const alert of readAlerts(gunzipSync(readFileSync(join(systemPath, 'history.jsonl.gz'))).toString('utf8'))) {
    const group = String(alert.group ?? '');
    groups.set(group, [...(groups.get(group) ?? []), alert]);
  }
  return {
    topology: { entities: nodes.map(({ id, kind }) => ({ id: entityIdOf(kind, id), kind, name: id })), edges: made },
    ids: new Map(nodes.map(({ id, kind }) => [entityIdOf(kind, id), id])),
    groups,
  };
}

/** One storm as the product gets it: its alerts now, those of all other incidents an hour apart before. The case's own group is left out. */
export function readStormCase({ name, path }: SystemCase, site: StormSite): AskedData {
  const { history_group: own } = incidentFile.parse(readJson(join(path, 'incident.json')) ?? {});
  const kinds = new Map([...site.ids].map(([entity, id]) => [id, entityKindOf(entity)]));
  const fired = (alerts: readonly Recorded[], incident: string, from: number): FiredAlert[] =>
    inOrder(alerts).map(({ entity, kind, name: what, direction, status, peer }, index) => ({
      at: isoOf(from + index),
      incident,
      entity: entityIdOf(kinds.get(entity) ?? 'other', entity),
      source: kind,
      name: what,
      ...(direction == null ? {} : { direction }),
      ...(status == null ? {} : { status }),
      ...(peer == null ? {} : { peer: entityIdOf(kinds.get(peer) ?? 'other', peer) }),
    }));
  const others = [...site.groups].filter(([group]) => own == null || group !== String(own));
  const alerts = [
    ...others.flatMap(([group, some], index) =>
      fired(some, `group ${group}`, nowMs - (others.length - index) * hourMs),
    ),
    ...fired(readAlerts(readFileSync(join(path, 'alerts.jsonl'), 'utf8')), 'now', nowMs),
  ];
  return {
    name,
    data: { alerts, topology: site.topology },
    question: caseQuestion({
      suite: 'storms',
      name,
      text: 'What is wrong?',
      window: { from: isoOf(nowMs), to: isoOf(nowMs + hourMs) },
    }),
  };
}

/** By time where the alerts have one, else as they stand. */
function inOrder(alerts: readonly Recorded[]): Recorded[] {
  const timeOf = ({ at }: Recorded): number => (typeof at === 'string' ? Date.parse(at) : (at ?? 0));
  return alerts.toSorted((left, right) => timeOf(left) - timeOf(right) || 0);
}

function readAlerts(text: string): Recorded[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => recorded.parse(JSON.parse(line)));
}
