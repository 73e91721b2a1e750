import type { Comparison, PromExpression } from './prom-expression.ts';
import { isComparison, isSetOperator, partsOf, selectorsOf } from './prom-expression.ts';

/** What must hold for a rule to fire. `exists`: a value that is there at all. `except`: `of` where `but` does not hold. */
export type Condition =
  | { kind: 'compare'; series: PromExpression; op: Comparison; threshold: PromExpression; guard: boolean }
  | { kind: 'absent'; of: PromExpression }
  | { kind: 'exists'; series: PromExpression }
  | { kind: 'all' | 'any'; of: Condition[] }
  | { kind: 'except'; of: Condition; but: Condition };

export type Compare = Extract<Condition, { kind: 'compare' }>;

const mirrored: Readonly<Record<Comparison, Comparison>> = {
  '>': '<',
  '<': '>',
  '>=': '<=',
  '<=': '>=',
  '==': '==',
  '!=': '!=',
};

/** Aggregations that pass on what they hold where that is a condition: the rule fires when any of it does. */
const passing = new Set(['max', 'min', 'avg', 'sum', 'group', 'topk', 'bottomk', 'count']);
const absences = new Set(['absent', 'absent_over_time']);

/**
 * The condition of an alerting rule. A comparison that only keeps a divisor of another from being nothing (`and total > 0`) is marked as its
 * guard. Constants stand on the right.
 */
export function readRule(expression: PromExpression): Condition {
  const condition = conditionOf(expression);
  return condition.kind === 'all' ? { ...condition, of: withGuards(condition.of) } : condition;
}

function conditionOf(expression: PromExpression): Condition {
  if (expression.kind === 'binary') {
    const { op, left, right } = expression;
    if (isComparison(op))
      return left.kind === 'number' && right.kind !== 'number'
        ? { kind: 'compare', series: right, op: mirrored[op], threshold: left, guard: false }
        : { kind: 'compare', series: left, op, threshold: right, guard: false };
    if (op === 'unless') return { kind: 'except', of: conditionOf(left), but: conditionOf(right) };
    if (op === 'and' || op === 'or') return joined(op === 'and' ? 'all' : 'any', conditionOf(left), conditionOf(right));
  }
  if (expression.kind === 'call' && absences.has(expression.name) && expression.args[0] !== undefined)
    return { kind: 'absent', of: expression.args[0] };
  const inner = expression.kind === 'aggregate' && passing.has(expression.op) ? expression.args.at(-1) : undefined;
  return inner !== undefined && holdsCondition(inner) ? conditionOf(inner) : { kind: 'exists', series: expression };
}

/** Whether an expression is a condition itself and no bare value. */
function holdsCondition(expression: PromExpression): boolean {
  return (
    (expression.kind === 'binary' && (isComparison(expression.op) || isSetOperator(expression.op))) ||
    (expression.kind === 'call' && absences.has(expression.name)) ||
    (expression.kind === 'aggregate' && passing.has(expression.op) && partsOf(expression).some(holdsCondition))
  );
}

function joined(kind: 'all' | 'any', left: Condition, right: Condition): Condition {
  const parts = [left, right].flatMap((one) => (one.kind === kind ? one.of : [one]));
  return { kind, of: parts };
}

function withGuards(parts: readonly Condition[]): Condition[] {
  const divisors = new Set(parts.flatMap(expressionsOf).flatMap(divisorsOf));
  return parts.map((part) =>
    part.kind === 'compare' && isPresence(part) && divisors.has(plain(part.series)) ? { ...part, guard: true } : part,
  );
}

function isPresence({ op, threshold }: Compare): boolean {
  return threshold.kind === 'number' && threshold.value === 0 && (op === '>' || op === '!=' || op === '>=');
}

function expressionsOf(condition: Condition): PromExpression[] {
  if (condition.kind === 'compare') return [condition.series, condition.threshold];
  if (condition.kind === 'absent') return [condition.of];
  if (condition.kind === 'exists') return [condition.series];
  if (condition.kind === 'except') return [...expressionsOf(condition.of), ...expressionsOf(condition.but)];
  return condition.of.flatMap(expressionsOf);
}

function divisorsOf(expression: PromExpression): string[] {
  const within = partsOf(expression).flatMap(divisorsOf);
  return expression.kind === 'binary' && expression.op === '/' ? [...within, plain(expression.right)] : within;
}

/** The text without what does not matter: spaces and the order of a grouping. */
function plain({ text }: PromExpression): string {
  return text.replaceAll(/\s+/g, '');
}

/** The comparisons of a condition that are no guards, the leading one first. */
export function comparesOf(condition: Condition): Compare[] {
  if (condition.kind === 'compare') return condition.guard ? [] : [condition];
  if (condition.kind === 'except') return comparesOf(condition.of);
  return condition.kind === 'all' || condition.kind === 'any' ? condition.of.flatMap(comparesOf) : [];
}

/** Names of the metrics that a condition reads, each once, in order. */
export function metricsOf(condition: Condition): string[] {
  return [...new Set(expressionsOf(condition).flatMap((one) => selectorsOf(one).map(({ metric }) => metric)))].filter(
    (metric) => metric !== '',
  );
}
