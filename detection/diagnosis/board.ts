import type { Edge, EntityId } from '../../domain/entity.ts';
import { entityKindOf } from '../../domain/entity.ts';
import type { Finding } from '../../domain/finding.ts';
import { msOf } from '../../infra/runtime/clock.ts';
import type { Clue } from '../faults/clue.ts';
import type { DiagnosisInput } from './diagnosis-input.ts';

/** Findings by place, and who depends on whom. */
export interface Board {
  entities: EntityId[];
  findings: readonly Finding[];
  changes: readonly Finding[];
  /** How many services are known. */
  services: number;
  /** Findings at a place of an entity, in the sense of a clue. */
  at(entity: EntityId, where: Clue['where']): readonly Finding[];
  /** The shortest dependency path from one entity to another it depends on, both included; undefined without one. */
  path(from: EntityId, to: EntityId): EntityId[] | undefined;
  /** Everything that depends on the entity, near ones first. */
  dependents(entity: EntityId): EntityId[];
  edge(from: EntityId, to: EntityId): Edge | undefined;
  hasTopology: boolean;
  /** How far two onsets may lie apart and still count as one time: sampling, rounding, clocks. */
  toleranceMs: number;
  /** When the window ends. */
  untilMs: number;
}

/** Roles that speak of a call when the finding has a peer, not of the entity itself. */
const callRoles = new Set([
  'traffic',
  'latency',
  'errors',
  'retries',
  'network',
  'database-latency',
  'database-work',
  'lock',
  'availability',
]);
const wordsOfTheDatabase = new Set(['database-lock', 'slow-query', 'missing-index']);

/** Builds the board. Edges are those of the topology and those that findings with a peer imply. Cost linear, paths by breadth-first search and remembered. */
export function createBoard(input: DiagnosisInput): Board {
  const places = new Map<string, Finding[]>();
  const entities = new Set<EntityId>();
  const put = (entity: EntityId, where: Clue['where'], finding: Finding): void => {
    entities.add(entity);
    const key = `${where}|${entity}`;
    const list = places.get(key);
    if (list === undefined) places.set(key, [finding]);
    else list.push(finding);
  };
  const telling = input.findings.filter(({ kind }) => kind !== 'change');
  for (const finding of telling) place(finding, put);
  const sharers = new Map<EntityId, Set<EntityId>>();
  for (const { entity, peer } of telling) {
    if (peer === undefined || !['queue', 'volume'].includes(entityKindOf(peer))) continue;
    sharers.set(peer, (sharers.get(peer) ?? new Set()).add(entity));
  }
  for (const finding of telling) {
    if (finding.peer === undefined) continue;
    for (const other of sharers.get(finding.peer) ?? []) if (other !== finding.entity) put(other, 'shared', finding);
  }
  const edges = edgesOf(input);
  const forward = new Map<EntityId, EntityId[]>();
  const backward = new Map<EntityId, EntityId[]>();
  for (const { from, to } of edges.values()) {
    forward.set(from, [...(forward.get(from) ?? []), to]);
    backward.set(to, [...(backward.get(to) ?? []), from]);
  }
  const trees = new Map<EntityId, Map<EntityId, EntityId>>();
  const treeFrom = (from: EntityId): Map<EntityId, EntityId> => {
    let tree = trees.get(from);
    if (tree === undefined) trees.set(from, (tree = search(from, forward)));
    return tree;
  };
  const services = new Set(
    [...input.topology.entities.map(({ id }) => id), ...entities].filter((id) => entityKindOf(id) === 'service'),
  );
  const atServices = telling.filter(({ entity }) => services.has(entity));
  return {
    services: services.size,
    entities: [...entities].sort(),
    findings: telling,
    changes: input.findings.filter(({ kind }) => kind === 'change'),
    at: (entity, where) => (where === 'everywhere' ? atServices : (places.get(`${where}|${entity}`) ?? [])),
    path: (from, to) => {
      if (from === to) return [from];
      const tree = treeFrom(from);
      if (!tree.has(to)) return undefined;
      const path = [to];
      for (let at = to; at !== from;) {
        at = tree.get(at)!;
        path.unshift(at);
      }
      return path;
    },
    dependents: (entity) => [...search(entity, backward).keys()].filter((id) => id !== entity),
    edge: (from, to) => edges.get(`${from}|${to}`),
    hasTopology: edges.size > 0,
    untilMs: msOf(input.window.to),
    toleranceMs: Math.max(
      2_500,
      Math.min(120_000, 0.025 * (msOf(input.window.to) - msOf(input.window.from))),
      coarsestStep(telling),
    ),
  };
}

function place(finding: Finding, put: (entity: EntityId, where: Clue['where'], finding: Finding) => void): void {
  const { entity, peer } = finding;
  if (peer === undefined) {
    put(entity, 'self', finding);
    return;
  }
  if (finding.kind === 'log-pattern') {
    const ofPeer =
      finding.data?.['hintOf'] === 'peer' ||
      (finding.faultKind !== undefined && wordsOfTheDatabase.has(finding.faultKind));
    if (ofPeer) put(peer, 'in', finding);
    put(entity, ofPeer ? 'out' : 'self', finding);
    return;
  }
  // Time on the way that the other calls of both ends lay at the caller says nothing of the callee.
  if (finding.data?.['charged'] !== 'caller') put(peer, 'in', finding);
  put(entity, callRoles.has(finding.signal.role) ? 'out' : 'self', finding);
}

/** The longest time between samples behind a finding: onsets are no sharper than that. */
function coarsestStep(findings: readonly Finding[]): number {
  const steps = findings.map(({ data }) => (typeof data?.['stepMs'] === 'number' ? data['stepMs'] : 0));
  return Math.min(600_000, Math.max(0, ...steps));
}

function edgesOf(input: DiagnosisInput): Map<string, Edge> {
  const edges = new Map<string, Edge>();
  const add = (edge: Edge): void => {
    if (edge.from !== edge.to && !edges.has(`${edge.from}|${edge.to}`)) edges.set(`${edge.from}|${edge.to}`, edge);
  };
  for (const edge of input.topology.edges) {
    add(edge);
    // A queue that nobody empties suffers from its consumer.
    if (edge.kind === 'consumes') add({ ...edge, from: edge.to, to: edge.from });
  }
  for (const { entity, peer, signal } of input.findings) {
    // A log line may name a peer in passing; a complaint about a party outside tells of a call.
    if (peer !== undefined && (signal.type !== 'log' || entityKindOf(peer) === 'external'))
      add({
        from: entity,
        to: peer,
        kind: entityKindOf(peer) === 'database' ? 'reads' : 'calls',
        source: 'findings',
        confidence: 0.8,
      });
  }
  return edges;
}

function search(from: EntityId, next: ReadonlyMap<EntityId, readonly EntityId[]>): Map<EntityId, EntityId> {
  const cameFrom = new Map<EntityId, EntityId>([[from, from]]);
  let frontier = [from];
  for (let depth = 0; depth < 8 && frontier.length > 0; depth += 1) {
    const reached: EntityId[] = [];
    for (const at of frontier) {
      for (const to of next.get(at) ?? []) {
        if (cameFrom.has(to)) continue;
        cameFrom.set(to, at);
        reached.push(to);
      }
    }
    frontier = reached;
  }
  return cameFrom;
}
