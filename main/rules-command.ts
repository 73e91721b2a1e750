import { readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { explainRule } from '../detection/evidence/rules/explain-rule.ts';
import { CerebroError } from '../infra/runtime/errors.ts';

const ruleSchema = z
  .object({ alert: z.string().optional(), expr: z.coerce.string(), for: z.union([z.string(), z.number()]).optional() })
  .loose();
const groups = z.array(z.object({ rules: z.array(ruleSchema).nullish() }).loose());
const fileSchema = z.union([
  z.object({ groups }),
  // A PrometheusRule of the operator.
  z.object({ spec: z.object({ groups }) }).transform(({ spec }) => spec),
]);

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

function rulesIn(path: string): z.infer<typeof ruleSchema>[] {
  const text = readFileSync(path, 'utf8');
  const files = parseAllDocuments(text).flatMap((document) => {
    const error = document.errors[0];
    if (error !== undefined)
      throw new CerebroError('INPUT_INVALID', `${path} is no YAML: ${error.message.slice(0, 300)}`);
    const parsed = fileSchema.safeParse(document.toJS());
    return parsed.success ? [parsed.data] : [];
  });
  const rules = files.flatMap(({ groups: all }) => all.flatMap((group) => group.rules ?? []));
  if (rules.length === 0)
    throw new CerebroError('INPUT_INVALID', `${path} holds no alerting rules: groups with rules are expected.`);
  return rules.filter(({ alert }) => alert !== undefined);
}
