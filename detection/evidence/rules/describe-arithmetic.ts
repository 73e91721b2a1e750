import type { Phrase } from './phrase.ts';
import { innerWords, wholeUnit, wholeWords } from './phrase.ts';
import type { Comparison, PromExpression } from './prom-expression.ts';
import { selectorsOf } from './prom-expression.ts';
import { quantityWords, short } from './quantity-words.ts';

type Binary = Extract<PromExpression, { kind: 'binary' }>;
/** How the parts of an expression are described. */
export type Describe = (expression: PromExpression) => Phrase;

const verbs: Readonly<Record<Comparison, string>> = {
  '>': 'above',
  '>=': 'at least',
  '<': 'below',
  '<=': 'at most',
  '==': '',
  '!=': 'not',
};

/** What stands behind the subject of a comparison: "is above 5 %", in the unit of what is compared. */
export function comparisonWords(
  op: Comparison,
  threshold: PromExpression,
  how: { of: Phrase; describe: Describe },
): string {
  const { of, describe } = how;
  const said = (): string => {
    if (threshold.kind !== 'number') return shareOf(threshold, describe) ?? wholeWords(describe(threshold));
    const unit = wholeUnit(of);
    return quantityWords(unit === undefined ? threshold.value : threshold.value * of.scale, unit);
  };
  return ['is', verbs[op], said()].filter((word) => word !== '').join(' ');
}

/** `limit * 0.8` as "80 % of limit". */
function shareOf(threshold: PromExpression, describe: Describe): string | undefined {
  if (threshold.kind === 'aggregate' && threshold.args.length === 1 && threshold.args[0] !== undefined)
    return shareOf(threshold.args[0], describe);
  if (threshold.kind !== 'binary' || threshold.op !== '*') return undefined;
  const [number, other] =
    threshold.right.kind === 'number' ? [threshold.right, threshold.left] : [threshold.left, threshold.right];
  if (number.kind !== 'number' || other.kind === 'number') return undefined;
  const words = wholeWords(describe(other));
  return number.value <= 1.5
    ? `${quantityWords(number.value, 'ratio')} of ${words}`
    : `${short(number.value)} times ${words}`;
}

/** Words for arithmetic: shares, means, times since, scalings. */
export function describeArithmetic(binary: Binary, describe: Describe): Phrase {
  const { op, left, right } = binary;
  if (op === '*' && (left.kind === 'number' || right.kind === 'number')) {
    const [number, other] = left.kind === 'number' ? [left.value, right] : [numberOf(right), left];
    return scaled(describe(other), number);
  }
  if (op === '/' && right.kind === 'number') return scaled(describe(left), 1 / right.value);
  if (op === '/') return quotient({ left, right, describe });
  if (op === '-') return difference({ left, right, describe });
  if (op === '+' || op === '*') return joined(op === '+' ? 'plus' : 'times', { left, right, describe });
  const words = op === '%' ? 'modulo' : op === '^' ? 'to the power of' : op;
  return joined(words, { left, right, describe });
}

interface Pair {
  left: PromExpression;
  right: PromExpression;
  describe: Describe;
}

function numberOf(expression: PromExpression): number {
  return expression.kind === 'number' ? expression.value : Number.NaN;
}

/** A quantity brought to another unit: by 100 a ratio is in percent; what has no unit is said with its factor. */
function scaled(of: Phrase, factor: number): Phrase {
  const unit = wholeUnit(of);
  if (unit !== undefined && unit !== 'timestamp') return { ...of, scale: of.scale / factor };
  if (of.form === 'rate' && factor === 60) return { ...of, form: undefined, words: `${of.words} per minute` };
  if (of.form !== undefined && factor === 8) return { ...of, words: `bits of ${of.words}` };
  if (factor === -1) return { ...of, words: `minus ${of.words}` };
  // A hundred times a plain level that is compared with percents.
  if (factor === 100) return { ...of, unit: 'ratio', scale: of.scale / 100 };
  return {
    ...of,
    words: factor < 1 ? `${of.words} divided by ${short(1 / factor)}` : `${of.words} times ${short(factor)}`,
  };
}

/** Window and grouping where both sides have the same or one has none; else they are said within. */
function carried(
  left: Phrase,
  right: Phrase,
): { context: Pick<Phrase, 'windowMs' | 'per'>; left: string; right: string } {
  const sameWindow = left.windowMs === right.windowMs || left.windowMs === undefined || right.windowMs === undefined;
  const windowMs = sameWindow ? (left.windowMs ?? right.windowMs) : undefined;
  const per = left.per ?? right.per;
  const own = (one: Phrase): string =>
    `${one.words}${sameWindow || one.windowMs === undefined ? '' : ` over ${quantityWords(one.windowMs / 1_000, 'seconds')}`}`;
  return {
    context: { ...(windowMs === undefined ? {} : { windowMs }), ...(per === undefined ? {} : { per }) },
    left: own(left),
    right: own(right),
  };
}

function quotient({ left: top, right: bottom, describe }: Pair): Phrase {
  const [left, right] = [describe(top), describe(bottom)];
  const { context, left: over, right: under } = carried(left, right);
  const [sum, count] = [partOf(top, '_sum'), partOf(bottom, '_count')];
  if (sum !== undefined && sum === count) {
    const unit = left.unit;
    return { ...context, words: `the mean of ${over}`, ...(unit === undefined ? {} : { unit }), scale: left.scale };
  }
  const alike =
    left.form === right.form && (left.unit === right.unit || left.unit === undefined || right.unit === undefined);
  if (alike && left.unit !== 'timestamp')
    return { ...context, words: shareWords(over, under), unit: 'ratio', scale: left.scale / right.scale };
  const [above, below] = [innerWords({ ...left, words: over }), innerWords({ ...right, words: under })];
  // A rate against a level of the same unit, such as bytes a second against a speed, is a share as well.
  return left.unit !== undefined && left.unit === right.unit
    ? { ...context, words: shareWords(above, below), unit: 'ratio', scale: left.scale / right.scale }
    : { ...context, words: `${above} per ${below}`, scale: 1 };
}

/** Of sums the share is told without saying twice that they are sums. */
function shareWords(over: string, under: string): string {
  const sum = /^the sum of /;
  return sum.test(over) && sum.test(under)
    ? `the share of ${over.replace(sum, '')} in ${under.replace(sum, 'all ')}`
    : `the share of ${over} in ${under}`;
}

/** The stem of the only metric within, where it ends in `_sum` or `_count`. */
function partOf(expression: PromExpression, suffix: string): string | undefined {
  const metrics = [...new Set(selectorsOf(expression).map(({ metric }) => metric))];
  const [only] = metrics;
  return metrics.length === 1 && only?.endsWith(suffix) === true ? only.slice(0, -suffix.length) : undefined;
}

function difference(pair: Pair): Phrase {
  const { left: first, right: second, describe } = pair;
  const [left, right] = [describe(first), describe(second)];
  const { context, left: from, right: less } = carried(left, right);
  if (left.unit === 'timestamp' || right.unit === 'timestamp' || isNow(first) || isNow(second)) {
    if (isNow(first))
      return {
        ...context,
        words: `the time since ${less}`,
        unit: 'seconds',
        scale: right.unit === 'timestamp' ? 1 : right.scale,
      };
    if (isNow(second)) return { ...context, words: `the time until ${from}`, unit: 'seconds', scale: 1 };
    return { ...context, words: `the time from ${less} to ${from}`, unit: 'seconds', scale: 1 };
  }
  if (first.kind === 'number' && first.value === 1)
    return { ...right, words: `all but ${right.words}`, unit: 'ratio', form: undefined };
  if (first.kind === 'number' && first.value === 100) return { ...right, words: `100 % less ${right.words}` };
  if (second.kind === 'number' && second.value === 1 && left.unit === 'ratio')
    return { ...left, words: `the change by ${left.words}, less 1,` };
  if (same(first, second)) return { ...left, words: `the change of ${from} against ${less}` };
  return joined('minus', pair);
}

function isNow({ text }: PromExpression): boolean {
  return text.replaceAll(/\s+/g, '') === 'time()';
}

/** The same metric twice, as when now is set against before. */
function same(first: PromExpression, second: PromExpression): boolean {
  const names = (of: PromExpression): string =>
    selectorsOf(of)
      .map(({ metric }) => metric)
      .join();
  return (
    names(first) !== '' &&
    names(first) === names(second) &&
    selectorsOf(second).some(({ offsetMs }) => offsetMs !== undefined)
  );
}

function joined(word: string, { left: first, right: second, describe }: Pair): Phrase {
  const [left, right] = [describe(first), describe(second)];
  const { context, left: one, right: other } = carried(left, right);
  const form = left.form === right.form ? left.form : undefined;
  const sides =
    form === left.form && form === right.form
      ? { one, other }
      : { one: innerWords({ ...left, words: one }), other: innerWords({ ...right, words: other }) };
  const unit = left.unit ?? right.unit;
  const said = (phrase: Phrase, words: string, of: PromExpression): string =>
    of.kind === 'number' && unit !== undefined
      ? quantityWords(of.value * phrase.scale * (left.unit === undefined ? right.scale : left.scale), unit)
      : words;
  return {
    ...context,
    words: `${said(left, sides.one, first)} ${word} ${said(right, sides.other, second)}`,
    ...(unit === undefined || word === 'times' ? {} : { unit }),
    scale: left.unit === undefined ? right.scale : left.scale,
    form,
  };
}
