import type { Change } from '../../../domain/signal.ts';
import type { Grammars } from '../../../detection/evidence/changes/parse/grammars.ts';
import { formatOf } from '../../../detection/evidence/changes/parse/language-of.ts';
import type { SyntaxNode } from '../../../detection/evidence/changes/parse/syntax-node.ts';
import type { DiffPair } from './read-pairs.ts';
import { unifiedDiff } from './unified-diff.ts';

/** A way to tell the same edit otherwise. `turned`: the edit undone, whose effect must not be the edit's. */
export const transforms = [
  'as written',
  'renamed',
  'moved service',
  'laid out anew',
  'moved file',
  'among innocent hunks',
  'turned',
] as const;
export type Transform = (typeof transforms)[number];

/** The pair told that way, as a commit; undefined where the way does not apply (a layout that means something, nothing to rename). */
export function transformPair(pair: DiffPair, transform: Transform, grammars: Grammars): Change | undefined {
  if (transform === 'renamed') {
    const renamed = renamePair(pair, grammars);
    return renamed === undefined ? undefined : commitOf(renamed);
  }
  if (transform === 'moved service') return commitOf({ ...pair, file: `teams/quill/${pair.file}` });
  // Entries of a list in YAML hang on the width of their dash.
  if (transform === 'laid out anew' && formatOf(pair.file).by === 'yaml' && pair.after.includes('- ')) return undefined;
  if (transform === 'laid out anew') return commitOf({ ...pair, after: indentedTwice(pair.after) });
  if (transform === 'turned') return commitOf({ ...pair, before: pair.after, after: pair.before });
  if (transform === 'moved file') {
    const place = `moved/${pair.file}`;
    const diff = [unifiedDiff(pair.file, pair.before, ''), unifiedDiff(place, '', pair.after)].join('\n');
    return { ...commitOf(pair), files: [pair.file, place], diff };
  }
  const plain = commitOf(pair);
  if (transform === 'as written') return plain;
  const diff = [innocent[0]!, { diff: plain.diff }, ...innocent.slice(1)].map((one) => one.diff).join('\n');
  return { ...plain, files: [...(plain.files ?? []), ...innocent.map(({ file }) => file)], diff };
}

function commitOf({ file, before, after }: DiffPair): Change {
  return {
    id: 'edit',
    at: '2026-01-01T00:00:00Z',
    kind: 'commit',
    title: 'chore: tidy',
    files: [file],
    diff: unifiedDiff(file, before, after),
  };
}

/** Every line further in by as much again: another layout of the same code, also where layout means something. */
function indentedTwice(text: string): string {
  return text
    .split('\n')
    .map((line) => `${line.slice(0, line.length - line.trimStart().length)}${line}`)
    .join('\n');
}

const fresh = [
  'quill',
  'tansy',
  'marrow',
  'sorrel',
  'fennel',
  'yarrow',
  'clover',
  'teasel',
  'bramble',
  'comfrey',
  'vetch',
  'mallow',
];
const declaring = [
  'function',
  'method',
  'declarator',
  'parameter',
  'for',
  'assignment',
  'short_var',
  'with_item',
  'as_pattern',
];

/** New names, made up, for what the text itself declares in lower case: locals, parameters, functions. Names that say what they govern are kept. */
function renamePair(pair: DiffPair, grammars: Grammars): DiffPair | undefined {
  const format = formatOf(pair.file);
  if (format.by !== 'grammar') return undefined;
  const names = new Set<string>();
  for (const text of [pair.before, pair.after]) {
    const root = grammars.parse(format.grammar, text);
    if (root !== undefined) collect(root, names);
  }
  const chosen = [...names].sort().slice(0, fresh.length);
  if (chosen.length === 0) return undefined;
  const map = new Map(chosen.map((name, index) => [name, fresh[index]!]));
  const rename = (text: string): string => text.replaceAll(/[A-Za-z_]\w*/g, (word) => map.get(word) ?? word);
  return { ...pair, before: rename(pair.before), after: rename(pair.after) };
}

function collect(node: SyntaxNode, names: Set<string>): void {
  if (declaring.some((part) => node.type.includes(part)))
    for (const child of node.children)
      if (child.type === 'identifier' && child.field !== 'type' && isPlain(child.text)) names.add(child.text);
  for (const child of node.children) collect(child, names);
}

function isPlain(name: string): boolean {
  return /^[a-z]+$/.test(name) && !/^(err|self|this|ctx|rows|cancel|release|session|engine)$/.test(name);
}

const hunk = (file: string, removed: string, added: string): { file: string; diff: string } => ({
  file,
  diff: [`--- a/${file}`, `+++ b/${file}`, '@@ -10 +10 @@', `-${removed}`, `+${added}`].join('\n'),
});

const innocent = [
  hunk('src/other/area.ts', '// Works out the area.', '// Works out the area in square metres.'),
  hunk('docs/area.md', 'Areas are in feet.', 'Areas are in metres.'),
  hunk('src/other/area.test.ts', '  expect(area(2)).toBe(4);', '  expect(area(3)).toBe(9);'),
  hunk('other/area.py', '    logger.debug("area")', '    logger.info("area of %s", shape)'),
  hunk('src/other/shape.ts', 'export interface Shape {', 'export interface Outline {'),
];
