/** For each term the slots that hold it, rising, each with its packed counts. Grows by doubling. */
export interface PostingLists {
  add(term: number, slot: number, packed: number): void;
  /** Postings of a term, the dead included. */
  length(term: number): number;
  /** Pairs of slot and packed counts; only the first `2 * length` numbers mean something. */
  pairs(term: number): Int32Array;
  /** The packed counts of a slot, 0 when the term is not there. O(log length). */
  find(term: number, slot: number): number;
}

const none = new Int32Array();

/** Makes empty lists. */
export function createPostingLists(): PostingLists {
  const lists: (Int32Array | undefined)[] = [];
  const used: number[] = [];
  return {
    add: (term, slot, packed) => {
      const at = used[term] ?? 0;
      let list = lists[term];
      if (list === undefined || at + 2 > list.length) {
        const larger = new Int32Array(list === undefined ? 2 : list.length * 2);
        if (list !== undefined) larger.set(list);
        lists[term] = list = larger;
      }
      list[at] = slot;
      list[at + 1] = packed;
      used[term] = at + 2;
    },
    length: (term) => (used[term] ?? 0) / 2,
    pairs: (term) => lists[term] ?? none,
    find: (term, slot) => {
      const list = lists[term] ?? none;
      let low = 0;
      let high = (used[term] ?? 0) / 2 - 1;
      while (low <= high) {
        const middle = (low + high) >> 1;
        const value = list[middle * 2]!;
        if (value === slot) return list[middle * 2 + 1]!;
        if (value < slot) low = middle + 1;
        else high = middle - 1;
      }
      return 0;
    },
  };
}
