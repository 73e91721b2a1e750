import { wordsOfName } from '../words-of-name.ts';
import type { SyntaxNode } from '../parse/syntax-node.ts';
import { nodeKinds } from './node-kinds.ts';
import { quantityOf, unitFactor } from './quantity-of.ts';
import { chainOf, childAt, literalText, namedChildren } from './tree-text.ts';

const wrappers = new Set([
  'expression_list',
  'literal_element',
  'argument',
  'parenthesized_expression',
  'literal_value',
  'expression',
  'expression_statement',
  'equals_value_clause',
  'attribute_argument',
  'cast_expression',
]);

/** The value that a piece of code writes out, in base units where units are told (`5 * time.Minute`, `Duration.ofMillis(3)`, `2.hours`); undefined where it is worked out. */
export function valueOf(node: SyntaxNode, depth = 0): number | string | undefined {
  if (depth > 8) return undefined;
  if (wrappers.has(node.type)) {
    const inner = namedChildren(node);
    return inner.length === 1 ? valueOf(inner[0]!, depth + 1) : undefined;
  }
  if (nodeKinds.number.has(node.type)) return quantityOf(node.text);
  if (nodeKinds.text.has(node.type)) {
    const text = literalText(node);
    return quantityOf(text) ?? text;
  }
  if (nodeKinds.truth.has(node.type)) return node.text.toLowerCase();
  if (nodeKinds.nothing.has(node.type)) return 'null';
  if (nodeKinds.binary.has(node.type)) return computed(node, depth);
  if (node.type.startsWith('unary')) return negated(node, depth);
  if (nodeKinds.call.has(node.type)) return madeByCall(node, depth);
  if (/selector|member|field_access|scoped/.test(node.type)) {
    const names = chainOf(node);
    return names.length > 1 ? unitFactor(names.at(-1)!) : undefined;
  }
  return undefined;
}

function negated(node: SyntaxNode, depth: number): number | undefined {
  const operand = namedChildren(node).at(-1);
  const value = operand === undefined ? undefined : valueOf(operand, depth + 1);
  return typeof value === 'number' && node.text.startsWith('-') ? -value : undefined;
}

function computed(node: SyntaxNode, depth: number): number | undefined {
  const [first, second] = [childAt(node, 'left'), childAt(node, 'right')];
  if (first === undefined || second === undefined) return undefined;
  const left = valueOf(first, depth + 1);
  const right = valueOf(second, depth + 1);
  if (typeof left !== 'number' || typeof right !== 'number') return undefined;
  const sign = node.children.find(({ named, field }) => !named || field === 'operator')?.text;
  if (sign === '*') return left * right;
  if (sign === '/') return left / right;
  if (sign === '+') return left + right;
  if (sign === '-') return left - right;
  return sign === '<<' && right < 60 ? left * 2 ** right : undefined;
}

/** A quantity made by a call that names its unit: `ofSeconds(8)`, `5.minutes`, `timedelta(hours=1)`. */
function madeByCall(node: SyntaxNode, depth: number): number | undefined {
  const given = namedChildren(childAt(node, 'arguments') ?? { ...node, children: [] });
  const name = wordsOfName(childAt(node, 'name', 'method', 'function')?.text.slice(-60) ?? '').at(-1) ?? '';
  const receiver = childAt(node, 'receiver', 'object');
  const factor = unitFactor(name);
  if (given.length === 0 && receiver !== undefined && factor !== undefined) {
    const count = valueOf(receiver, depth + 1);
    return typeof count === 'number' ? count * factor : undefined;
  }
  if (given.length !== 1) return undefined;
  const only = given[0]!;
  const keyed = childAt(only, 'name');
  if (keyed !== undefined) {
    const unit = unitFactor(keyed.text);
    const count = valueOf(childAt(only, 'value') ?? only, depth + 1);
    return unit !== undefined && typeof count === 'number' ? count * unit : undefined;
  }
  if (factor === undefined || name.length < 2) return undefined;
  const count = valueOf(only, depth + 1);
  return typeof count === 'number' ? count * factor : undefined;
}
