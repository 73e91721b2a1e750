/** A context: what followed it, and the same context with one more event before it. */
interface Context {
  total: number;
  next: Map<number, number>;
  longer: Map<number, Context>;
}

/** Events as small numbers. `end` closes each sequence; `start` stands before it. */
export const end = 0;
export const start = 1;

/** Which event follows which others, at every length of memory up to `depth`. */
export interface OrderModel {
  /** Adds (1) or takes back (-1) one sequence. What was taken back is as if it had never come. */
  count(sequence: readonly number[], by: 1 | -1): void;
  /** Nats of surprise at a place, -ln P(event | all before it); after the last event, at the end. */
  surprise(sequence: readonly number[], place: number, vocabulary: number): number;
  /** Those of all places: one more than the sequence is long. */
  surprises(sequence: readonly number[], vocabulary: number): Float64Array;
  /** The most likely next events after a history, likeliest first, with their share after the longest known context. */
  expected(history: readonly number[], most: number): { event: number; share: number }[];
  contexts(): number;
  toJson(): unknown;
}

/**
 * A variable-order Markov model: a suffix tree of contexts, all lengths blended by method C of PPM (Moffat 1990): P_k(e) = (n_e + d P_k-1(e)) /
 * (n + d), n lines and d different events after the context of length k. Beyond `most` contexts none is added: shorter ones answer for them.
 * Cost: depth steps an event.
 */
export function createOrderModel(depth: number, most: number, json?: unknown): OrderModel {
  let held = 1;
  const root = json === undefined ? emptyContext() : contextOf(json);
  if (json !== undefined) held = sizeOf(root);

  function tally(context: Context, event: number, by: 1 | -1): void {
    const count = (context.next.get(event) ?? 0) + by;
    if (count > 0) context.next.set(event, count);
    else context.next.delete(event);
    context.total += by;
  }

  function count(sequence: readonly number[], by: 1 | -1): void {
    for (let place = 0; place <= sequence.length; place += 1) {
      const event = sequence[place] ?? end;
      let context = root;
      tally(context, event, by);
      for (let back = 1; back <= depth && back <= place + 1; back += 1) {
        const before = back > place ? start : sequence[place - back]!;
        let longer = context.longer.get(before);
        if (longer === undefined) {
          if (by < 0 || held >= most) break;
          longer = emptyContext();
          context.longer.set(before, longer);
          held += 1;
        }
        tally(longer, event, by);
        context = longer;
      }
    }
  }

  function surprise(sequence: readonly number[], place: number, vocabulary: number): number {
    const event = sequence[place] ?? end;
    let share = 1 / (vocabulary + 1);
    let context: Context | undefined = root;
    for (let back = 1; context !== undefined && context.total > 0; back += 1) {
      const kinds = context.next.size;
      share = ((context.next.get(event) ?? 0) + kinds * share) / (context.total + kinds);
      if (back > depth || back > place + 1) break;
      context = context.longer.get(back > place ? start : sequence[place - back]!);
    }
    return -Math.log(share);
  }

  return {
    count,
    surprise,
    surprises(sequence, vocabulary) {
      return Float64Array.from({ length: sequence.length + 1 }, (_, place) => surprise(sequence, place, vocabulary));
    },
    expected(history, atMost) {
      let context = root;
      for (let back = 1; back <= depth && back <= history.length + 1; back += 1) {
        const longer = context.longer.get(back > history.length ? start : history[history.length - back]!);
        if (longer === undefined || longer.total === 0) break;
        context = longer;
      }
      return [...context.next]
        .map(([event, times]) => ({ event, share: times / context.total }))
        .sort((left, right) => right.share - left.share || left.event - right.event)
        .slice(0, atMost);
    },
    contexts: () => held,
    toJson: () => jsonOf(root),
  };
}

function emptyContext(): Context {
  return { total: 0, next: new Map(), longer: new Map() };
}

function jsonOf({ next, longer }: Context): unknown {
  return [
    [...next].flat(),
    [...longer].flatMap(([event, context]) => (context.total > 0 ? [event, jsonOf(context)] : [])),
  ];
}

function contextOf(json: unknown): Context {
  const context = emptyContext();
  if (!Array.isArray(json)) return context;
  const [next, longer]: unknown[] = json;
  for (const [event, count] of pairsOf(next)) {
    context.next.set(Number(event), Number(count));
    context.total += Number(count);
  }
  for (const [event, inner] of pairsOf(longer)) context.longer.set(Number(event), contextOf(inner));
  return context;
}

function pairsOf(flat: unknown): [unknown, unknown][] {
  if (!Array.isArray(flat)) return [];
  return Array.from({ length: flat.length >> 1 }, (_, index) => [flat[2 * index], flat[2 * index + 1]]);
}

function sizeOf(context: Context): number {
  return [...context.longer.values()].reduce((sum, longer) => sum + sizeOf(longer), 1);
}
