import { readFileSync } from 'node:fs';
import { explainRule } from '../detection/evidence/rules/explain-rule.ts';
import { CerebroError } from '../infra/runtime/errors.ts';
import type { WrittenRule } from './read-rule-file.ts';
import { readRuleFile } from './read-rule-file.ts';

/**
 * Explains the alerting rules of a Prometheus rule file (or of the operator's PrometheusRule), one line and the first evidence of each; with
 * `json` as data. Throws INPUT_INVALID when the file is no rule file.
 */
export function explainRules(path: string, { json }: { json?: boolean }, say: (text: string) => void): void {
  const told = rulesIn(path).map((rule) => ({
    alert: rule.alert ?? '',
    expr: rule.expr,
    for: rule.for,
    explained: explainRule(rule.expr, rule),
  }));
  if (json === true) {
    const data = told.map(({ explained, ...rule }) => ({
      ...rule,
      ...(explained === undefined
        ? { read: false }
        : { read: true, line: explained.line, metrics: explained.metrics, evidence: explained.evidence }),
    }));
    say(`${JSON.stringify(data, undefined, 2)}\n`);
    return;
  }
  for (const { alert, expr, explained } of told) {
    say(`${alert}\n`);
    if (explained === undefined) say(`  this is no PromQL that can be read: ${expr.slice(0, 200)}\n`);
    else {
      say(`  ${explained.line}\n`);
      for (const { series, op, threshold, thresholdSeries } of explained.evidence)
        say(
          `  looks at: ${series.replaceAll(/\s+/g, ' ')}   ${op} ${threshold ?? thresholdSeries?.replaceAll(/\s+/g, ' ') ?? ''}\n`,
        );
    }
  }
  const read = told.filter(({ explained }) => explained !== undefined).length;
  say(`${read} of ${told.length} rules read.\n`);
}

function rulesIn(path: string): WrittenRule[] {
  const rules = readRuleFile(readFileSync(path, 'utf8'), path);
  if (rules.length === 0)
    throw new CerebroError('INPUT_INVALID', `${path} holds no alerting rules: groups with rules are expected.`);
  return rules.filter(({ alert }) => alert !== undefined);
}
