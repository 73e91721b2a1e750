import { entityNameOf } from '../domain/entity.ts';
import type { Probe } from './probe-sources.ts';

/** Names as the sources use them: what several share, and what only one knows. */
export interface Alignment {
  shared: { name: string; kinds: string[] }[];
  /** Names of one kind of source that no other has, with the likeliest partner elsewhere where there is one. */
  alone: { name: string; kind: string; likely?: string }[];
}

/** Which names the sources share. Two are the same when they are equal but for case and separators. Pure. */
export function alignNames(probes: readonly Probe[]): Alignment {
  const byName = new Map<string, { name: string; kinds: Set<string> }>();
  for (const { kind, entities } of probes)
    for (const entity of entities) {
      const name = entityNameOf(entity);
      const key = bare(name);
      const seen = byName.get(key) ?? { name, kinds: new Set() };
      seen.kinds.add(kind);
      byName.set(key, seen);
    }
  const all = [...byName.entries()].sort(([left], [right]) => (left < right ? -1 : 1));
  const kinds = new Set(probes.filter(({ entities }) => entities.length > 0).map(({ kind }) => kind));
  if (kinds.size < 2) return { shared: [], alone: [] };
  const shared = all
    .filter(([, { kinds: of }]) => of.size > 1)
    .map(([, { name, kinds: of }]) => ({ name, kinds: [...of].sort() }));
  const alone = all
    .filter(([, { kinds: of }]) => of.size === 1)
    .map(([key, { name, kinds: of }]) => {
      const [kind = ''] = of;
      const likely = all.find(
        ([other, { kinds: theirs }]) => other !== key && !theirs.has(kind) && isPartOf(key, other),
      );
      return { name, kind, ...(likely === undefined ? {} : { likely: likely[1].name }) };
    });
  return { shared, alone };
}

function bare(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
}

/** Whether one name is the other with a word more ("payments" and "payments-api"). */
function isPartOf(left: string, right: string): boolean {
  const [short, long] = left.length < right.length ? [left, right] : [right, left];
  return short.length >= 4 && (long.startsWith(short) || long.endsWith(short));
}
