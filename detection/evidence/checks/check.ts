import type { EntityId } from '../../../domain/entity.ts';
import type { Finding, Signal } from '../../../domain/finding.ts';
import type { Resource } from '../../../domain/signal.ts';
import { makeFinding } from '../signals/make-finding.ts';
import { textAt } from './fields.ts';
import type { Cluster } from './cluster.ts';

/** What a check found wrong, before it is a finding. `objects` are those that show it, the main one first. */
export interface Failed {
  entity: EntityId;
  faultKind: string;
  statement: string;
  /** In [0, 1]: from 0.7 it names a mechanism; below, only a state that other faults bring about too. */
  severity: number;
  objects: readonly Resource[];
  /** Words of the cluster, quoted: tainted. */
  excerpt?: string;
  onset?: string;
  peer?: EntityId;
}

/**
 * One family of deterministic checks. `rule` explains what is compared with what; `refutedBy` says what would show that a finding of it is
 * wrong, and is looked at before one is made, where the cluster shows it. `run` never throws on odd objects and is pure.
 */
export interface Check {
  name: string;
  rule: string;
  refutedBy: string;
  run(cluster: Cluster): Finding[];
}

/** Makes a check of a function that lists what failed. */
export function createCheck(
  about: Pick<Check, 'name' | 'rule' | 'refutedBy'>,
  find: (cluster: Cluster) => Failed[],
): Check {
  return { ...about, run: (cluster) => find(cluster).map((failed) => findingOf(about, failed)) };
}

function findingOf(about: Pick<Check, 'name' | 'rule' | 'refutedBy'>, failed: Failed): Finding {
  const [main] = failed.objects;
  const signal: Signal = {
    type: 'resource',
    role: 'config',
    name: (main === undefined ? about.name : `${main.kind}/${main.name}`).slice(0, 160),
  };
  return makeFinding({
    kind: 'failed-check',
    entity: failed.entity,
    ...(failed.peer === undefined ? {} : { peer: failed.peer }),
    signal,
    statement: failed.statement.slice(0, 300),
    ...(failed.excerpt === undefined || failed.excerpt === '' ? {} : { excerpt: failed.excerpt.slice(0, 300) }),
    direction: 'changed',
    ...(failed.onset === undefined ? {} : { onset: failed.onset }),
    severity: failed.severity,
    faultKind: failed.faultKind,
    data: {
      check: about.name,
      rule: about.rule,
      refutedBy: about.refutedBy,
      objects: failed.objects.slice(0, 5).map(citationOf),
    },
  });
}

/** When an event was first seen, as a member to spread; nothing when the event tells no time. */
export function onsetOf(event: Resource | undefined): { onset?: string } {
  const at = event === undefined ? '' : textAt(event.object, 'firstTimestamp') || textAt(event.object, 'lastTimestamp');
  const time = Date.parse(at);
  return Number.isFinite(time) ? { onset: new Date(time).toISOString() } : {};
}

function citationOf({ kind, namespace, name }: Resource): string {
  return `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`.slice(0, 200);
}
