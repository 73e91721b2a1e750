import type { Node } from 'sql-parser-cst';
import { parse, show } from 'sql-parser-cst';
import { z } from 'zod';
import type { Fact } from './fact.ts';

const dialects = ['postgresql', 'mysql', 'sqlite'] as const;
const paramTypes: ('?' | '?nr' | ':name' | '@name' | '$name' | '$nr')[] = [
  '?',
  '?nr',
  ':name',
  '@name',
  '$name',
  '$nr',
];
const longest = 8_000;

const openings = new Set(
  'select insert update delete with alter create drop lock vacuum truncate analyze reindex begin set merge replace grant'.split(
    ' ',
  ),
);

/** Whether a text is an SQL statement: it opens with a verb of SQL and has a second word of it. */
export function isSql(text: string): boolean {
  const words = text.slice(0, 400).trim().toLowerCase().split(/\s+/);
  if (words.length < 3 || !openings.has(words[0]!)) return false;
  return words.some((word) => ['from', 'into', 'set', 'table', 'index', 'where', 'as', 'column'].includes(word));
}

/**
 * Facts of SQL text: its clauses, one fact each (each term of a condition by itself), and what it does to tables, columns, indexes and locks.
 * What no dialect parses is cut at the words that open clauses.
 */
export function readSql(text: string, about: { file: string; row: number; loop?: boolean }): Fact[] {
  const facts: Fact[] = [];
  const tell = (on: string, subject: string, value?: number | string): void => {
    const plain = subject.replaceAll(/\s+/g, ' ').trim().toLowerCase().slice(0, 300);
    facts.push({
      kind: 'clause',
      id: `clause:${on}:${plain}`,
      subject: plain,
      on,
      ...(value === undefined ? {} : { value }),
      ...about,
    });
  };
  let row = about.row;
  for (const statement of text.slice(0, longest).split(';')) {
    const body = withParameters(statement);
    if (body.trim() !== '') {
      const before = facts.length;
      if (depthOf(body) > deepest || !parsed(body, tell)) cut(body, tell);
      for (const fact of facts.slice(before)) fact.row = row;
    }
    row += statement.split('\n').length - 1;
  }
  return facts;
}

/** Brackets within each other from which a statement is not parsed: the parser looks ahead through them again and again. */
const deepest = 6;

function depthOf(text: string): number {
  let depth = 0;
  let most = 0;
  for (const character of text) {
    if (character === '(') most = Math.max(most, (depth += 1));
    else if (character === ')') depth -= 1;
  }
  return most;
}

type Tell = (on: string, subject: string, value?: number | string) => void;

function withParameters(text: string): string {
  return text
    .split('\n')
    .filter((line) => !line.trimStart().startsWith('--'))
    .join('\n')
    .replaceAll('%s', '?')
    .replaceAll('%d', '?')
    .replaceAll('"', '`');
}

function parsed(text: string, tell: Tell): boolean {
  for (const dialect of dialects) {
    try {
      const program = parse(dialect === 'mysql' ? text : text.replaceAll('`', '"'), { dialect, paramTypes });
      for (const statement of program.statements) walk(statement, tell, 0);
      return true;
    } catch {
      // The next dialect may read it.
    }
  }
  return false;
}

const clauses: Readonly<Record<string, string>> = {
  order_by_clause: 'order',
  group_by_clause: 'group',
  having_clause: 'having',
  select_clause: 'columns',
  from_clause: 'from',
  join_on_specification: 'where',
  for_clause: 'lock',
  set_clause: 'set',
  insert_columns: 'columns',
  drop_index_stmt: 'drop-index',
  create_index_stmt: 'create-index',
  drop_table_stmt: 'drop-table',
  create_table_stmt: 'create-table',
  truncate_stmt: 'drop-table',
  alter_action_drop_column: 'drop-column',
  alter_action_add_column: 'add-column',
  alter_action_rename_column: 'rename-column',
  alter_action_rename: 'rename-table',
  alter_action_alter_column: 'alter-column',
  alter_action_modify_column: 'alter-column',
  alter_action_change_column: 'rename-column',
  alter_action_add_constraint: 'add-constraint',
  alter_action_drop_constraint: 'drop-constraint',
  alter_action_drop_index: 'drop-index',
  alter_action_add_index: 'create-index',
  lock_tables_stmt: 'lock',
  vacuum_stmt: 'lock',
};

function walk(node: Node, tell: Tell, depth: number): void {
  if (depth > 30) return;
  if (node.type === 'where_clause') {
    for (const term of termsOf(node.expr, 0)) tell('where', show(term));
    return;
  }
  if (node.type === 'limit_clause') {
    const text = show(node);
    const count = Number(text.split(/\s+/).find((word) => /^\d+$/.test(word)));
    tell('limit', text, Number.isNaN(count) ? undefined : count);
    return;
  }
  const clause = clauses[node.type];
  if (clause !== undefined) tell(clause, bare(show(node)));
  for (const child of childrenOf(node)) walk(child, tell, depth + 1);
}

/** A statement without the words that say only how it is run. */
function bare(text: string): string {
  return text.replaceAll(/\b(concurrently|if exists|if not exists)\b/gi, ' ');
}

function termsOf(expression: Node, depth: number): Node[] {
  if (expression.type === 'binary_expr' && depth < 40) {
    const { operator, left, right } = expression;
    const word = typeof operator === 'string' ? operator : Array.isArray(operator) ? '' : show(operator);
    if (word.toUpperCase() === 'AND') return [...termsOf(left, depth + 1), ...termsOf(right, depth + 1)];
  }
  return [expression];
}

const nodeShape = z.looseObject({ type: z.string() });

function childrenOf(node: Node): Node[] {
  return Object.values(node).flatMap((value) => {
    const list: unknown[] = Array.isArray(value) ? value.flat() : [value];
    return list.filter((one): one is Node => nodeShape.safeParse(one).success);
  });
}

const cutAt: readonly (readonly [string, string])[] = [
  ['lock table', 'lock'],
  ['for update', 'lock'],
  ['drop index', 'drop-index'],
  ['create index', 'create-index'],
  ['create unique index', 'create-index'],
  ['drop column', 'drop-column'],
  ['add column', 'add-column'],
  ['rename column', 'rename-column'],
  ['alter column', 'alter-column'],
  ['drop table', 'drop-table'],
  ['order by', 'order'],
  ['group by', 'group'],
  ['limit', 'limit'],
  ['where', 'where'],
  ['join', 'from'],
  ['from', 'from'],
  ['select', 'columns'],
  ['set', 'set'],
];

/** Cuts what does not parse at the words that open clauses; a term of a condition by `and`. */
function cut(text: string, tell: Tell): void {
  const words = text.replaceAll(/\s+/g, ' ').trim();
  const lower = words.toLowerCase();
  const marks = cutAt
    .flatMap(([opening, on]) => {
      const at = ` ${lower} `.indexOf(` ${opening} `);
      return at < 0 ? [] : [{ at, end: at + opening.length, on }];
    })
    .sort((left, right) => left.at - right.at);
  if (marks.length === 0 && words !== '') {
    const loose = lower.startsWith('and ') || lower.startsWith('or ') ? 'where' : 'part';
    tell(loose, words.replace(/^(and|or) /i, ''));
  }
  for (const [index, { end, on }] of marks.entries()) {
    const body = words.slice(end, marks[index + 1]?.at ?? words.length).trim();
    if (on === 'where') for (const term of body.split(/ and /i)) tell(on, term);
    else tell(on, body);
  }
}
