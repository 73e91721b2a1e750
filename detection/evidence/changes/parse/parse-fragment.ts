import type { GrammarName, Grammars } from './grammars.ts';
import type { SyntaxNode } from './syntax-node.ts';

/** The name of a function that only frames a fragment. */
export const frameName = 'frame__';

/** What may stand around a fragment that does not parse by itself: a body of a function, of a class, of an object. */
type Frame = readonly [open: string, close: string];

const braces: readonly Frame[] = [
  [`function ${frameName}() {\n`, '\n}'],
  ['class C {\n', '\n}'],
  ['x = {\n', '\n}'],
  ['f({\n', '\n})'],
  [`function ${frameName}() { try {\n`, '\n}}'],
];
const frames: Partial<Record<GrammarName, readonly Frame[]>> = {
  typescript: braces,
  tsx: braces,
  javascript: braces,
  go: [
    [`func ${frameName}() {\n`, '\n}'],
    ['type T struct {\n', '\n}'],
    ['var x = T{\n', '\n}'],
    ['const (\n', '\n)'],
  ],
  java: [
    ['class C {\n', '\n}'],
    [`class C { void ${frameName}() {\n`, '\n}}'],
    [`class C { void ${frameName}() { x\n`, '\n}}'],
    [`class C { void ${frameName}() { try {\n`, '\n}}}'],
    [`class C { void ${frameName}() { try\n`, '\n}}'],
  ],
  'c-sharp': [
    ['class C {\n', '\n}'],
    [`class C { void ${frameName}() {\n`, '\n}}'],
    [`class C { void ${frameName}() { x = new T {\n`, '\n}; }}'],
    [`class C { void ${frameName}() { try {\n`, '\n}}}'],
    [`class C { void ${frameName}() { try\n`, '\n}}'],
  ],
  cpp: [
    [`void ${frameName}() {\n`, '\n}'],
    ['class C {\n', '\n};'],
  ],
  rust: [
    [`fn ${frameName}() {\n`, '\n}'],
    ['struct S {\n', '\n}'],
    ['let x = S {\n', '\n};'],
  ],
  php: [
    ['<?php\n', ''],
    ['<?php class C {\n', '\n}'],
    [`<?php function ${frameName}() {\n`, '\n}'],
    ['<?php $x = [\n', '\n];'],
  ],
  python: [
    ['class C:\n', ''],
    ['x = {\n', '\n}'],
    ['f(\n', '\n)'],
    ['try:\n  pass\n', ''],
  ],
  ruby: [
    ['class C\n', '\nend'],
    ['x = {\n', '\n}'],
    ['begin\n', '\nend'],
  ],
  hcl: [['x {\n', '\n}']],
};

/**
 * Parses lines cut out of a file. What leans out of the cut (closing braces without their opening, a body without its heading) is given a
 * frame; of all frames the one with the fewest characters in error wins. Undefined where no grammar reads it, or most of it reads as error.
 */
export function parseFragment(
  grammars: Grammars,
  language: GrammarName,
  lines: readonly string[],
): SyntaxNode | undefined {
  const text = dedented(lines).join('\n');
  const plain = grammars.parse(language, text);
  if (plain === undefined) return undefined;
  let best = { root: plain, wrong: charactersInError(plain) };
  for (const [open, close] of frames[language] ?? []) {
    if (best.wrong === 0) break;
    const body = language === 'python' ? indented(text, open) : text;
    const root = grammars.parse(language, balanced(open, body, close));
    if (root === undefined) continue;
    const wrong = charactersInError(root);
    if (wrong < best.wrong) best = { root, wrong };
  }
  return best.wrong > mostWrong * text.length ? undefined : best.root;
}

/** The share of a fragment in error from which it is not read as that language. */
const mostWrong = 0.5;

function dedented(lines: readonly string[]): string[] {
  const full = lines.filter((line) => line.trim() !== '');
  const least = Math.min(...full.map((line) => line.length - line.trimStart().length));
  return Number.isFinite(least) ? lines.map((line) => line.slice(least)) : [...lines];
}

function indented(text: string, open: string): string {
  return open.startsWith('class')
    ? text
        .split('\n')
        .map((line) => `  ${line}`)
        .join('\n')
    : text;
}

/** The framed text, with what the frame and the fragment open closed, as often as is left open. */
function balanced(open: string, text: string, close: string): string {
  let depth = open.split('{').length - 1;
  const framed = depth;
  let lowest = depth;
  for (const character of text) {
    if (character === '{') depth += 1;
    else if (character === '}') lowest = Math.min(lowest, (depth -= 1));
  }
  // Where the fragment closes its frame itself, the frame's own end is in it already.
  const end = lowest < framed ? '' : close;
  const left = depth - (end === '' ? 0 : close.split('}').length - 1);
  return `${open}${text}${'\n}'.repeat(Math.max(0, left))}${end}`;
}

function charactersInError(root: SyntaxNode): number {
  let wrong = 0;
  const open = [root];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node.type === 'ERROR') wrong += Math.max(1, node.text.length);
    else if (node.children.length === 0 && node.text === '' && !node.named) wrong += 1;
    else open.push(...node.children);
  }
  return wrong;
}
