import type { EntityId } from '../../../domain/entity.ts';
import type { Finding } from '../../../domain/finding.ts';
import type { PlacedSpan } from './span-tree.ts';

/** Which end of a call the time on its way belongs to. */
export type Charge = 'caller' | 'callee' | 'unknown';

/**
 * To which end of each slow way its time belongs, told by the other calls of both ends: a callee whose other callers reach it as fast as
 * ever is not the one, a caller that loses time on its other calls and in itself is; and the other way round. `unknown` where both count
 * alike. `findings` are those of span attribution; ways that did not change are not asked about.
 */
export function chargeGaps(
  placed: readonly PlacedSpan[],
  findings: readonly Finding[],
): (caller: EntityId, callee: EntityId) => Charge {
  const slow = new Map<string, Finding>();
  const own = new Map<EntityId, number>();
  for (const finding of findings) {
    const { entity, peer, data, effect } = finding;
    if (data?.['aspect'] === 'edge-gap' && peer !== undefined) slow.set(`${entity}|${peer}`, finding);
    if (data?.['aspect'] === 'self-time') own.set(entity, (effect?.observed ?? 0) - (effect?.baseline ?? 0));
  }
  const callees = new Map<EntityId, Set<EntityId>>();
  const callers = new Map<EntityId, Set<EntityId>>();
  for (const { span, peer } of placed) {
    if (span.kind !== 'client' || peer === undefined) continue;
    callees.set(span.entity, (callees.get(span.entity) ?? new Set()).add(peer));
    callers.set(peer, (callers.get(peer) ?? new Set()).add(span.entity));
  }
  return (caller, callee) => {
    const finding = slow.get(`${caller}|${callee}`);
    if (finding === undefined) return 'unknown';
    const growth = (finding.effect?.observed ?? 0) - (finding.effect?.baseline ?? 0);
    let balance = (own.get(caller) ?? 0) >= growth / 2 ? 1 : 0;
    for (const other of callees.get(caller) ?? [])
      if (other !== callee) balance += slow.has(`${caller}|${other}`) ? 1 : -1;
    for (const other of callers.get(callee) ?? [])
      if (other !== caller) balance += slow.has(`${other}|${callee}`) ? -1 : 1;
    return balance > 0 ? 'caller' : balance < 0 ? 'callee' : 'unknown';
  };
}
