/** One label matcher of a selector, as written: `code=~"5.."`. */
export interface Matcher {
  label: string;
  op: '=' | '!=' | '=~' | '!~';
  value: string;
}

/** How labels are matched between the two sides of an operator. */
export interface Matching {
  kind: 'on' | 'ignoring';
  labels: string[];
}

export type Comparison = '==' | '!=' | '>' | '<' | '>=' | '<=';
export type SetOperator = 'and' | 'or' | 'unless';
export type Arithmetic = '+' | '-' | '*' | '/' | '%' | '^' | 'atan2';

interface Placed {
  /** The expression's own text, as it can be queried. */
  text: string;
}

/** A PromQL expression as a tree. Constant arithmetic is worked out: `86400 * 7` is one number. Parentheses are gone. */
export type PromExpression = Placed &
  (
    | { kind: 'number'; value: number }
    | { kind: 'string'; value: string }
    | { kind: 'selector'; metric: string; matchers: Matcher[]; rangeMs?: number; offsetMs?: number }
    | { kind: 'subquery'; of: PromExpression; rangeMs: number }
    | { kind: 'call'; name: string; args: PromExpression[] }
    | { kind: 'aggregate'; op: string; by?: string[]; without?: string[]; args: PromExpression[] }
    | {
        kind: 'binary';
        op: Comparison | SetOperator | Arithmetic;
        left: PromExpression;
        right: PromExpression;
        matching?: Matching;
        /** Of the result of a comparison 0 or 1 instead of the value. */
        bool: boolean;
      }
  );

export type Selector = Extract<PromExpression, { kind: 'selector' }>;

const comparisons = new Set<string>(['==', '!=', '>', '<', '>=', '<=']);
const setOperators = new Set<string>(['and', 'or', 'unless']);

export function isComparison(op: string): op is Comparison {
  return comparisons.has(op);
}

export function isSetOperator(op: string): op is SetOperator {
  return setOperators.has(op);
}

/** The parts of an expression, one level down. */
export function partsOf(expression: PromExpression): readonly PromExpression[] {
  if (expression.kind === 'binary') return [expression.left, expression.right];
  if (expression.kind === 'call' || expression.kind === 'aggregate') return expression.args;
  return expression.kind === 'subquery' ? [expression.of] : [];
}

/** All selectors within, in the order of the text. */
export function selectorsOf(expression: PromExpression): Selector[] {
  return expression.kind === 'selector' ? [expression] : partsOf(expression).flatMap(selectorsOf);
}
