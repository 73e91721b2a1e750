import type { TimelineEntry } from '../../domain/diagnosis.ts';
import type { EntityId } from '../../domain/entity.ts';
import { entityNameOf } from '../../domain/entity.ts';
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
  const begun = [...entries.values()].flatMap(({ onset, entity, statement, evidence }): TimelineEntry[] =>
    onset === undefined ? [] : [{ at: onset, entity, text: statement, evidence }],
  );
  return [...begun, ...endsOf([...entries.values()])]
    .sort((left, right) => msOf(left.at) - msOf(right.at) || (left.text < right.text ? -1 : 1))
    .slice(0, 24);
}

/** When each entity went back to normal, where all that was told of it has. */
function endsOf(told: readonly Finding[]): TimelineEntry[] {
  const byEntity = Map.groupBy(
    told.filter(({ kind }) => kind !== 'change'),
    ({ entity }) => entity,
  );
  return [...byEntity].flatMap(([entity, findings]): TimelineEntry[] => {
    const ends = findings.flatMap(({ until }) => until ?? []).toSorted();
    const last = ends.at(-1);
    if (last === undefined || ends.length < findings.length) return [];
    const evidence = [...new Set(findings.flatMap((finding) => finding.evidence))].sort();
    return [{ at: last, entity, text: `${entityNameOf(entity)} is back to normal in what was told of it`, evidence }];
  });
}
