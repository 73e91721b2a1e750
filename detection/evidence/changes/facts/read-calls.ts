import { wordsOfName } from '../words-of-name.ts';
import type { SyntaxNode } from '../parse/syntax-node.ts';
import type { Callee } from './callee-of.ts';
import { codeWords } from './code-words.ts';
import type { Fact } from './fact.ts';
import { nodeKinds } from './node-kinds.ts';
import type { Place } from './place.ts';
import { outlives } from './place.ts';
import { chainOf } from './tree-text.ts';
import { valueOf } from './value-of.ts';

/** Facts of a call: that it is made, in a loop or waited for, and what its name says that it does (locks, gives back, keeps, starts, raises). */
export function callFacts(node: SyntaxNode, callee: Callee, at: Place): void {
  const { name, on, given } = callee;
  const known = at.renames.get(name) ?? name;
  const words = wordsOfName(name);
  const whom = on.map((part) => at.renames.get(part) ?? part);
  const beside = on.flatMap(wordsOfName);
  const is = (list: ReadonlySet<string>): boolean => words.some((word) => list.has(word));
  const locks = is(codeWords.lock) || beside.some((word) => codeWords.lock.has(word));
  if (is(codeWords.unlock) && (locks || words[0] !== 'release')) return;
  const full = [...whom, known].join('.');
  if (locks && is(codeWords.acquire)) {
    at.tell({ kind: 'lock', id: 'lock', subject: full }, node);
    return;
  }
  for (const { kind, list, id, also } of roles)
    if (is(list) || (also === true && beside.some((word) => list.has(word))))
      at.tell({ kind, id: id === undefined ? `${kind}:${known}` : id, subject: full }, node);
  if (is(codeWords.growth) && outlives(on, at))
    at.tell({ kind: 'growth', id: `growth:${whom.join('.')}`, subject: whom.join('.') }, node);
  const call = { ...callOf(known, whom, given), ...howCalled(on[0], at) };
  const altered = alteredBy(words);
  if (altered !== undefined)
    at.tell(
      { kind: 'clause', id: `clause:${altered}:${call.on}`, subject: `${known} ${call.on}`.trim(), on: altered },
      node,
    );
  at.tell({ ...call, id: `${at.loops > 0 ? 'call-each' : 'call'}:${known}` }, node);
  if (at.awaited) at.tell({ kind: 'await', id: `await:${known}`, subject: known }, node);
  argumentFacts(given, known, at);
}

function callOf(name: string, on: readonly string[], given: readonly SyntaxNode[]): Omit<Fact, 'file' | 'row' | 'id'> {
  const handed = given.map((one) => chainOf(one).join(' ')).join(' ');
  return { kind: 'call', subject: name, on: `${on.join('.')} ${handed}`.trim().slice(0, 120) };
}

/** In a loop, waited for, or on something that the function worked out itself. */
function howCalled(on: string | undefined, at: Place): Pick<Fact, 'loop' | 'awaited' | 'inside'> {
  const loop = at.loops > 0 ? { loop: true } : {};
  if (at.awaited) return { ...loop, awaited: true };
  return on !== undefined && at.made.has(on) ? { ...loop, inside: true } : loop;
}

/** What a call of a migration does to a schema, as its SQL would be called; tools name such calls by a verb and a thing. */
function alteredBy(words: readonly string[]): string | undefined {
  const thing = words.find((word) => word === 'index' || word === 'column' || word === 'field' || word === 'table');
  if (thing === undefined || words.length > 3) return undefined;
  const what = thing === 'field' ? 'column' : thing;
  if (words.includes('drop') || words.includes('remove') || words.includes('delete')) return `drop-${what}`;
  if (words.includes('rename')) return what === 'index' ? undefined : `rename-${what}`;
  if ((words.includes('add') || words.includes('create')) && what === 'index') return 'create-index';
  return (words.includes('change') || words.includes('alter')) && what === 'column' ? 'alter-column' : undefined;
}

/** What the words of a call's name (`also`: of what it is made on) make it; those of one `id` stand for each other. */
const roles: readonly { kind: Fact['kind']; list: ReadonlySet<string>; id?: string; also?: boolean }[] = [
  { kind: 'transaction', list: codeWords.transaction },
  { kind: 'release', list: codeWords.release, id: 'release' },
  { kind: 'cached', list: codeWords.cached, also: true },
  { kind: 'spawn', list: codeWords.spawn },
  { kind: 'raise', list: codeWords.throw, id: 'raise' },
];

function argumentFacts(given: readonly SyntaxNode[], name: string, at: Place): void {
  for (const [index, one] of given.entries()) {
    if (nodeKinds.assign.has(one.type) || one.type === 'object' || one.type === 'hash') continue;
    const value = valueOf(one);
    if (value === undefined) continue;
    if (typeof value === 'string' && one.children.some(({ type }) => nodeKinds.call.has(type))) continue;
    at.tell({ kind: 'value', id: `value:${name}#${index}=${value}`, subject: `${name}#${index}`, value }, one);
  }
}
