import type { SyntaxNode } from '../parse/syntax-node.ts';
import { calleeOf } from './callee-of.ts';
import { nodeKinds } from './node-kinds.ts';
import type { Place } from './place.ts';
import type { Renames } from './tree-text.ts';
import { canonicalText, namedChildren } from './tree-text.ts';

/** Each statement of a block as it stands, without the blocks in it: what is left when nothing else tells what was altered. */
export function statementFacts(block: SyntaxNode, at: Place): void {
  for (const child of block.children) {
    if (!child.named || nodeKinds.still.has(child.type) || isBlock(child) || isDeclaration(child)) continue;
    const inner = child.type === 'expression_statement' ? (namedChildren(child)[0] ?? child) : child;
    if (calleeOf(inner)?.telling === true) continue;
    const text = headText(child, at.renames);
    // A name by itself, handed back or not, says nothing.
    if (text.split(' ').length < 3) continue;
    at.tell({ kind: 'statement', id: `statement:${text}`, subject: text.slice(0, 160) }, child);
  }
}

function isDeclaration({ type }: SyntaxNode): boolean {
  return nodeKinds.function.has(type) || nodeKinds.class.has(type) || type === 'type_declaration' || type === 'ERROR';
}

/** A statement's text without the blocks in it and without texts for people. */
function headText(node: SyntaxNode, renames: Renames): string {
  const bare = (at: SyntaxNode): SyntaxNode => ({
    ...at,
    children: at.children.filter((child) => !isBlock(child) && !isDeclaration(child)).map(bare),
    text: nodeKinds.text.has(at.type) && at.text.includes(' ') ? '""' : at.text,
  });
  return canonicalText(bare(node), renames);
}

function isBlock({ type }: SyntaxNode): boolean {
  return nodeKinds.block.has(type);
}
