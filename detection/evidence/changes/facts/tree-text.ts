import type { SyntaxNode } from '../parse/syntax-node.ts';
import { nodeKinds } from './node-kinds.ts';

/** Names that a change gives anew, old to new. */
export type Renames = ReadonlyMap<string, string>;

const dropped = new Set([';', ',']);

/** The text of a node as its words joined by blanks, old names by their new ones: the same however it is laid out. At most 600 characters. */
export function canonicalText(node: SyntaxNode, renames: Renames): string {
  const words: string[] = [];
  let length = 0;
  const visit = (at: SyntaxNode): void => {
    if (length > 600) return;
    if (at.children.length === 0 || nodeKinds.text.has(at.type)) {
      const word = at.text.trim();
      if (word === '' || dropped.has(word)) return;
      words.push(renames.get(word) ?? word);
      length += word.length;
    } else for (const child of at.children) if (!nodeKinds.still.has(child.type)) visit(child);
  };
  visit(node);
  return words.join(' ').slice(0, 600);
}

/** The child in a role, or undefined. */
export function childAt(node: SyntaxNode, ...fields: readonly string[]): SyntaxNode | undefined {
  for (const field of fields) {
    const found = node.children.find((child) => child.field === field);
    if (found !== undefined) return found;
  }
  return undefined;
}

export function namedChildren(node: SyntaxNode): SyntaxNode[] {
  return node.children.filter(({ named }) => named);
}

/** Names in a node in order, those of arguments, blocks and types left out: `a.b(c).d` gives a, b, d. */
export function chainOf(node: SyntaxNode): string[] {
  const names: string[] = [];
  const visit = (at: SyntaxNode, depth: number): void => {
    if (names.length >= 12 || depth > 40) return;
    if (at.children.length === 0 || nodeKinds.name.has(at.type)) {
      if (nodeKinds.name.has(at.type) || at.type === 'this' || at.type === 'self') names.push(at.text);
      return;
    }
    for (const child of at.children)
      if (!child.type.includes('argument') && !child.type.includes('block') && !child.type.includes('parameters'))
        visit(child, depth + 1);
  };
  visit(node, 0);
  return names;
}

/** What a text literal says, without its quotes; parts put in at run time read as `?`. */
export function literalText(node: SyntaxNode): string {
  const parts = node.children.filter(({ type }) => isPart(type) || type === 'template_literal');
  const holes = node.children.some(({ type }) => isHole(type));
  if (holes)
    return node.children.map((child) => (isHole(child.type) ? '?' : isPart(child.type) ? child.text : '')).join('');
  if (parts.length > 0) return parts.map(({ text }) => text).join('');
  let from = 0;
  let to = node.text.length;
  while (from < to && !'"\'`'.includes(node.text[from]!)) from += 1;
  while (to > from && !'"\'`'.includes(node.text[to - 1]!)) to -= 1;
  return to - from < 2 ? node.text : node.text.slice(from, to).replaceAll(/^["'`]+|["'`]+$/g, '');
}

function isHole(type: string): boolean {
  return type.includes('substitution') || type.includes('interpolation');
}

function isPart(type: string): boolean {
  return type.includes('fragment') || type.includes('content');
}
