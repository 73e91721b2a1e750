import { parser } from '@prometheus-io/lezer-promql';
import { fillVariables } from './fill-variables.ts';
import type { Matcher, Matching, PromExpression } from './prom-expression.ts';
import { isComparison, isSetOperator } from './prom-expression.ts';

/** A node of the grammar's tree, as far as it is read here. */
type Node = ReturnType<typeof parser.parse>['topNode'];

const longest = 8_000;
/** So deep no rule is nested; deeper ones are refused rather than walked. */
const deepest = 60;

/**
 * Reads a PromQL expression by Prometheus' own grammar into a tree. Variables of templates (`$interval`, `${x}`, `{{ .Values.y }}`) are read as
 * ranges of five minutes or as settings of that name. Undefined when it is no PromQL, is longer than 8,000 characters, or is nested more
 * than 60 deep. Never throws. Cost linear.
 */
export function parseExpression(written: string): PromExpression | undefined {
  if (written.length > longest) return undefined;
  const text = fillVariables(written);
  const top = parser.parse(text).topNode;
  const root = top.firstChild;
  if (root === null || root.nextSibling !== null || hasError(top)) return undefined;
  return read({ text, node: root, depth: 0 });
}

function hasError(top: Node): boolean {
  const cursor = top.cursor();
  do {
    if (cursor.type.isError) return true;
  } while (cursor.next());
  return false;
}

interface Place {
  text: string;
  node: Node;
  depth: number;
}

function read(place: Place): PromExpression | undefined {
  const { text, node, depth } = place;
  if (depth > deepest) return undefined;
  const own = text.slice(node.from, node.to);
  const at = (child: Node | null): PromExpression | undefined =>
    child === null ? undefined : read({ text, node: child, depth: depth + 1 });
  const special = specials[node.name];
  if (special !== undefined) return special(place, own, at);
  return passed.has(node.name) ? at(node.firstChild) : undefined;
}

type At = (child: Node | null) => PromExpression | undefined;

/** Nodes that only wrap another. */
const passed = new Set(['ParenExpr', 'StepInvariantExpr', 'AnchoredExpr', 'SmoothedExpr']);

const specials: Readonly<Record<string, (place: Place, own: string, at: At) => PromExpression | undefined>> = {
  NumberDurationLiteral: (_place, own) => ({ kind: 'number', text: own, value: numberOf(own) }),
  StringLiteral: (_place, own) => ({ kind: 'string', text: own, value: stringOf(own) }),
  VectorSelector: ({ text, node }, own) => selectorOf(text, node, own),
  MatrixSelector: ({ text, node }, own, at) =>
    ranged(at(node.firstChild), own, durationIn(text, node.firstChild?.nextSibling)),
  SubqueryExpr: ({ text, node }, own, at) => {
    const of = at(node.firstChild);
    const rangeMs = durationIn(text, node.firstChild?.nextSibling);
    return of === undefined ? undefined : { kind: 'subquery', text: own, of, rangeMs };
  },
  OffsetExpr: ({ text, node }, own, at) => shifted(at(node.firstChild), own, durationIn(text, node.lastChild)),
  UnaryExpr: ({ node }, own, at) => {
    const of = at(node.lastChild);
    if (of === undefined || !own.startsWith('-')) return of;
    return fold({ kind: 'binary', text: own, op: '*', left: numberAs(-1), right: of, bool: false });
  },
  FunctionCall: callOf,
  AggregateExpr: aggregateOf,
  BinaryExpr: binaryOf,
};

function selectorOf(text: string, node: Node, own: string): PromExpression {
  let metric = '';
  const matchers: Matcher[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) {
    if (child.name === 'Identifier') metric = text.slice(child.from, child.to);
    if (child.name !== 'LabelMatchers') continue;
    for (let one = child.firstChild; one !== null; one = one.nextSibling) {
      const written = text.slice(one.from, one.to);
      if (one.name === 'QuotedLabelName') metric = stringOf(written);
      const matcher = one.name.endsWith('LabelMatcher') ? matcherOf(text, one) : undefined;
      if (matcher?.label === '__name__') metric = matcher.op === '=' ? matcher.value : `${matcher.op}${matcher.value}`;
      else if (matcher !== undefined) matchers.push(matcher);
    }
  }
  return { kind: 'selector', text: own, metric, matchers };
}

function matcherOf(text: string, node: Node): Matcher | undefined {
  const [label, op, value] = [node.firstChild, node.firstChild?.nextSibling, node.lastChild];
  if (label === null || op === null || op === undefined || value === null) return undefined;
  const sign = text.slice(op.from, op.to);
  if (sign !== '=' && sign !== '!=' && sign !== '=~' && sign !== '!~') return undefined;
  const name = text.slice(label.from, label.to);
  return {
    label: label.name === 'QuotedLabelName' ? stringOf(name) : name,
    op: sign,
    value: stringOf(text.slice(value.from, value.to)),
  };
}

function ranged(of: PromExpression | undefined, text: string, rangeMs: number): PromExpression | undefined {
  return of?.kind === 'selector' ? { ...of, text, rangeMs } : of;
}

function shifted(of: PromExpression | undefined, text: string, offsetMs: number): PromExpression | undefined {
  return of?.kind === 'selector' ? { ...of, text, offsetMs } : of === undefined ? undefined : { ...of, text };
}

function callOf({ text, node, depth }: Place, own: string): PromExpression | undefined {
  const name = node.firstChild;
  const body = node.getChild('FunctionCallBody');
  if (name === null || body === null) return undefined;
  const args = argumentsOf({ text, node: body, depth });
  return args === undefined ? undefined : { kind: 'call', text: own, name: text.slice(name.from, name.to), args };
}

function argumentsOf({ text, node, depth }: Place): PromExpression[] | undefined {
  const args: PromExpression[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) {
    const arg = read({ text, node: child, depth: depth + 1 });
    if (arg === undefined) return undefined;
    args.push(arg);
  }
  return args;
}

function aggregateOf({ text, node, depth }: Place, own: string): PromExpression | undefined {
  const op = node.getChild('AggregateOp');
  const body = node.getChild('FunctionCallBody');
  if (op === null || body === null) return undefined;
  const args = argumentsOf({ text, node: body, depth });
  if (args === undefined) return undefined;
  const modifier = node.getChild('AggregateModifier');
  const labels = modifier === null ? undefined : labelsIn(text, modifier.getChild('GroupingLabels'));
  const how = labels === undefined ? {} : modifier?.getChild('Without') === null ? { by: labels } : { without: labels };
  return { kind: 'aggregate', text: own, op: text.slice(op.from, op.to).toLowerCase(), ...how, args };
}

function labelsIn(text: string, node: Node | null | undefined): string[] {
  const labels: string[] = [];
  for (let child = node?.firstChild ?? null; child !== null; child = child.nextSibling)
    labels.push(text.slice(child.from, child.to));
  return labels;
}

function binaryOf({ text, node, depth }: Place, own: string): PromExpression | undefined {
  const [first, last] = [node.firstChild, node.lastChild];
  const sign = first?.nextSibling;
  if (first === null || last === null || sign === null || sign === undefined) return undefined;
  const left = read({ text, node: first, depth: depth + 1 });
  const right = read({ text, node: last, depth: depth + 1 });
  const op = text.slice(sign.from, sign.to).toLowerCase();
  if (left === undefined || right === undefined) return undefined;
  if (!isComparison(op) && !isSetOperator(op) && !isArithmetic(op)) return undefined;
  const clause = node.getChild('MatchingModifierClause');
  const labels = clause === null ? [] : labelsIn(text, clause.getChild('GroupingLabels'));
  const matching: Matching | undefined =
    clause === null ? undefined : { kind: clause.getChild('On') === null ? 'ignoring' : 'on', labels };
  return fold({
    kind: 'binary',
    text: own,
    op,
    left,
    right,
    bool: node.getChild('BoolModifier') !== null,
    ...(matching === undefined ? {} : { matching }),
  });
}

type Binary = Extract<PromExpression, { kind: 'binary' }>;

const arithmetic: Readonly<Record<string, (left: number, right: number) => number>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
  '%': (left, right) => left % right,
  '^': (left, right) => left ** right,
  atan2: (left, right) => Math.atan2(left, right),
};

function isArithmetic(op: string): op is '+' | '-' | '*' | '/' | '%' | '^' | 'atan2' {
  return Object.hasOwn(arithmetic, op);
}

function fold(made: Binary): PromExpression {
  const work = arithmetic[made.op];
  return work !== undefined && made.left.kind === 'number' && made.right.kind === 'number'
    ? { kind: 'number', text: made.text, value: work(made.left.value, made.right.value) }
    : made;
}

function numberAs(value: number): PromExpression {
  return { kind: 'number', text: String(value), value };
}

const unitMs: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  y: 31_536_000_000,
};

/** Milliseconds of a duration in Prometheus' form (`1h30m`); 0 where it is none. */
export function durationMsOf(text: string): number {
  let total = 0;
  for (const [, count, unit] of text.matchAll(/(\d+)(ms|[smhdwy])/g))
    total += Number(count) * (unitMs[unit ?? ''] ?? 0);
  return total;
}

function durationIn(text: string, node: Node | null | undefined): number {
  const written = node === null || node === undefined ? '' : text.slice(node.from, node.to);
  const sign = written.startsWith('-') ? -1 : 1;
  return sign * (durationMsOf(written) || 1_000 * (Number(written.replace('-', '')) || 0));
}

function numberOf(text: string): number {
  const plain = text.toLowerCase().replaceAll('_', '');
  if (plain === 'inf' || plain === '+inf') return Infinity;
  const value = Number(plain);
  return Number.isNaN(value) && plain !== 'nan' ? durationMsOf(plain) / 1_000 : value;
}

/** A literal without its quotes and escapes. */
function stringOf(text: string): string {
  const inside = text.slice(1, -1);
  return text.startsWith('`') ? inside : inside.replaceAll(/\\(.)/g, '$1');
}
