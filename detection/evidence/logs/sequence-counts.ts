/** How often events come in one sequence, given how often others come there. */
export interface CountModel {
  /** Adds (1) or takes back (-1) one sequence. */
  count(sequence: readonly number[], by: 1 | -1): void;
  /** Mean nats of surprise over all pairs of known events: -ln P(times of one | times of the other). */
  surprise(sequence: readonly number[]): number;
  /** The event whose number of times is the least expected, given another's; undefined for a model without sequences. */
  oddest(sequence: readonly number[]): OddCount | undefined;
  toJson(): unknown;
}

export interface OddCount {
  event: number;
  times: number;
  /** How often it came where the other came as often as here; undefined where it never came so. */
  usual: number | undefined;
  /** The event whose number makes this one odd; undefined where it is odd by itself. */
  given: number | undefined;
  givenTimes: number;
  surprise: number;
}

/** Stands for the sequence itself, so that numbers are judged by themselves too. */
const anySequence = -1;

/** Larger numbers count as this many. */
const cap = 63;

/**
 * For each ordered pair of events the joint distribution of their numbers in a sequence, as found by counting; the idea that events of one
 * flow come in fixed proportions is that of invariant mining (Lou et al. 2010), here without a threshold. Kept for the `most` events
 * that came first. Cost: pairs of events a sequence.
 */
export function createCountModel(most: number, json?: unknown): CountModel {
  const known: number[] = [];
  const places = new Map<number, number>();
  /** By (given event, its times): sequences so, and of these how many had each (event, times). */
  const tables = new Map<number, { total: number; times: Map<number, number> }>();
  let total = 0;
  if (isSaved(json)) {
    for (const event of json.known) places.set(event, known.push(event) - 1);
    for (const [key, sum, ...times] of json.tables)
      tables.set(key ?? 0, { total: sum ?? 0, times: new Map(pairs(times)) });
    total = json.total;
  } else meet(anySequence);

  function timesOf(sequence: readonly number[]): Uint8Array {
    const times = new Uint8Array(known.length);
    for (const event of sequence) {
      const place = places.get(event);
      if (place !== undefined && times[place]! < cap) times[place]! += 1;
    }
    return times;
  }

  function tally(given: number, givenTimes: number, what: number, by: number): void {
    const key = given * (cap + 1) + givenTimes;
    let table = tables.get(key);
    if (table === undefined) tables.set(key, (table = { total: 0, times: new Map() }));
    table.times.set(what, (table.times.get(what) ?? 0) + by);
  }

  function meet(event: number): void {
    const place = known.push(event) - 1;
    places.set(event, place);
    // In all sequences before, it came no time.
    for (const [key, table] of tables)
      if (Math.floor(key / (cap + 1)) !== place) table.times.set(place * (cap + 1), table.total);
    tables.set(place * (cap + 1), { total, times: new Map([...tables].map(([key, table]) => [key, table.total])) });
  }

  function surpriseOf(times: Uint8Array, event: number, given: number): number {
    const table = tables.get(given * (cap + 1) + times[given]!);
    if (table === undefined || table.total === 0) return Math.log(total + 1);
    return -Math.log(((table.times.get(event * (cap + 1) + times[event]!) ?? 0) + 0.5) / (table.total + 1));
  }

  return {
    count(sequence, by) {
      if (by > 0) for (const event of new Set(sequence)) if (!places.has(event) && known.length <= most) meet(event);
      const times = timesOf(sequence);
      for (let given = 0; given < known.length; given += 1) {
        for (let event = 0; event < known.length; event += 1)
          if (event !== given) tally(given, times[given]!, event * (cap + 1) + times[event]!, by);
        const table = tables.get(given * (cap + 1) + times[given]!);
        if (table !== undefined) table.total += by;
      }
      total += by;
    },
    surprise(sequence) {
      const times = timesOf(sequence);
      let sum = 0;
      for (let given = 0; given < known.length; given += 1)
        for (let event = 0; event < known.length; event += 1)
          if (event !== given) sum += surpriseOf(times, event, given);
      const unknown = new Set(sequence.filter((event) => !places.has(event))).size;
      return sum / Math.max(1, known.length * (known.length - 1)) + unknown * Math.log(total + 1);
    },
    oddest(sequence) {
      const times = timesOf(sequence);
      let odd: OddCount | undefined;
      for (let given = 0; given < known.length; given += 1)
        for (let event = 0; event < known.length; event += 1) {
          if (event === given) continue;
          const surprise = surpriseOf(times, event, given);
          if (odd !== undefined && surprise <= odd.surprise) continue;
          const usual = usualOf(tables.get(given * (cap + 1) + times[given]!), event);
          odd = {
            event: known[event]!,
            times: times[event]!,
            usual,
            given: given === 0 ? undefined : known[given]!,
            givenTimes: times[given]!,
            surprise,
          };
        }
      return odd;
    },
    toJson: () => ({
      known,
      total,
      tables: [...tables]
        .filter(([, table]) => table.total > 0)
        .map(([key, table]) => [key, table.total, ...[...table.times].filter(([, count]) => count > 0).flat()]),
    }),
  };
}

function usualOf(table: { times: Map<number, number> } | undefined, event: number): number | undefined {
  let [best, usual] = [0, undefined as number | undefined];
  for (const [what, count] of table?.times ?? [])
    if (Math.floor(what / (cap + 1)) === event && count > best) {
      best = count;
      usual = what % (cap + 1);
    }
  return usual;
}

function pairs(flat: readonly number[]): [number, number][] {
  return Array.from({ length: flat.length >> 1 }, (_, index) => [flat[2 * index]!, flat[2 * index + 1]!]);
}

interface Saved {
  known: number[];
  total: number;
  tables: number[][];
}

function isSaved(json: unknown): json is Saved {
  return json !== null && typeof json === 'object' && 'known' in json && 'tables' in json && 'total' in json;
}
