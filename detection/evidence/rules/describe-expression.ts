import { comparisonWords, describeArithmetic } from './describe-arithmetic.ts';
import { listed, nameMetric, nameSelector } from './name-series.ts';
import type { Phrase } from './phrase.ts';
import { innerWords, plainLabel, wholeUnit } from './phrase.ts';
import type { PromExpression } from './prom-expression.ts';
import { isComparison, isSetOperator, selectorsOf } from './prom-expression.ts';
import { short, spanWords } from './quantity-words.ts';

/** Describes any expression. Never throws; what has no words of its own is quoted. */
export function describeExpression(expression: PromExpression): Phrase {
  if (expression.kind === 'number') return { words: short(expression.value), scale: 1 };
  if (expression.kind === 'string') return { words: expression.value.slice(0, 80), scale: 1 };
  if (expression.kind === 'subquery') return { ...describeExpression(expression.of), windowMs: expression.rangeMs };
  if (expression.kind === 'call') return describeCall(expression);
  if (expression.kind === 'aggregate') return describeAggregate(expression);
  if (expression.kind === 'binary') return describeBinary(expression);
  const { unit, scale } = nameMetric(expression.metric);
  return {
    words: `${nameSelector(expression)}${agoWords(expression.offsetMs)}`,
    unit,
    scale,
    ...(expression.rangeMs === undefined ? {} : { windowMs: expression.rangeMs }),
  };
}

/** A comparison within a value keeps what fits it; of `and` the value is the left side's. */
function describeBinary(binary: Extract<PromExpression, { kind: 'binary' }>): Phrase {
  const { op, left, right } = binary;
  if (isComparison(op)) {
    const of = describeExpression(left);
    return { ...of, words: `${of.words} ${comparisonWords(op, right, { of, describe: describeExpression })}` };
  }
  if (!isSetOperator(op)) return describeArithmetic(binary, describeExpression);
  const of = describeExpression(left);
  return op === 'or' ? { ...of, words: `${of.words} or ${describeExpression(right).words}` } : of;
}

function agoWords(offsetMs: number | undefined): string {
  return offsetMs === undefined || offsetMs === 0 ? '' : ` ${spanWords(offsetMs / 1_000)} ago`;
}

type Call = Extract<PromExpression, { kind: 'call' }>;

const overTime: Readonly<Record<string, string>> = {
  avg_over_time: 'the mean of',
  max_over_time: 'the highest of',
  min_over_time: 'the lowest of',
  sum_over_time: 'the sum of',
  count_over_time: 'the number of samples of',
  last_over_time: 'the last of',
  first_over_time: 'the first of',
  stddev_over_time: 'the standard deviation of',
  stdvar_over_time: 'the variance of',
  present_over_time: 'the presence of',
  mad_over_time: 'the median deviation of',
  delta: 'the change of',
  idelta: 'the last change of',
  deriv: 'the slope per second of',
  changes: 'the number of changes of',
  resets: 'the number of resets of',
};
/** Of these the unit is not that of what they are taken of. */
const counting = new Set(['count_over_time', 'stdvar_over_time', 'present_over_time', 'changes', 'resets', 'deriv']);
const silent = new Set(['clamp_min', 'clamp_max', 'clamp', 'floor', 'ceil', 'round', 'sort', 'sort_desc', 'scalar', 'vector', 'label_replace', 'label_join']); // prettier-ignore
const calendar: Readonly<Record<string, string>> = {
  hour: 'the hour of the day (UTC)',
  minute: 'the minute of the hour (UTC)',
  day_of_week: 'the day of the week (UTC, Sunday is 0)',
  day_of_month: 'the day of the month (UTC)',
  month: 'the month (UTC)',
  year: 'the year (UTC)',
};

function describeCall(call: Call): Phrase {
  const { name, args } = call;
  const last = args.find((one) => selectorsOf(one).length > 0) ?? args.at(-1);
  if (name === 'time') return { words: 'now', unit: 'timestamp', scale: 1 };
  if (calendar[name] !== undefined) return { words: calendar[name], scale: 1 };
  if (name.startsWith('histogram_') && name.includes('quantile')) return describeQuantile(call);
  if (last === undefined) return { words: call.text.slice(0, 120), scale: 1 };
  const of = describeExpression(last);
  if (name === 'rate' || name === 'irate') return { ...of, form: 'rate' };
  if (name === 'increase') return { ...of, form: 'increase' };
  if (silent.has(name)) return of;
  const words = overTime[name];
  if (words !== undefined) {
    const made: Phrase = { ...of, words: `${words} ${innerWords(of)}`, form: undefined };
    if (counting.has(name)) return bare(made, name === 'deriv' ? of.scale : 1);
    return made;
  }
  if (name === 'predict_linear') return describeForecast(of, args);
  if (name === 'quantile_over_time') return { ...of, words: `${percentile(args[0])} of ${innerWords(of)}` };
  if (name === 'abs') return { ...of, words: `the size of ${innerWords(of)}` };
  if (name === 'timestamp')
    return { words: `the time of the last sample of ${innerWords(of)}`, unit: 'timestamp', scale: 1 };
  if (name === 'absent' || name === 'absent_over_time') return { words: `the absence of ${innerWords(of)}`, scale: 1 };
  return { ...bare(of, 1), words: `${name.replaceAll('_', ' ')} of ${innerWords(of)}` };
}

function bare(phrase: Phrase, scale: number): Phrase {
  return { ...phrase, scale, unit: undefined };
}

function describeForecast(of: Phrase, [, ahead]: readonly PromExpression[]): Phrase {
  const when = ahead?.kind === 'number' ? ` ${spanWords(ahead.value)}` : '';
  const trend = of.windowMs === undefined ? '' : ` as in the last ${spanWords(of.windowMs / 1_000)}`;
  const made: Phrase = { ...of, words: `${of.words} in${when}, going on${trend},` };
  delete made.windowMs;
  return made;
}

function percentile(share: PromExpression | undefined): string {
  if (share?.kind !== 'number') return 'a percentile';
  const rank = short(share.value * 100);
  return share.value === 0.5 ? 'the median' : `the ${rank}th percentile`;
}

function describeQuantile({ args }: Call): Phrase {
  const share = args.find(({ kind }) => kind === 'number');
  const [selector] = args.flatMap((one) => selectorsOf(one));
  const buckets = args.find((one) => selectorsOf(one).length > 0);
  if (selector === undefined || buckets === undefined) return { words: percentile(share), scale: 1 };
  const { unit, scale } = nameMetric(selector.metric);
  const within = describeExpression(buckets);
  const per = (within.per ?? []).filter((label) => label !== 'le');
  return {
    words: `${percentile(share)} of ${nameSelector(selector)}`,
    unit,
    scale,
    ...(within.windowMs === undefined ? {} : { windowMs: within.windowMs }),
    ...(per.length === 0 ? {} : { per }),
  };
}

type Aggregate = Extract<PromExpression, { kind: 'aggregate' }>;

const aggregations: Readonly<Record<string, string>> = {
  sum: 'the sum of',
  avg: 'the mean of',
  max: 'the highest of',
  min: 'the lowest of',
  count: 'the number of series of',
  stddev: 'the standard deviation of',
  stdvar: 'the variance of',
  group: 'any',
  count_values: 'the number of series with each value of',
};

function describeAggregate({ op, by, without, args }: Aggregate): Phrase {
  const last = args.at(-1);
  if (last === undefined) return { words: op, scale: 1 };
  const of = describeExpression(last);
  const per = by ?? of.per;
  const made: Phrase = { ...of, ...(per === undefined ? {} : { per }) };
  const rest =
    without === undefined || without.length === 0 ? '' : ` over all ${listed(without.map(plainLabel), 'and')}`;
  const first = args[0];
  if (op === 'topk' || op === 'bottomk' || op === 'limitk') {
    const count = first?.kind === 'number' ? short(first.value) : 'some';
    return { ...made, words: `the ${count} ${op === 'bottomk' ? 'lowest' : 'highest'} of ${innerWords(of)}` };
  }
  // A sum of what was counted is what was counted in all.
  if (op === 'sum' && of.form !== undefined) return { ...made, words: `${of.words}${rest}` };
  const words = op === 'quantile' ? `${percentile(first)} of` : (aggregations[op] ?? `${op} of`);
  if (op === 'count' || op === 'count_values' || op === 'group') {
    return { ...bare(made, 1), form: undefined, words: `${words} ${innerWords(of)}${rest}` };
  }
  if (of.form === undefined) return { ...made, words: `${words} ${of.words}${rest}` };
  return { ...made, words: `${words} ${innerWords(of)}${rest}`, unit: wholeUnit(of), form: undefined };
}
