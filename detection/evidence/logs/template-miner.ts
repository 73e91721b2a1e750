import { createLineScanner, tokenKind } from './scan-line.ts';
import type { LogTemplate, TemplateBucket } from './template-groups.ts';
import { joinSiblings, placeHash, secondHash, sumOf } from './template-groups.ts';

/** Groups lines one by one, in bounded memory. */
export interface TemplateMiner {
  /** Takes the message in that begins at `from`. The template may later be joined to a more general one: see `resolve`. */
  add(text: string, from?: number): LogTemplate;
  /** Looks once more at all templates with what was learned since. Call it at the end of a batch. */
  settle(): void;
  /** The template that one given earlier has become. */
  resolve(template: LogTemplate): LogTemplate;
  /** All that are held, in no order. */
  templates(): LogTemplate[];
  /** Lines whose templates were given up, to stay within `maxTemplates`. */
  forgotten(): number;
}

const noPlaces: readonly number[] = [];

/**
 * Lines are masked and split (scan-line.ts); lines alike after that are a template; templates that differ at one or two places are joined
 * once enough different values were seen there (template-groups.ts). The idea that a place is a variable when it takes many values while
 * all the rest stays is IPLoM's (Makanju, Zincir-Heywood and Milios 2009) and Brain's (Yu et al. 2023); here it is decided on distinct
 * masked forms, as they arrive, and the threshold depends on what the values look like. A line whose form is known costs its scan
 * and one lookup for each set of variable places of its skeleton. Beyond `maxTemplates` the tenth seen longest ago is given up.
 */
export function createTemplateMiner(
  options: { maxTemplates?: number; maxChars?: number; maxTokens?: number } = {},
): TemplateMiner {
  const { maxTemplates = 20_000, ...limits } = options;
  const scanner = createLineScanner(limits);
  const { kinds, hashes } = scanner;
  /** What each place of the line adds to the two sums. */
  const firsts = new Int32Array(hashes.length);
  const seconds = new Int32Array(hashes.length);
  const buckets = new Map<number, TemplateBucket>();
  const seen = new Set<number>();
  let [size, lines, forgotten] = [0, 0, 0];

  function add(text: string, from = 0): LogTemplate {
    const count = scanner.scan(text, from);
    lines += 1;
    let skeleton = count;
    let first = 0;
    let second = 0;
    for (let place = 0; place < count; place += 1) {
      const hash = hashes[place]!;
      skeleton = Math.imul(skeleton ^ (kinds[place] === tokenKind.delimiter ? hash : 7), 0x01000193);
      const placed = placeHash(hash, place);
      const again = secondHash(placed);
      firsts[place] = placed;
      seconds[place] = again;
      first = (first + placed) | 0;
      second = (second + again) | 0;
    }
    const bucket = bucketOf(skeleton, count);
    for (const { places, byKey } of bucket.forms) {
      let key = first;
      let check = second;
      for (let index = 0; index < places.length; index += 1) {
        const place = places[index]!;
        key = (key - firsts[place]!) | 0;
        check = (check - seconds[place]!) | 0;
      }
      const known = byKey.get(key);
      if (known !== undefined && known.check === check) {
        known.count += 1;
        known.lastSeen = lines;
        return known;
      }
    }
    return open(bucket, text, first, second);
  }

  function bucketOf(skeleton: number, width: number): TemplateBucket {
    let bucket = buckets.get(skeleton);
    // Skeletons of different lengths with one hash: someone made them so. They share a bucket by length.
    if (bucket !== undefined && bucket.width !== width) bucket = buckets.get((skeleton = -0x1_0000_0000 - width));
    if (bucket === undefined) {
      bucket = { width, forms: [{ places: noPlaces, byKey: new Map() }], size: 0, fresh: 0, patience: 2 };
      buckets.set(skeleton, bucket);
    }
    return bucket;
  }

  function open(bucket: TemplateBucket, text: string, key: number, check: number): LogTemplate {
    const count = bucket.width;
    const places = Array.from({ length: count }, (_, place) => place);
    const template: LogTemplate = {
      tokens: places.map((place) => scanner.textOf(text, place)),
      spaced: places.map((place) => scanner.isSpaced(place)),
      count: 1,
      lastSeen: lines,
      kinds: kinds.slice(0, count),
      hashes: hashes.slice(0, count),
      variables: noPlaces,
      check,
    };
    bucket.forms[0]!.byKey.set(key, template);
    bucket.size += 1;
    bucket.fresh += 1;
    size += 1;
    if (bucket.fresh >= bucket.patience) regroup(bucket);
    if (size > maxTemplates) forget();
    return resolve(template);
  }

  function regroup(bucket: TemplateBucket): void {
    const before = allOf(bucket);
    const after = joinSiblings(before, seen);
    const joined = before.length - after.length;
    // Where looking was in vain, look again only after twice as much news: a flood of unlike lines stays cheap.
    bucket.patience =
      joined > 0 ? Math.max(2, after.length >> 1) : Math.min(4_096, Math.max(bucket.patience * 2, after.length >> 1));
    fill(bucket, after);
    size -= joined;
  }

  function forget(): void {
    const all = [...buckets.values()]
      .flatMap((bucket) => allOf(bucket))
      .sort((left, right) => left.lastSeen - right.lastSeen);
    const oldest = all[Math.floor(maxTemplates / 10)]!.lastSeen;
    for (const [skeleton, bucket] of buckets) {
      const held = allOf(bucket);
      const kept = held.filter(({ lastSeen }) => lastSeen >= oldest);
      if (kept.length === held.length) continue;
      for (const { lastSeen, count } of held) if (lastSeen < oldest) forgotten += count;
      size -= held.length - kept.length;
      if (kept.length === 0) buckets.delete(skeleton);
      else fill(bucket, kept);
    }
  }

  return {
    add,
    settle() {
      for (let pass = 0; pass < 2; pass += 1)
        for (const bucket of buckets.values()) if (bucket.size > 1) regroup(bucket);
    },
    resolve,
    templates: () => [...buckets.values()].flatMap((bucket) => allOf(bucket)),
    forgotten: () => forgotten,
  };
}

function resolve(template: LogTemplate): LogTemplate {
  let last = template;
  while (last.into !== undefined) last = last.into;
  return last;
}

function allOf(bucket: TemplateBucket): LogTemplate[] {
  return bucket.forms.flatMap(({ byKey }) => [...byKey.values()]);
}

/** Puts templates under the set of their variable places, few places first. */
function fill(bucket: TemplateBucket, templates: readonly LogTemplate[]): void {
  const forms = new Map<string, TemplateBucket['forms'][number]>([['', { places: noPlaces, byKey: new Map() }]]);
  for (const template of templates) {
    const places = template.variables;
    const name = places.join(',');
    let form = forms.get(name);
    if (form === undefined) forms.set(name, (form = { places, byKey: new Map() }));
    const [key, check] = sumOf(template, places);
    template.check = check;
    form.byKey.set(key, template);
  }
  bucket.forms = [...forms.values()].sort((left, right) => left.places.length - right.places.length);
  bucket.size = templates.length;
  bucket.fresh = 0;
}
