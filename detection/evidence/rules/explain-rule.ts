import { describeCondition } from './describe-condition.ts';
import { describeExpression } from './describe-expression.ts';
import type { RuleUnit } from './name-series.ts';
import { wholeUnit } from './phrase.ts';
import { durationMsOf, parseExpression } from './parse-expression.ts';
import type { Comparison, PromExpression } from './prom-expression.ts';
import { selectorsOf } from './prom-expression.ts';
import { spanWords } from './quantity-words.ts';
import type { Condition } from './read-rule.ts';
import { comparesOf, metricsOf, readRule } from './read-rule.ts';

/** What a rule looks at first: a series to query and the line that it must cross. */
export interface FirstEvidence {
  /** An expression to query: the series without its comparison. */
  series: string;
  op: Comparison;
  /** The line, in the unit of the series as written; absent where another series is the line. */
  threshold?: number;
  thresholdSeries?: string;
  /** What a value is, with what brings it to base units. */
  unit?: RuleUnit;
  scale: number;
  /** The metric that is read first, for whoever wants to know what it measures. */
  metric: string;
}

/** A rule in words, with its condition as a tree and its first evidence, one for each comparison, the leading one first. */
export interface ExplainedRule {
  line: string;
  condition: Condition;
  evidence: FirstEvidence[];
  metrics: string[];
  /** Labels that the selectors set outright, the first of each: whom the rule is about. */
  named: Record<string, string>;
  forMs: number;
}

/** An alerting rule as files and APIs hold it; `for` is a duration as written, or seconds. */
export interface RuleText {
  for?: string | number | undefined;
}

/**
 * Explains an alerting rule: one line, and what to query first. Undefined when the expression is no PromQL. Cost linear in its length; never
 * throws. Names of metrics and labels come from outside: the line quotes them, cut.
 */
export function explainRule(expr: string, rule: RuleText = {}): ExplainedRule | undefined {
  const expression = parseExpression(expr);
  if (expression === undefined) return undefined;
  const condition = readRule(expression);
  const forMs = typeof rule.for === 'number' ? rule.for * 1_000 : durationMsOf(rule.for ?? '');
  const held = forMs === 0 ? 'as soon as' : `when, for ${spanWords(forMs / 1_000)},`;
  return {
    line: `fires ${held} ${describeCondition(condition)}`.slice(0, 700),
    condition,
    evidence: evidenceOf(condition, expression),
    metrics: metricsOf(condition),
    named: namedIn(expression),
    forMs,
  };
}

function namedIn(expression: PromExpression): Record<string, string> {
  const matchers = selectorsOf(expression).flatMap((selector) => selector.matchers.filter(({ op }) => op === '='));
  return Object.fromEntries(matchers.toReversed().map(({ label, value }) => [label, value]));
}

function evidenceOf(condition: Condition, whole: PromExpression): FirstEvidence[] {
  const compared = comparesOf(condition).map(({ series, op, threshold }): FirstEvidence => {
    const phrase = describeExpression(series);
    const unit = wholeUnit(phrase);
    return {
      series: series.text,
      op,
      ...(threshold.kind === 'number' ? { threshold: threshold.value } : { thresholdSeries: threshold.text }),
      ...(unit === undefined ? {} : { unit }),
      scale: unit === undefined ? 1 : phrase.scale,
      metric: selectorsOf(series)[0]?.metric ?? '',
    };
  });
  if (compared.length > 0) return compared.slice(0, 6);
  // What is absent, or there at all, is its own evidence: the expression has a value while it holds.
  return [{ series: whole.text, op: '>', threshold: 0, scale: 1, metric: selectorsOf(whole)[0]?.metric ?? '' }];
}
