import type { SyntaxNode } from '../parse/syntax-node.ts';
import { calleeOf } from './callee-of.ts';
import { nodeKinds } from './node-kinds.ts';
import type { Place } from './place.ts';
import { outlives } from './place.ts';
import { chainOf, childAt, literalText, namedChildren } from './tree-text.ts';
import { valueOf } from './value-of.ts';

/** Facts of a name that is given a value: the key, the value where it is written out, what is kept under it, a failure thrown away. */
export function assignFacts(node: SyntaxNode, at: Place): void {
  const named = childAt(node, 'name', 'key', 'left', 'pattern', 'label') ?? namedChildren(node)[0];
  const keyNode =
    named !== undefined && lists.has(named.type) && namedChildren(named).length === 1 ? namedChildren(named)[0] : named;
  const right = childAt(node, 'value', 'right') ?? namedChildren(node).at(-1);
  if (keyNode === undefined || right === undefined || right === named) return;
  const quoted = nodeKinds.text.has(keyNode.type);
  const names = quoted ? [literalText(keyNode)] : chainOf(keyNode);
  const key = names.map((name) => (quoted ? name : (at.renames.get(name) ?? name))).join('.');
  if (names.length > 0 && names.every((name) => name === '_')) {
    swallowed(right, at);
    return;
  }
  if (key === '') return;
  if (node.type === 'pair' || node.type === 'keyed_element')
    at.tell({ kind: 'key', id: `key:${key}`, subject: key, wire: quoted }, keyNode);
  const value = valueOf(right);
  if (value !== undefined) at.tell({ kind: 'value', id: `value:${key}=${value}`, subject: key, value }, node);
  const holder = childAt(keyNode, 'operand', 'object', 'value') ?? keyNode.children[0];
  if (holder === undefined || !subscripts.has(keyNode.type)) return;
  const chain = chainOf(holder);
  if (outlives(chain, at)) at.tell({ kind: 'growth', id: `growth:${chain.join('.')}`, subject: chain.join('.') }, node);
}

const lists = new Set(['literal_element', 'expression_list']);
const subscripts = new Set([
  'subscript_expression',
  'subscript',
  'index_expression',
  'element_access_expression',
  'element_reference',
]);

/** `_ = call()`: what it says of failing is thrown away. */
function swallowed(right: SyntaxNode, at: Place): void {
  const open = [right];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    const callee = calleeOf(node);
    if (callee !== undefined) {
      const name = at.renames.get(callee.name) ?? callee.name;
      at.tell({ kind: 'swallow', id: `swallow:${name}`, subject: name }, node);
      return;
    }
    open.push(...node.children);
  }
}
