import type { EntityId } from '../../../domain/entity.ts';
import { entityNameOf } from '../../../domain/entity.ts';
import type { Finding } from '../../../domain/finding.ts';
import { isoOf, msOf } from '../../../infra/runtime/clock.ts';
import { countEvidence } from '../propagation/count-evidence.ts';
import type { Windows } from '../signals/detect-anomalies.ts';
import { makeFinding } from '../signals/make-finding.ts';
import { clamp, median } from '../signals/robust-statistics.ts';
import type { MinedRecord } from './mine-sequences.ts';
import { templateId, templateText } from './template-text.ts';

/** What follows an event within one request at one entity: the next event, or nothing more. */
interface Follower {
  at: number;
  next: string;
}

/** A way in which what follows an event changed. */
interface Change {
  event: string;
  next: string;
  kind: 'ends' | 'left-out' | 'new';
  before: number;
  after: number;
  evidence: number;
  onsetMs: number;
}

const end = 'the end';
/** With fewer of an event before and after than this, nothing is usual. */
const [fewestBefore, fewestAfter] = [8, 4];
/** The least share of an event's occurrences whose follower changed, and how surely, in standard deviations. */
const [leastShare, leastEvidence] = [0.15, 4];
/** For a follower that was never seen: much of what comes is rare anyway. */
const leastNew = 0.3;
/** What follows rarely enough to be unheard of, and often enough to be missed. */
const [seldom, usually] = [0.02, 0.5];
const chunk = 12;
/** How much each way says: to end early says most, what comes anew may be another way of saying the same. */
const says: Readonly<Record<Change['kind'], number>> = { ends: 1, 'left-out': 0.85, new: 0.6 };

/**
 * Requests that no longer do at an entity what they always did there, told by the order of its log lines of every level: pairs of lines that
 * followed each other within a request (trace id) and no longer do, an end where there never was one, or a step never seen. An early return or a
 * swallowed exception looks like this: nothing is slow, nothing is logged as an error. What was usual is the median over stretches of the baseline, so that an
 * earlier incident in it is left out. Requests that begin before the observed window or may go on after it do not count. At most one finding an
 * entity, its surest change, with the share of its events whose follower changed. Cost linear in lines but for sorting.
 */
export function eventPairs(records: readonly MinedRecord[], windows: Windows): Finding[] {
  const texts = new Map<string, string>();
  const byEntity = followersOf(records, windows, texts);
  return [...byEntity].flatMap(([entity, events]) => {
    const changes = [...events].flatMap(([event, followers]) => changesOf(event, followers, windows));
    const surest = changes.toSorted(
      (left, right) => weightOf(right) - weightOf(left) || (left.event < right.event ? -1 : 1),
    );
    return surest[0] === undefined
      ? []
      : [findingOf(entity, surest[0], { changes: changes.length, events: events.size, texts })];
  });
}

function weightOf({ kind, evidence, after }: Change): number {
  return says[kind] * (clamp(evidence / 12, 0, 1) + after);
}

function followersOf(
  records: readonly MinedRecord[],
  windows: Windows,
  texts: Map<string, string>,
): Map<EntityId, Map<string, Follower[]>> {
  const [from, to] = [msOf(windows.observed.from), msOf(windows.observed.to)];
  const edge = 0.05 * (to - from);
  const requests = Map.groupBy(
    records.filter(({ record }) => record.traceId !== undefined).toSorted((left, right) => left.at - right.at),
    ({ entity, record }) => `${entity}|${record.traceId}`,
  );
  const byEntity = new Map<EntityId, Map<string, Follower[]>>();
  for (const lines of requests.values()) {
    const [first, last] = [lines[0]!, lines.at(-1)!];
    if ((first.at < from && last.at >= from) || (last.at >= to - edge && last.observed)) continue;
    const events = byEntity.get(first.entity) ?? new Map<string, Follower[]>();
    byEntity.set(first.entity, events);
    const names = lines.map(({ template }) => {
      const name = templateId(template);
      if (!texts.has(name)) texts.set(name, templateText(template));
      return name;
    });
    for (const [index, { at }] of lines.entries()) {
      const followers = events.get(names[index]!) ?? [];
      events.set(names[index]!, followers);
      followers.push({ at, next: names[index + 1] ?? end });
    }
  }
  return byEntity;
}

function changesOf(event: string, followers: readonly Follower[], windows: Windows): Change[] {
  const sorted = followers.toSorted((left, right) => left.at - right.at);
  const [from, to] = [msOf(windows.observed.from), msOf(windows.observed.to)];
  const before = sorted.filter(({ at }) => at < from);
  const after = sorted.filter(({ at }) => at >= from && at < to);
  if (before.length < fewestBefore || after.length < fewestAfter) return [];
  const stretches = stretchesOf(before);
  const usual = (next: string): number =>
    median(stretches.map((some) => some.filter((one) => one.next === next).length / some.length));
  return [...new Set([...before, ...after].map(({ next }) => next))].flatMap((next): Change[] => {
    const base = usual(next);
    const share = after.filter((one) => one.next === next).length / after.length;
    const kind = next === end ? 'ends' : 'new';
    if (base <= seldom && share >= (kind === 'new' ? leastNew : leastShare))
      return told({ event, next, kind, base, share }, stretches, after);
    if (next !== end && base >= usually && share <= 0.5 * base)
      return told({ event, next, kind: 'left-out', base: 1 - base, share: 1 - share }, stretches, after);
    return [];
  });
}

function told(
  one: Pick<Change, 'event' | 'next' | 'kind'> & { base: number; share: number },
  stretches: readonly Follower[][],
  after: readonly Follower[],
): Change[] {
  const evidence = countEvidence(
    { values: stretches.map(() => one.base), weights: stretches.map(({ length }) => length) },
    { values: [one.share], weights: [after.length] },
  );
  if (evidence < leastEvidence) return [];
  const first = after.find(({ next }) => (next === one.next) === (one.kind !== 'left-out'));
  return [
    {
      event: one.event,
      next: one.next,
      kind: one.kind,
      before: one.base,
      after: one.share,
      evidence,
      onsetMs: first?.at ?? after[0]!.at,
    },
  ];
}

function stretchesOf(before: readonly Follower[]): Follower[][] {
  const size = Math.max(chunk, Math.ceil(before.length / 12));
  return Array.from({ length: Math.max(1, Math.floor(before.length / size)) }, (_, index) =>
    before.slice(index * size, (index + 1) * size),
  );
}

function findingOf(
  entity: EntityId,
  { event, next, kind, before, after, evidence, onsetMs }: Change,
  seen: { changes: number; events: number; texts: ReadonlyMap<string, string> },
): Finding {
  const name = entityNameOf(entity);
  const percent = (share: number): string => `${Math.round(100 * share)} %`;
  const quote = (id: string): string => (id === end ? end : `"${(seen.texts.get(id) ?? id).slice(0, 90)}"`);
  const what = {
    ends: `requests at ${name} end where they always went on`,
    'left-out': `requests at ${name} leave out a step that they usually take`,
    new: `requests at ${name} go on in a way never seen before`,
  }[kind];
  return makeFinding({
    kind: 'span-shift',
    entity,
    signal: { type: 'log', role: 'traffic', name: 'event-pairs' },
    statement: `${what}, in ${percent(after)} of them (before: ${percent(before)})`,
    excerpt: `after ${quote(event)}: ${kind === 'left-out' ? `no longer ${quote(next)}` : quote(next)}`.slice(0, 300),
    direction: 'down',
    onset: isoOf(onsetMs),
    effect: { baseline: before, observed: after, size: evidence },
    severity: says[kind] * clamp(0.3 + 0.3 * clamp(evidence / 12, 0, 1) + 0.4 * after, 0, 1),
    data: {
      aspect: 'lost-calls',
      side: 'server',
      unit: 'ratio',
      step: kind,
      changed: Math.round((100 * seen.changes) / seen.events) / 100,
    },
  });
}
