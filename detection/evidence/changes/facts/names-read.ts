import type { SyntaxNode } from '../parse/syntax-node.ts';
import { wordsOfName } from '../words-of-name.ts';
import { codeWords } from './code-words.ts';
import { nodeKinds } from './node-kinds.ts';
import type { Place } from './place.ts';
import { chainOf, childAt, literalText, namedChildren } from './tree-text.ts';

/** Facts of names that others know a thing by: tags and annotations, keys of subscripts, fields of structures; and of what annotations ask for. */
export function namesRead(node: SyntaxNode, at: Place): void {
  if (nodeKinds.annotation.has(node.type)) annotationFacts(node, at);
  else if (node.field === 'tag' || node.type === 'raw_string_literal') tagFacts(node, at);
  else if (node.type.includes('subscript') || node.type.startsWith('element_')) subscriptFacts(node, at);
  else if (node.type === 'field_declaration') fieldFacts(node, at);
}

function annotationFacts(node: SyntaxNode, at: Place): void {
  const names = chainOf(node);
  const words = names.flatMap(wordsOfName);
  const subject = names.join('.');
  if (words.some((word) => codeWords.cached.has(word)))
    at.tell({ kind: 'cached', id: `cached:${subject}`, subject }, node);
  if (words.some((word) => codeWords.transaction.has(word)))
    at.tell({ kind: 'transaction', id: `transaction:${subject}`, subject }, node);
  const open = [...node.children];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (nodeKinds.text.has(next.type)) {
      const text = literalText(next);
      at.tell({ kind: 'key', id: `key:${text}`, subject: text, wire: true, on: subject }, next);
    } else if (!nodeKinds.assign.has(next.type)) open.push(...next.children);
  }
}

/** `json:"name,omitempty" db:"name"`: the names between the quotes. */
function tagFacts(node: SyntaxNode, at: Place): void {
  if (node.field !== 'tag') return;
  for (const part of literalText(node).split(' ')) {
    const name = part.slice(part.indexOf('"') + 1).split(/[",]/, 1)[0] ?? '';
    if (name !== '')
      at.tell({ kind: 'key', id: `key:${name}`, subject: name, wire: true, on: part.split(':', 1)[0] ?? '' }, node);
  }
}

function subscriptFacts(node: SyntaxNode, at: Place): void {
  const index = childAt(node, 'index', 'subscript') ?? namedChildren(node).at(-1);
  if (index === undefined || !nodeKinds.text.has(index.type)) return;
  const text = literalText(index);
  at.tell({ kind: 'key', id: `key:${text}`, subject: text, wire: true }, index);
}

function fieldFacts(node: SyntaxNode, at: Place): void {
  const named = childAt(node, 'name') ?? childAt(childAt(node, 'declarator') ?? node, 'name');
  const known = named === undefined ? undefined : (at.renames.get(named.text) ?? named.text);
  if (known !== undefined) at.tell({ kind: 'field', id: `field:${known}`, subject: known }, node);
  const words = chainOf({ ...node, children: node.children.map((child) => ({ ...child, field: '' })) }).flatMap(
    wordsOfName,
  );
  const typed = childAt(node, 'type')?.text ?? '';
  if ([...words, ...wordsOfName(typed)].some((word) => codeWords.lock.has(word)))
    at.tell({ kind: 'lock', id: 'lock-field', subject: known ?? typed }, node);
}
