import { comparisonWords } from './describe-arithmetic.ts';
import { describeExpression } from './describe-expression.ts';
import { listed } from './name-series.ts';
import { wholeWords } from './phrase.ts';
import type { Comparison, PromExpression } from './prom-expression.ts';
import { isComparison, selectorsOf } from './prom-expression.ts';
import { quantityWords } from './quantity-words.ts';
import type { Compare, Condition } from './read-rule.ts';

/** A condition in words: "the share of http requests with code 5xx in http requests, per job, over 5 minutes, is above 5 %". */
export function describeCondition(condition: Condition): string {
  if (condition.kind === 'compare') return compareWords(condition);
  if (condition.kind === 'absent') return absentWords(condition.of);
  if (condition.kind === 'exists') return `there is ${wholeWords(describeExpression(condition.series))}`;
  if (condition.kind === 'except')
    return `${describeCondition(condition.of)}, unless ${describeCondition(condition.but)}`;
  const told = condition.of.filter((one) => one.kind !== 'compare' || !one.guard);
  return listed(told.map(describeCondition), condition.kind === 'all' ? 'and' : 'or');
}

function compareWords({ series, op, threshold }: Compare): string {
  const phrase = describeExpression(series);
  const comma = phrase.windowMs !== undefined || (phrase.per?.length ?? 0) > 0 ? ',' : '';
  const is = comparisonWords(op, threshold, { of: phrase, describe: describeExpression });
  return `${wholeWords(phrase)}${comma} ${is}${stateWords(series, op, threshold)}`;
}

const goodStates = new Set('up ok healthy ready success successful active alive running connected unsealed synced enabled leader available'.split(' ')); // prettier-ignore

/** What 0 of a state means: `pg_up == 0` is "not up". */
function stateWords(series: PromExpression, op: Comparison, threshold: PromExpression): string {
  const [only, more] = selectorsOf(series);
  if (only === undefined || more !== undefined || threshold.kind !== 'number' || series.kind !== 'selector') return '';
  const last = only.metric.split(/[_:]/).at(-1)?.toLowerCase() ?? '';
  if (!goodStates.has(last)) return '';
  const { value } = threshold;
  const isNot =
    (op === '==' && value === 0) ||
    (op === '!=' && value === 1) ||
    (op === '<' && value === 1) ||
    (op === '<=' && value === 0);
  return isNot ? ` (${last === 'success' ? 'no' : 'not'} ${last})` : '';
}

function absentWords(of: PromExpression): string {
  if (of.kind === 'binary' && isComparison(of.op)) return `no series of ${describeExpression(of).words}`;
  const phrase = describeExpression(of);
  const over = phrase.windowMs === undefined ? '' : `, over ${quantityWords(phrase.windowMs / 1_000, 'seconds')}`;
  return `there is no series of ${phrase.words}${over}`;
}
