import type { Scored } from '../keyword-index.ts';

/** Keeps the `limit` best of many candidates (a binary heap, worst on top): O(log limit) an offer, ties to the lower id. */
export interface BestList {
  /** Lowest score that can still enter; -Infinity while there is room. */
  threshold(): number;
  offer(slot: number, score: number): void;
  /** Best first. Empties the list. */
  take(): Scored[];
}

/** Makes a list over slots whose ids are looked up only when scores tie. */
export function createBestList(limit: number, idOf: (slot: number) => string): BestList {
  const slots: number[] = [];
  const scores: number[] = [];
  const worse = (left: number, right: number): boolean => {
    const difference = scores[left]! - scores[right]!;
    return difference === 0 ? idOf(slots[left]!) > idOf(slots[right]!) : difference < 0;
  };
  const swap = (left: number, right: number): void => {
    [slots[left], slots[right]] = [slots[right]!, slots[left]!];
    [scores[left], scores[right]] = [scores[right]!, scores[left]!];
  };
  const sink = (): void => {
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= slots.length) return;
      if (child + 1 < slots.length && worse(child + 1, child)) child += 1;
      if (!worse(child, index)) return;
      swap(child, index);
      index = child;
    }
  };
  const beatsTop = (slot: number, score: number): boolean =>
    score > scores[0]! || (score === scores[0]! && idOf(slot) < idOf(slots[0]!));
  return {
    threshold: () => (slots.length < limit ? -Infinity : scores[0]!),
    offer: (slot, score) => {
      if (limit <= 0) return;
      if (slots.length >= limit) {
        if (!beatsTop(slot, score)) return;
        slots[0] = slot;
        scores[0] = score;
        sink();
        return;
      }
      slots.push(slot);
      scores.push(score);
      let index = slots.length - 1;
      while (index > 0) {
        const parent = (index - 1) >> 1;
        if (!worse(index, parent)) break;
        swap(index, parent);
        index = parent;
      }
    },
    take: () => {
      const found = slots.map((slot, index) => ({ id: idOf(slot), score: scores[index]! }));
      slots.length = 0;
      scores.length = 0;
      return found.sort((left, right) => right.score - left.score || (left.id < right.id ? -1 : 1));
    },
  };
}
