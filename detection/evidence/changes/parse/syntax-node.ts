/** A node of a syntax tree as plain data: comments are left out, tokens without a name kept. `row` counts from 0. */
export interface SyntaxNode {
  type: string;
  named: boolean;
  /** The role in its parent, where the grammar names it. */
  field?: string;
  text: string;
  row: number;
  children: readonly SyntaxNode[];
}
