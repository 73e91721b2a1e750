import type { EntityId } from '../../domain/entity.ts';
import { entityNameOf } from '../../domain/entity.ts';
import type { SourceData } from '../../tools/sources/data-sources.ts';
import { mapStrings, type Transformation } from './transformation.ts';

const syllables = ['ba', 'do', 'ke', 'lu', 'mi', 'ra', 'so', 'tu', 've', 'zo'];

/** Everything gets a name that says nothing: a rule that knows names by heart shows. */
export const renameEntities: Transformation = {
  name: 'entities renamed',
  expects: 'same',
  apply(asked) {
    const names = namesIn(asked.data);
    if (names.length === 0) return undefined;
    const fresh = new Map(names.map((name, index) => [name, nameOf(index)]));
    const pattern = new RegExp(
      `(?<![A-Za-z0-9])(${[...names]
        .sort((left, right) => right.length - left.length || (left < right ? -1 : 1))
        .map((name) => name.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`))
        .join('|')})(?![A-Za-z0-9])`,
      'g',
    );
    const rename = (text: string): string => text.replaceAll(pattern, (name) => fresh.get(name) ?? name);
    return {
      asked: {
        ...asked,
        data: mapStrings(asked.data, rename),
        question: mapStrings(asked.question, rename),
      },
      renamed: rename,
    };
  },
};

/** Names of entities, those left out that are words of the data's own form (labels, fields) or shorter than three letters. */
function namesIn(data: Partial<SourceData>): string[] {
  const ids = new Set<EntityId>();
  for (const { id } of data.topology?.entities ?? []) ids.add(id);
  for (const { entity } of data.metrics ?? []) ids.add(entity);
  for (const { entity } of data.logs ?? []) ids.add(entity);
  for (const { entity } of data.spans ?? []) ids.add(entity);
  const keys = new Set<string>();
  for (const resource of data.resources ?? []) collectKeys(resource, keys);
  for (const { labels } of data.metrics ?? []) for (const key of Object.keys(labels)) keys.add(key);
  const names = [...ids]
    .map(entityNameOf)
    .filter((name) => name.length >= 3 && !keys.has(name) && !/^(default|unknown|kube-.*|\d+)$/.test(name));
  return [...new Set(names)].sort();
}

function collectKeys(value: unknown, into: Set<string>): void {
  if (Array.isArray(value)) for (const one of value) collectKeys(one, into);
  else if (value !== null && typeof value === 'object')
    for (const [key, one] of Object.entries(value)) {
      into.add(key);
      collectKeys(one, into);
    }
}

/** A pronounceable name for a number below 10,000. */
function nameOf(index: number): string {
  const digits = String(index + 1_000).padStart(4, '0');
  return digits
    .split('')
    .map((digit) => syllables[Number(digit)] ?? '')
    .join('');
}
