import { tokenKind, wildcard } from './scan-line.ts';
import { wildHash } from './token-classes.ts';

/** A group of lines of one form. */
export interface LogTemplate {
  /** Words and delimiters in order; `<*>` where lines differ, whole or within a word. */
  tokens: string[];
  /** Lines that belong to it so far. */
  count: number;
  /** Number of the line seen last. */
  lastSeen: number;
  /** The template that this one was joined to, once it was found to be a case of it. */
  into?: LogTemplate;
  /** Whether a space stands before each token. */
  spaced: readonly boolean[];
  kinds: Uint8Array;
  hashes: Int32Array;
  /** Places that were found to vary, ascending. */
  variables: readonly number[];
  /** Second sum over the other places, to check a hit on the first. */
  check: number;
}

/** Templates of one skeleton: the same delimiters at the same places. */
export interface TemplateBucket {
  /** Tokens of each template. */
  width: number;
  /** By the set of places that differ, then by the first sum over the others. The first set is empty. Looked up in this order. */
  forms: { places: readonly number[]; byKey: Map<number, LogTemplate> }[];
  size: number;
  fresh: number;
  patience: number;
}

/** Two independent 32-bit sums over (place, token), so that the key of a line without some places is a subtraction. */
export function placeHash(hash: number, place: number): number {
  let mixed = Math.imul(hash + Math.imul(place + 1, 0x9e3779b1), 0x85ebca6b);
  mixed ^= mixed >>> 15;
  return Math.imul(mixed, 0xc2b2ae35) ^ (mixed >>> 13);
}

export function secondHash(placed: number): number {
  const mixed = Math.imul(placed ^ (placed >>> 16), 0x27d4eb2f);
  return mixed ^ (mixed >>> 15);
}

function keyOf(first: number, second: number): number {
  return (first >>> 0) * 0x200000 + (second & 0x1fffff);
}

/** How many different values at a place make it a variable. See README.md for the figures behind the numbers. */
function valuesNeeded(
  values: ReadonlyMap<number, string>,
  kinds: ReadonlySet<number>,
  isFirst: boolean,
  seen: ReadonlySet<number>,
) {
  if (kinds.has(tokenKind.wild) || kinds.has(tokenKind.empty)) return 2;
  let codes = 0;
  let names = 0;
  let known = 0;
  let numbered = 0;
  for (const [hash, value] of values) {
    if (/^[A-Z_]{2,}$|^[A-Z][a-z]+$|^[a-z]+(?:ed|ing)$/.test(value)) codes += 1;
    if (value.includes(wildcard)) numbered += 1;
    if (/[._/@\\-]|[a-z][A-Z]|<\*>/.test(value)) names += 1;
    if (seen.has(hash)) known += 1;
  }
  if (codes > 0.6 * values.size) return 12;
  if (isFirst) return names > 0.6 * values.size ? 5 : 12;
  if (known === values.size || numbered === values.size) return 2;
  return names > 0.6 * values.size ? 3 : 4;
}

/**
 * Finds the places of a bucket's templates that vary, and joins the templates that are then alike. Two templates are siblings at a place
 * when they agree everywhere else, or at all but two places, or at all but the places where each has what no other has; enough different values among siblings make the place a variable. Repeats
 * until nothing changes. `seen` are values found variable anywhere: they are believed sooner elsewhere. Cost: templates times pairs of
 * places that differ at all; pairs are left out where that exceeds half a million. Returns the templates that remain.
 */
export function joinSiblings(templates: readonly LogTemplate[], seen: Set<number>): LogTemplate[] {
  let current = [...templates];
  for (let round = 0; round < 8 && current.length > 1; round += 1) {
    // Pairs of places cost the most: only when single places and rare ones have nothing more to tell.
    let marks = findVariables(current, seen, false);
    if (marks.size === 0) marks = findVariables(current, seen, true);
    if (marks.size === 0) break;
    const joined = new Map<string, LogTemplate>();
    for (const template of current) {
      const places = marks.get(template);
      if (places !== undefined) {
        template.variables = [...new Set([...template.variables, ...places])].sort((left, right) => left - right);
        for (const place of places) {
          template.tokens[place] = wildcard;
          template.kinds[place] = tokenKind.wild;
          template.hashes[place] = wildHash;
        }
      }
      const text = template.tokens.join('\u0001');
      const same = joined.get(text);
      if (same === undefined) joined.set(text, template);
      else {
        same.count += template.count;
        same.lastSeen = Math.max(same.lastSeen, template.lastSeen);
        same.variables = [...new Set([...same.variables, ...template.variables])].sort((left, right) => left - right);
        template.into = same;
      }
    }
    current = [...joined.values()];
  }
  return current;
}

function findVariables(
  templates: readonly LogTemplate[],
  seen: Set<number>,
  inPairs: boolean,
): Map<LogTemplate, Set<number>> {
  const marks = new Map<LogTemplate, Set<number>>();
  const { kinds } = templates[0]!;
  const places: number[] = [];
  for (let place = 0; place < kinds.length; place += 1)
    if (
      kinds[place] !== tokenKind.delimiter &&
      templates.some(({ hashes }) => hashes[place] !== templates[0]!.hashes[place])
    )
      places.push(place);
  const sets: number[][] = inPairs ? [] : places.map((place) => [place]);
  if (inPairs && places.length <= 24 && (templates.length * places.length * places.length) / 2 <= 500_000)
    for (let left = 0; left < places.length; left += 1)
      for (let right = left + 1; right < places.length; right += 1) sets.push([places[left]!, places[right]!]);
  const looks: { set: readonly number[]; among: readonly LogTemplate[] }[] = sets.map((set) => ({
    set,
    among: templates,
  }));
  if (!inPairs) for (const look of byRarePlaces(templates, places)) if (look.set.length > 1) looks.push(look);
  const sums = new Map(templates.map((template) => [template, sumOf(template, [])]));
  for (const { set, among } of looks)
    for (const siblings of siblingsAt(among, sums, set)) {
      if (!set.every((place) => isVariable(siblings, place, set.length, seen))) continue;
      for (const template of siblings) markPlaces(template, set, marks);
      if (siblings.length > 2) for (const template of siblings) learnValues(template, set, seen);
    }
  return marks;
}

function markPlaces(template: LogTemplate, set: readonly number[], marks: Map<LogTemplate, Set<number>>): void {
  const unknown = set.filter((place) => !template.variables.includes(place));
  if (unknown.length === 0) return;
  const marked = marks.get(template);
  if (marked === undefined) marks.set(template, new Set(unknown));
  else for (const place of unknown) marked.add(place);
}

function learnValues({ kinds, hashes }: LogTemplate, set: readonly number[], seen: Set<number>): void {
  for (const place of set) if (kinds[place] !== tokenKind.wild && seen.size < 20_000) seen.add(hashes[place]!);
}

/** Templates by the places where they have what no other has. */
function byRarePlaces(
  templates: readonly LogTemplate[],
  places: readonly number[],
): { set: number[]; among: LogTemplate[] }[] {
  if (templates.length < 5) return [];
  const times = places.map((place) => {
    const counts = new Map<number, number>();
    for (const { hashes } of templates) counts.set(hashes[place]!, (counts.get(hashes[place]!) ?? 0) + 1);
    return counts;
  });
  const groups = new Map<string, { set: number[]; among: LogTemplate[] }>();
  for (const template of templates) {
    const set = places.filter((place, index) => times[index]!.get(template.hashes[place]!) === 1);
    const group = groups.get(set.join(' '));
    if (group === undefined) groups.set(set.join(' '), { set, among: [template] });
    else group.among.push(template);
  }
  return [...groups.values()];
}

/** The two sums of a template over all places but these. */
export function sumOf({ hashes }: LogTemplate, without: readonly number[]): [number, number] {
  let [first, second] = [0, 0];
  for (let place = 0; place < hashes.length; place += 1) {
    if (without.includes(place)) continue;
    const placed = placeHash(hashes[place]!, place);
    first = (first + placed) | 0;
    second = (second + secondHash(placed)) | 0;
  }
  return [first, second];
}

function siblingsAt(
  templates: readonly LogTemplate[],
  sums: ReadonlyMap<LogTemplate, readonly [number, number]>,
  set: readonly number[],
): LogTemplate[][] {
  // Most keys have one template: a list is made only for the second.
  const firsts = new Map<number, LogTemplate>();
  const groups = new Map<number, LogTemplate[]>();
  for (const template of templates) {
    let [first, second] = sums.get(template)!;
    for (const place of set) {
      const placed = placeHash(template.hashes[place]!, place);
      first = (first - placed) | 0;
      second = (second - secondHash(placed)) | 0;
    }
    const key = keyOf(first, second);
    const earlier = firsts.get(key);
    if (earlier === undefined) firsts.set(key, template);
    else {
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [earlier, template]);
      else group.push(template);
    }
  }
  return [...groups.values()].filter((group) => constantWords(group[0]!, set) >= set.length);
}

/** Words that hold the siblings together. */
function constantWords({ kinds }: LogTemplate, set: readonly number[]): number {
  let words = 0;
  for (let place = 0; place < kinds.length; place += 1)
    if ((kinds[place] === tokenKind.word || kinds[place] === tokenKind.partly) && !set.includes(place)) words += 1;
  return words;
}

function isVariable(
  siblings: readonly LogTemplate[],
  place: number,
  together: number,
  seen: ReadonlySet<number>,
): boolean {
  const values = new Map<number, string>();
  const kinds = new Set<number>();
  for (const { hashes, tokens, kinds: own } of siblings) {
    values.set(hashes[place]!, tokens[place]!);
    kinds.add(own[place]!);
  }
  if (values.size < 2) return false;
  const isFirst = place === siblings[0]!.kinds.findIndex((kind) => kind !== tokenKind.delimiter);
  const needed = valuesNeeded(values, kinds, isFirst, seen);
  if (together === 1) return values.size >= needed;
  return values.size >= Math.max(5, needed + 1) && values.size >= 0.6 * siblings.length;
}
