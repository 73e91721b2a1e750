import { wordsOfName } from '../words-of-name.ts';
import type { SyntaxNode } from '../parse/syntax-node.ts';
import { codeWords } from './code-words.ts';
import { nodeKinds } from './node-kinds.ts';
import { chainOf, childAt, namedChildren } from './tree-text.ts';

/** Whom a call calls: the last name, the names before it, and what is handed in. */
export interface Callee {
  name: string;
  on: string[];
  given: SyntaxNode[];
  /** Only tells what happens: logs, prints, metrics, spans. */
  telling: boolean;
}

/** Undefined where the node calls nothing that has a name. */
export function calleeOf(node: SyntaxNode): Callee | undefined {
  if (!nodeKinds.call.has(node.type)) return undefined;
  const receiver = childAt(node, 'object', 'receiver');
  const target = childAt(node, 'name', 'method', 'function', 'constructor', 'type', 'macro') ?? node.children[0];
  if (target === undefined) return undefined;
  const chain = [...(receiver === undefined ? [] : chainOf(receiver)), ...chainOf(target)];
  const name = chain.pop();
  if (name === undefined) return undefined;
  const list = childAt(node, 'arguments', 'operand') ?? node.children.find(({ type }) => type.includes('argument'));
  return {
    name,
    on: chain,
    given: list === undefined ? [] : list.field === 'operand' ? [list] : namedChildren(list),
    telling: isTelling(name, chain),
  };
}

function isTelling(name: string, on: readonly string[]): boolean {
  const first = on.length > 0 ? on : [name];
  return first.some((part) => {
    const words = wordsOfName(part);
    return words.length > 0 && (codeWords.telling.has(words[0]!) || codeWords.telling.has(words.at(-1)!));
  });
}
