import { wordsOfName } from '../words-of-name.ts';
import { frameName } from '../parse/parse-fragment.ts';
import type { SyntaxNode } from '../parse/syntax-node.ts';
import type { Callee } from './callee-of.ts';
import { calleeOf } from './callee-of.ts';
import { codeWords } from './code-words.ts';
import type { Fact } from './fact.ts';
import { declaredBy } from './find-renames.ts';
import { namesRead } from './names-read.ts';
import { nodeKinds } from './node-kinds.ts';
import type { Place } from './place.ts';
import { callFacts } from './read-calls.ts';
import { isSql, readSql } from './read-sql.ts';
import { assignFacts } from './read-assignments.ts';
import { branchFacts, catchFacts } from './read-branches.ts';
import { statementFacts } from './read-statements.ts';
import type { Renames } from './tree-text.ts';
import { canonicalText, childAt, chainOf, literalText } from './tree-text.ts';
import { valueOf } from './value-of.ts';

/** What one side of a place in code says, and the functions that stand in it whole. */
export interface CodeReading {
  facts: Fact[];
  /** Functions declared here, and those called here. */
  functions: Set<string>;
  called: Set<string>;
}

/** Reads a syntax tree of any language into facts. Calls that only tell what happens, types and imports say nothing. Cost linear. */
export function readCode(root: SyntaxNode, about: { file: string; renames: Renames }): CodeReading {
  const facts: Fact[] = [];
  const functions = new Set<string>();
  const called = new Set<string>();
  const looped = new Set<string>();
  const place = (owner: string): Place['tell'] => {
    return (fact, node) =>
      void facts.push({ ...fact, file: about.file, row: node.row, ...(owner === '' ? {} : { owner }) });
  };
  const visit = (node: SyntaxNode, at: Place): void => {
    if (nodeKinds.still.has(node.type)) return;
    const declares = nodeKinds.function.has(node.type) ? nameOfFunction(node) : undefined;
    if (declares !== undefined) functions.add(about.renames.get(declares) ?? declares);
    const callee = calleeOf(node);
    if (callee?.telling === true) return;
    if (callee !== undefined) {
      const name = about.renames.get(callee.name) ?? callee.name;
      called.add(name);
      if (at.loops > 0) looped.add(name);
      callFacts(node, callee, at);
    }
    nodeFacts(node, at);
    if (nodeKinds.text.has(node.type)) textFacts(node, at);
    if (nodeKinds.block.has(node.type)) statementFacts(node, at);
    for (const child of node.children) visit(child, inside(node, child, { at, callee, place }));
  };
  visit(root, {
    ...about,
    loops: 0,
    owner: '',
    inFunction: false,
    locals: new Set(),
    made: new Set(),
    awaited: false,
    inCatch: false,
    inFormula: false,
    tell: place(''),
  });
  for (const fact of facts)
    if (fact.owner !== undefined && looped.has(fact.owner) && (fact.kind === 'call' || fact.kind === 'clause')) {
      fact.loop = true;
      fact.id = fact.id.replace('call:', 'call-each:');
    }
  return { facts, functions, called };
}

function inside(
  node: SyntaxNode,
  child: SyntaxNode,
  { at, callee, place }: { at: Place; callee: Callee | undefined; place: (owner: string) => Place['tell'] },
): Place {
  const each = callee !== undefined && codeWords.each.has(callee.name.toLowerCase());
  const handed = child.type.includes('argument') || child.type.includes('block');
  const loops = nodeKinds.loop.has(node.type) ? !isSource(child) : each && handed;
  const next: Place = {
    ...at,
    awaited: nodeKinds.await.has(node.type),
    inFormula: nodeKinds.binary.has(node.type) || (at.inFormula && node.type.startsWith('parenthesized')),
    inCatch: at.inCatch || nodeKinds.catch.has(node.type),
    loops: at.loops + Number(loops),
  };
  return nodeKinds.function.has(node.type) && isBody(child) ? insideFunction(node, next, place) : next;
}

/** Undefined for a function without a name and for one that only frames a fragment. */
function nameOfFunction(node: SyntaxNode): string | undefined {
  const name = childAt(node, 'name')?.text ?? childAt(childAt(node, 'declarator') ?? node, 'declarator')?.text;
  return name === frameName ? undefined : name;
}

function isBody({ field, type }: SyntaxNode): boolean {
  return field === 'body' || type.includes('block') || type === 'body_statement';
}

/** A function by a name is a place of its own; one without is part of what it stands in. */
function insideFunction(node: SyntaxNode, at: Place, place: (owner: string) => Place['tell']): Place {
  const name = nameOfFunction(node);
  const { all, made } = localsOf(node);
  const inner = {
    ...at,
    inFunction: true,
    locals: new Set([...at.locals, ...all]),
    made: new Set([...at.made, ...made]),
  };
  if (name === undefined) return inner;
  const owner = at.renames.get(name) ?? name;
  return { ...inner, owner, loops: 0, inCatch: false, tell: place(owner) };
}

/** What a loop goes over is worked out once. */
function isSource({ field, type }: SyntaxNode): boolean {
  return (
    field === 'right' ||
    field === 'value' ||
    field === 'initializer' ||
    type === 'range_clause' ||
    type === 'for_in_clause'
  );
}

const making = new Set([
  'variable_declarator',
  'short_var_declaration',
  'assignment',
  'let_declaration',
  'const_spec',
  'var_spec',
]);

function localsOf(fn: SyntaxNode): { all: string[]; made: string[] } {
  const all: string[] = [];
  const made: string[] = [];
  const open = [...fn.children];
  for (let node = open.pop(); node !== undefined && all.length < 200; node = open.pop()) {
    if (nodeKinds.declared.has(node.type)) {
      const names = declaredBy(node);
      all.push(...names);
      if (making.has(node.type)) made.push(...names);
    }
    open.push(...node.children);
  }
  return { all, made };
}

/** A statement of SQL in the text of a program, or a text that something goes by. */
function textFacts(node: SyntaxNode, at: Place): void {
  const text = literalText(node);
  if (text.length > 4_000) return;
  // A text without blanks is one that something goes by.
  if (text.length > 1 && text.length < 120 && !text.includes(' ') && !text.includes('%'))
    at.tell({ kind: 'text', id: `text:${text}`, subject: text }, node);
  if (isSql(text)) {
    for (const { file: _file, row: _row, ...fact } of readSql(text, { file: at.file, row: 0, loop: at.loops > 0 }))
      at.tell(fact, node);
  }
}

function nodeFacts(node: SyntaxNode, at: Place): void {
  const text = (): string => canonicalText(node, at.renames);
  if (nodeKinds.condition.has(node.type)) branchFacts(node, at);
  if (nodeKinds.catch.has(node.type)) catchFacts(node, at);
  if (nodeKinds.throw.has(node.type)) at.tell({ kind: 'raise', id: 'raise', subject: chainOf(node).join(' ') }, node);
  if (nodeKinds.locked.has(node.type))
    at.tell({ kind: 'lock', id: 'lock', subject: chainOf(node).slice(0, 2).join('.') }, node);
  if (node.type === 'modifiers' && node.children.some((one) => one.text === 'synchronized'))
    at.tell({ kind: 'lock', id: 'lock', subject: 'synchronized' }, node);
  if (nodeKinds.spawn.has(node.type)) at.tell({ kind: 'spawn', id: 'spawn', subject: chainOf(node).join('.') }, node);
  if (nodeKinds.release.has(node.type)) scopeFacts(node, at);
  if (nodeKinds.assign.has(node.type)) assignFacts(node, at);
  if (!at.inFormula && nodeKinds.binary.has(node.type) && isArithmetic(node))
    at.tell({ kind: 'formula', id: `formula:${text()}`, subject: chainOf(node).join(' ') }, node);
  if (
    node.type === 'optional_chain' ||
    node.type === '?.' ||
    node.type === '??' ||
    node.type === '&.' ||
    node.type === 'conditional_access_expression'
  )
    at.tell({ kind: 'default', id: `default:${node.type}`, subject: node.text }, node);
  accessFacts(node, at);
  namesRead(node, at);
}

const members = new Set(['member_expression', 'member_access_expression', 'selector_expression', 'field_access']);

/** A read through three levels and more of something that is neither this object nor a setting. */
function accessFacts(node: SyntaxNode, at: Place): void {
  if (!members.has(node.type) || node.text.length > 200 || node.text.includes('?.')) return;
  const names = chainOf(node).filter((name) => name !== 'this' && name !== 'self');
  if (names.length === 4 && members.has(node.children[0]?.type ?? ''))
    at.tell({ kind: 'access', id: `access:${canonicalText(node, at.renames)}`, subject: names.join('.') }, node);
}

/** `with x`, `using x`, `try (x)`, `defer x.Close()`: a lock where it is called one, else something given back at the end. */
function scopeFacts(node: SyntaxNode, at: Place): void {
  const held = node.children.filter(({ field, type }) => field !== 'body' && !type.includes('block'));
  const names = held.flatMap((one) => chainOf(one).concat(one.children.flatMap((inner) => chainOf(inner))));
  const words = names.flatMap(wordsOfName);
  if (
    words.some((word) => codeWords.unlock.has(word)) &&
    words.some((word) => codeWords.lock.has(word) || word === 'unlock')
  )
    return;
  if (words.some((word) => codeWords.transaction.has(word)))
    at.tell({ kind: 'transaction', id: 'transaction:scope', subject: names.join('.') }, node);
  else if (words.some((word) => codeWords.lock.has(word)))
    at.tell({ kind: 'lock', id: 'lock', subject: names[0] ?? 'lock' }, node);
  else if (node.type !== 'defer_statement')
    at.tell({ kind: 'release', id: 'release', subject: names[0] ?? 'scope' }, node);
}

const arithmetic = new Set(['+', '-', '*', '/', '%', '**', '<<', '>>', '&', '|', '^', '//']);

function isArithmetic(node: SyntaxNode): boolean {
  const sign = node.children.find(({ named, field }) => field === 'operator' || !named)?.text ?? '';
  return (
    arithmetic.has(sign) && !node.children.some(({ type }) => nodeKinds.text.has(type)) && valueOf(node) === undefined
  );
}
