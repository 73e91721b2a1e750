import type { SyntaxNode } from '../parse/syntax-node.ts';
import { nodeKinds } from './node-kinds.ts';
import type { Renames } from './tree-text.ts';
import { childAt } from './tree-text.ts';

/** How alike the uses of two names must be, in [0, 1], for one to be the other's new name. */
const alike = 0.5;
const mostNames = 80;

/**
 * Names that a change declares anew in the place of others: declared on the old side and gone from the new one, used alike (Jaccard
 * likeness of the contexts) as one that is declared only on the new side. Names that are merely called are never renamed: calling another
 * function is a change. Cost: names squared, at most 80 of each.
 */
export function findRenames(before: readonly SyntaxNode[], after: readonly SyntaxNode[]): Renames {
  const old = namesIn(before);
  const now = namesIn(after);
  const gone = [...old.declared].filter((name) => !now.uses.has(name)).slice(0, mostNames);
  const fresh = [...now.declared].filter((name) => !old.uses.has(name)).slice(0, mostNames);
  const blank = new Set([...old.declared, ...now.declared]);
  const pairs: { from: string; to: string; likeness: number }[] = [];
  for (const from of gone)
    for (const to of fresh) {
      const likeness = jaccard(contextsOf(old.uses.get(from), blank), contextsOf(now.uses.get(to), blank));
      if (likeness >= alike) pairs.push({ from, to, likeness });
    }
  pairs.sort((left, right) => right.likeness - left.likeness || (left.from + left.to < right.from + right.to ? -1 : 1));
  const renames = new Map<string, string>();
  const taken = new Set<string>();
  for (const { from, to } of pairs) {
    if (renames.has(from) || taken.has(to)) continue;
    renames.set(from, to);
    taken.add(to);
  }
  return renames;
}

interface Use {
  parent: SyntaxNode;
  field: string;
}

function namesIn(roots: readonly SyntaxNode[]): { declared: Set<string>; uses: Map<string, Use[]> } {
  const declared = new Set<string>();
  const uses = new Map<string, Use[]>();
  const visit = (node: SyntaxNode): void => {
    if (nodeKinds.declared.has(node.type)) for (const name of declaredBy(node)) declared.add(name);
    for (const child of node.children) {
      if (nodeKinds.name.has(child.type)) {
        const list = uses.get(child.text);
        if (list === undefined) uses.set(child.text, [{ parent: node, field: child.field ?? '' }]);
        else if (list.length < 40) list.push({ parent: node, field: child.field ?? '' });
      }
      visit(child);
    }
  };
  for (const root of roots) visit(root);
  return { declared, uses };
}

/** Names that a node of a declaring type declares. */
export function declaredBy(node: SyntaxNode): string[] {
  const at = childAt(node, 'name', 'pattern', 'left', 'alias');
  if (at !== undefined) return namesAt(at, 0);
  return node.children.filter(({ type }) => nodeKinds.name.has(type)).map(({ text }) => text);
}

/** Parts of the types of nodes that reach into something. */
const within = ['selector', 'member', 'attribute', 'subscript', 'index', 'element', 'field'];

function namesAt(node: SyntaxNode, depth: number): string[] {
  if (nodeKinds.name.has(node.type)) return [node.text];
  // `a.b = c` declares nothing.
  if (depth > 3 || within.some((part) => node.type.includes(part))) return [];
  return node.children.flatMap((child) => namesAt(child, depth + 1));
}

function contextsOf(uses: readonly Use[] | undefined, blank: ReadonlySet<string>): Map<string, number> {
  const contexts = new Map<string, number>();
  for (const { parent, field } of uses ?? []) {
    const beside = parent.children
      .map((child) => (child.children.length > 0 ? child.type : blank.has(child.text) ? '_' : child.text))
      .join(' ');
    const key = `${parent.type}.${field}:${beside.slice(0, 80)}`;
    contexts.set(key, (contexts.get(key) ?? 0) + 1);
  }
  return contexts;
}

function jaccard(left: ReadonlyMap<string, number>, right: ReadonlyMap<string, number>): number {
  let both = 0;
  let all = 0;
  for (const key of new Set([...left.keys(), ...right.keys()])) {
    both += Math.min(left.get(key) ?? 0, right.get(key) ?? 0);
    all += Math.max(left.get(key) ?? 0, right.get(key) ?? 0);
  }
  return all === 0 ? 0 : both / all;
}
