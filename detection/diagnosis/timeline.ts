import type { TimelineEntry } from '../../domain/diagnosis.ts';
import type { EntityId } from '../../domain/entity.ts';
import type { Finding } from '../../domain/finding.ts';
import { msOf } from '../../infra/runtime/clock.ts';
import type { Candidate } from './candidates.ts';

/** What happened when, oldest first, at most 24 entries: changes that could matter, what carries the cause, the first symptom of each entity. */
export function timelineOf(
  top: Candidate | undefined,
  symptoms: readonly Finding[],
  changes: readonly Finding[],
): TimelineEntry[] {
  const own =
    top === undefined ? [] : top.seen.flatMap(({ findings }) => findings).filter(({ severity }) => severity >= 0.2);
  const firstOf = new Map<EntityId, Finding>();
  for (const symptom of symptoms) {
    const known = firstOf.get(symptom.entity);
    if (symptom.onset !== undefined && (known?.onset === undefined || msOf(symptom.onset) < msOf(known.onset)))
      firstOf.set(symptom.entity, symptom);
  }
  const telling = changes.filter((change) => change === top?.change || change.data?.['innocent'] === undefined);
  const entries = new Map<string, Finding>();
  for (const finding of [...own.slice(0, 10), ...[...firstOf.values()].slice(0, 10), ...telling.slice(-6)])
    entries.set(finding.id, finding);
  return [...entries.values()]
    .filter((finding) => finding.onset !== undefined)
    .sort((left, right) => msOf(left.onset!) - msOf(right.onset!) || (left.id < right.id ? -1 : 1))
    .slice(0, 24)
    .map(({ onset, entity, statement, evidence }) => ({ at: onset!, entity, text: statement, evidence }));
}
