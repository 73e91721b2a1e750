import type { SyntaxNode } from '../parse/syntax-node.ts';
import type { Fact } from './fact.ts';
import type { Renames } from './tree-text.ts';

/** Where a node stands. */
export interface Place {
  file: string;
  renames: Renames;
  loops: number;
  /** The function it is in, and the names that this function declares. */
  owner: string;
  inFunction: boolean;
  locals: ReadonlySet<string>;
  /** Of those, what it worked out itself: neither handed in nor kept elsewhere. */
  made: ReadonlySet<string>;
  awaited: boolean;
  inCatch: boolean;
  inFormula: boolean;
  tell: (fact: Omit<Fact, 'file' | 'row'>, node: SyntaxNode) => void;
}

/** Whether what goes by a chain of names lives longer than the function that it is used in: it is none of its own, or a field of what it was handed. */
export function outlives(chain: readonly string[], at: Place): boolean {
  const root = chain[0];
  if (root === undefined || !at.inFunction) return false;
  return !at.locals.has(root) || (chain.length > 1 && !at.made.has(root));
}
