import type { SyntaxNode } from '../parse/syntax-node.ts';
import type { Fact } from './fact.ts';
import { factsOf } from './read-settings.ts';
import { namedChildren } from './tree-text.ts';

/** Facts of Terraform or other HCL: each attribute by the blocks that it stands in. */
export function readHcl(root: SyntaxNode, file: string): Fact[] {
  const settings: { path: string[]; value: string; row: number }[] = [];
  const visit = (node: SyntaxNode, path: string[]): void => {
    if (path.length > 20) return;
    if (node.type === 'attribute') {
      const [name, value] = namedChildren(node);
      if (name !== undefined && value !== undefined)
        settings.push({ path: [...path, name.text], value: unquoted(value.text), row: node.row });
      return;
    }
    const labels =
      node.type === 'block'
        ? node.children
            .filter(({ type }) => type === 'identifier' || type === 'string_lit')
            .map(({ text }) => unquoted(text))
        : [];
    for (const child of node.children) visit(child, [...path, ...labels]);
  };
  visit(root, []);
  return factsOf(settings, file);
}

function unquoted(text: string): string {
  return text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1) : text;
}
