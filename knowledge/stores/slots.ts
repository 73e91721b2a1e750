import type { KnowledgeKind } from '../chunk.ts';
import type { SearchScope } from '../keyword-index.ts';

/**
 * The rows of an in-memory index: which id stands in which slot, whether it lives, and to which access class (kind and set of labels) it
 * belongs. A scope is turned into one byte a class, so that a search tests access before it touches a row.
 */
export interface Slots {
  /** Slots handed out so far, the dead included. */
  size(): number;
  living(): number;
  add(id: string, kind: KnowledgeKind, labels: readonly string[]): number;
  /** Gives the slot that died, or undefined. */
  remove(id: string): number | undefined;
  slotOf(id: string): number | undefined;
  idOf(slot: number): string;
  kindOf(slot: number): KnowledgeKind;
  labelsOf(slot: number): readonly string[];
  /** For each slot its class; 0 is a dead slot. */
  classes(): Uint16Array;
  /** For each class 1 where the scope may see it. Class 0 is never visible. */
  visible(scope: SearchScope): Uint8Array;
  sortedIds(): readonly string[];
}

/** Makes an empty table of slots. */
export function createSlots(): Slots {
  const ids: string[] = [];
  const byId = new Map<string, number>();
  const classList: { kind: KnowledgeKind; labels: readonly string[] }[] = [];
  const classByKey = new Map<string, number>();
  let classOf = new Uint16Array(1_024);
  let sorted: string[] | undefined;
  const classFor = (kind: KnowledgeKind, labels: readonly string[]): number => {
    const distinct = [...new Set(labels)].sort();
    const key = JSON.stringify([kind, ...distinct]);
    let found = classByKey.get(key);
    if (found === undefined) {
      found = classList.push({ kind, labels: distinct });
      if (found > 65_535) throw new RangeError('more than 65,535 different sets of access labels');
      classByKey.set(key, found);
    }
    return found;
  };
  const of = (slot: number): { kind: KnowledgeKind; labels: readonly string[] } => classList[classOf[slot]! - 1]!;
  return {
    size: () => ids.length,
    living: () => byId.size,
    add: (id, kind, labels) => {
      const slot = ids.push(id) - 1;
      if (slot >= classOf.length) {
        const larger = new Uint16Array(classOf.length * 2);
        larger.set(classOf);
        classOf = larger;
      }
      classOf[slot] = classFor(kind, labels);
      byId.set(id, slot);
      sorted = undefined;
      return slot;
    },
    remove: (id) => {
      const slot = byId.get(id);
      if (slot === undefined) return undefined;
      byId.delete(id);
      classOf[slot] = 0;
      sorted = undefined;
      return slot;
    },
    slotOf: (id) => byId.get(id),
    idOf: (slot) => ids[slot]!,
    kindOf: (slot) => of(slot).kind,
    labelsOf: (slot) => of(slot).labels,
    classes: () => classOf,
    visible: (scope) => {
      const seen = new Uint8Array(classList.length + 1);
      for (const [index, { kind, labels }] of classList.entries())
        seen[index + 1] = isVisible(kind, labels, scope) ? 1 : 0;
      return seen;
    },
    sortedIds: () => (sorted ??= [...byId.keys()].sort()),
  };
}

/** Whether a scope may see something of this kind with these labels: it must hold every label. */
export function isVisible(kind: KnowledgeKind, labels: readonly string[], scope: SearchScope): boolean {
  return (
    (scope.kinds.length === 0 || scope.kinds.includes(kind)) && labels.every((label) => scope.labels.includes(label))
  );
}
