import type { SyntaxNode } from '../parse/syntax-node.ts';
import { calleeOf } from './callee-of.ts';
import { codeWords } from './code-words.ts';
import { nodeKinds } from './node-kinds.ts';
import type { Place } from './place.ts';
import { canonicalText, chainOf, childAt, namedChildren } from './tree-text.ts';
import { wordsOfName } from '../words-of-name.ts';

/** Facts of a branch: a guard where it leaves at once, what is done about a failure where it asks for one, its condition in any case. */
export function branchFacts(node: SyntaxNode, at: Place): void {
  const condition = childAt(node, 'condition') ?? namedChildren(node)[0];
  if (condition === undefined) return;
  const text = canonicalText(condition, at.renames);
  const names = chainOf(condition);
  const asked = names.length > 0 && names.every(isFailure);
  const body = childAt(node, 'consequence', 'body') ?? namedChildren(node)[1];
  const exits = body !== undefined && leaves(body);
  if (asked) {
    const name = calledIn(childAt(node, 'initializer'), at);
    at.tell({ kind: 'handler', id: `handler:${name ?? ''}`, subject: name ?? 'failure' }, node);
    return;
  }
  at.tell(
    {
      kind: exits ? 'guard' : 'condition',
      id: `${exits ? 'guard' : 'condition'}:${text}`,
      subject: text.slice(0, 120),
    },
    node,
  );
}

function isFailure(name: string): boolean {
  const words = wordsOfName(name);
  return words.at(-1) === 'err' || words.at(-1) === 'error' || words[0] === 'err';
}

function calledIn(node: SyntaxNode | undefined, at: Place): string | undefined {
  const open = node === undefined ? [] : [node];
  for (let next = open.shift(); next !== undefined; next = open.shift()) {
    const callee = calleeOf(next);
    if (callee !== undefined) return at.renames.get(callee.name) ?? callee.name;
    open.push(...next.children);
  }
  return undefined;
}

/** Whether a branch leaves the function or the loop within its own statements. */
function leaves(body: SyntaxNode): boolean {
  const open: { node: SyntaxNode; depth: number }[] = [{ node: body, depth: 0 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, depth } = next;
    if (nodeKinds.exit.has(node.type) && (node.named || node.children.length === 0)) return true;
    const callee = calleeOf(node);
    if (callee !== undefined && codeWords.throw.has(callee.name.toLowerCase())) return true;
    if (node.type === 'identifier' && node.text === 'raise') return true;
    if (depth < 4 && !nodeKinds.function.has(node.type) && !nodeKinds.condition.has(node.type))
      for (const child of node.children) open.push({ node: child, depth: depth + 1 });
  }
  return false;
}

/** Facts of a handler of exceptions: it goes on as if nothing was, or it does something about it. */
export function catchFacts(node: SyntaxNode, at: Place): void {
  const body = childAt(node, 'body') ?? node.children.find(({ type }) => type.includes('block') || type === 'then');
  const caught = chainOf({ ...node, children: node.children.filter((child) => child !== body) })
    .slice(0, 3)
    .join(' ');
  const does = body === undefined ? false : acts(body);
  if (does) at.tell({ kind: 'handler', id: 'handler:catch', subject: caught }, node);
  else at.tell({ kind: 'swallow', id: 'swallow:catch', subject: caught }, node);
}

const idle = new Set(['pass_statement', 'continue_statement', 'empty_statement', 'ellipsis', '{', '}', ';', ':']);

/** Whether a block does more than to tell of it. */
function acts(block: SyntaxNode): boolean {
  return block.children.some((child) => {
    if (idle.has(child.type) || (!child.named && child.children.length === 0)) return false;
    const inner = child.type === 'expression_statement' ? (namedChildren(child)[0] ?? child) : child;
    const target = nodeKinds.await.has(inner.type) ? (namedChildren(inner)[0] ?? inner) : inner;
    if (target.type.includes('statement_list') || target.type.includes('block')) return acts(target);
    return calleeOf(target)?.telling !== true;
  });
}
