import { parseExpression } from '../rules/parse-expression.ts';
import type { PromExpression } from '../rules/prom-expression.ts';
import { isComparison, selectorsOf } from '../rules/prom-expression.ts';
import type { MetricHints, MetricUse } from './metric-hints.ts';

/** One rule as written: its expression, and the texts of an alert. */
export interface RuleText {
  expr: string;
  texts?: readonly string[];
}

type Binary = Extract<PromExpression, { kind: 'binary' }>;

/** A metric as it stands in an expression: counted by a rate, or read as it is. An empty name is the clock. */
interface Operand {
  metric: string;
  counted: boolean;
}

/** One comparison of a rule: what stands above and below on its left side, and its right side. */
interface Comparison {
  op: string;
  above: readonly Operand[];
  below: readonly Operand[];
  right: PromExpression;
}

const counting = new Set(['rate', 'irate', 'increase', 'resets']);
const levelling = new Set(['delta', 'idelta', 'deriv', 'predict_linear', 'double_exponential_smoothing']);
const mostTexts = 8;

/**
 * The metrics that rules name, in order of name, with how the rules use each (counted, divided by which, compared on which side, with which labels) and
 * which others there are. Rules that do not parse are left out. Linear in the rules' text.
 */
export function metricsOfRules(rules: readonly RuleText[]): Map<string, MetricHints> {
  const uses = new Map<string, MetricUse>();
  for (const { expr, texts = [] } of rules) {
    const tree = parseExpression(expr);
    if (tree === undefined) continue;
    const labels = new Set(labelsOf(tree));
    for (const [, label = ''] of texts
      .join(' ')
      .slice(0, 4_000)
      .matchAll(/\$labels\.([a-zA-Z_]\w*)/g))
      labels.add(label);
    for (const { metric, matchers } of selectorsOf(tree)) {
      if (metric === '') continue;
      const use = useOf(uses, metric);
      use.quantiled ||= matchers.some(({ label }) => label === 'quantile');
      use.labels = [...new Set([...use.labels, ...labels])];
      use.texts = [...use.texts, ...texts.map((text) => text.slice(0, 300))].slice(0, mostTexts);
    }
    readUses(tree, uses);
  }
  const others = new Set(uses.keys());
  return new Map(
    [...uses].sort(([left], [right]) => (left < right ? -1 : 1)).map(([metric, use]) => [metric, { use, others }]),
  );
}

function useOf(uses: Map<string, MetricUse>, metric: string): MetricUse {
  let use = uses.get(metric);
  if (use === undefined) {
    use = {
      counted: false,
      levelled: false,
      clocked: false,
      bucketed: false,
      quantiled: false,
      dividedBy: [],
      alarms: [],
      equals: [],
      labels: [],
      texts: [],
    };
    uses.set(metric, use);
  }
  return use;
}

/** The labels by which an expression groups and joins. */
function labelsOf(tree: PromExpression): string[] {
  if (tree.kind === 'aggregate') return [...(tree.by ?? []), ...tree.args.flatMap(labelsOf)];
  if (tree.kind === 'call') return tree.args.flatMap(labelsOf);
  if (tree.kind !== 'binary') return tree.kind === 'subquery' ? labelsOf(tree.of) : [];
  const joined = tree.matching?.kind === 'on' ? tree.matching.labels : [];
  return [...joined, ...labelsOf(tree.left), ...labelsOf(tree.right)];
}

function readUses(root: PromExpression, uses: Map<string, MetricUse>): void {
  const divisors = new Set<string>();
  const read = (tree: PromExpression): Operand[] => {
    if (tree.kind === 'selector') return tree.metric === '' ? [] : [{ metric: tree.metric, counted: false }];
    if (tree.kind === 'call') return readCall(tree.name, tree.args.flatMap(read));
    if (tree.kind === 'aggregate') return tree.args.flatMap(read);
    if (tree.kind === 'subquery') return read(tree.of);
    return tree.kind === 'binary' ? readBinary(tree) : [];
  };
  const readCall = (name: string, inside: readonly Operand[]): Operand[] => {
    if (name === 'time' || name === 'now') return [{ metric: '', counted: false }];
    for (const { metric } of inside) {
      if (metric === '') continue;
      const use = useOf(uses, metric);
      use.counted ||= counting.has(name);
      use.levelled ||= levelling.has(name);
      use.bucketed ||= name === 'histogram_quantile';
    }
    return counting.has(name) ? inside.map(({ metric }) => ({ metric, counted: true })) : [...inside];
  };
  const readBinary = ({ op, left, right }: Binary): Operand[] => {
    const [above, below] = [read(left), read(right)];
    if (op === '/') divide(above, below, right.kind === 'binary' && right.op === '+');
    else if (op === '-') clock(above, below);
    else if (isComparison(op)) compare({ op, above, below, right });
    return [...above, ...below];
  };
  const divide = (above: readonly Operand[], below: readonly Operand[], added: boolean): void => {
    for (const { metric } of below) divisors.add(metric);
    for (const { metric, counted } of above) {
      const rest = added && below.some((one) => one.metric === metric);
      const other = below.find((one) => one.metric !== metric) ?? below[0];
      // A rate over a rate is a share of calls, no use of a limit.
      if (metric === '' || other === undefined || other.metric === '' || other.counted || (counted && rest)) continue;
      hold(metric, other.metric, rest);
    }
  };
  const hold = (metric: string, most: string, rest: boolean): void => {
    const use = useOf(uses, metric);
    if (use.dividedBy.every((one) => one.metric !== most)) use.dividedBy.push({ metric: most, rest });
    if (!rest && metric !== most) useOf(uses, most).divides ??= metric;
  };
  /** `time() - x`, and `x - time()`. */
  const clock = (above: readonly Operand[], below: readonly Operand[]): void => {
    const [left, right] = [above, below].map((side) => side.some(({ metric }) => metric === ''));
    const moments = left === true ? below : right === true ? above : [];
    for (const { metric } of moments) if (metric !== '') useOf(uses, metric).clocked = true;
  };
  const compare = (seen: Comparison): void => {
    const { op, above, right } = seen;
    const [first] = above;
    if (first === undefined || first.metric === '') return;
    if (op === '==' || op === '!=') {
      if (above.length === 1 && right.kind === 'number') useOf(uses, first.metric).equals.push(right.value);
      return;
    }
    // `x / most > 0.8 and most > 0` guards against a division by nothing.
    if (divisors.has(first.metric)) return;
    useOf(uses, first.metric).alarms.push(op.startsWith('>') ? 'above' : 'below');
    if (op === '<' && above.length === 1 && right.kind === 'number' && right.value === 1)
      useOf(uses, first.metric).equals.push(0);
    compareWithLimit(seen, first);
  };
  /** `used > 0.8 * most` */
  const compareWithLimit = ({ op, above, below, right }: Comparison, first: Operand): void => {
    const [other] = below;
    if (other === undefined || below.length > 1 || other.metric === '' || other.metric === first.metric) return;
    useOf(uses, other.metric).alarms.push(op.startsWith('>') ? 'below' : 'above');
    if (op.startsWith('>') && right.kind !== 'selector' && above.length === 1 && !first.counted && !other.counted)
      hold(first.metric, other.metric, false);
  };
  read(root);
}
