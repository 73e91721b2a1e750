import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { CerebroError } from '../infra/runtime/errors.ts';

const ruleSchema = z
  .object({
    alert: z.string().optional(),
    expr: z.coerce.string(),
    for: z.union([z.string(), z.number()]).optional(),
    annotations: z.record(z.string(), z.unknown()).optional(),
  })
  .loose();
/** A rule of a file: an alerting one has `alert`. */
export type WrittenRule = z.infer<typeof ruleSchema>;
const groups = z.array(z.object({ rules: z.array(ruleSchema).nullish() }).loose());
const fileSchema = z.union([
  z.object({ groups }),
  // A PrometheusRule of the operator.
  z.object({ spec: z.object({ groups }) }).transform(({ spec }) => spec),
]);

/** All rules of a Prometheus rule file, or of the operator's PrometheusRules, in their order; `path` is for the error. Throws INPUT_INVALID when it is no YAML; none where it is something else. */
export function readRuleFile(text: string, path: string): WrittenRule[] {
  const files = parseAllDocuments(text).flatMap((document) => {
    const error = document.errors[0];
    if (error !== undefined)
      throw new CerebroError('INPUT_INVALID', `${path} is no YAML: ${error.message.slice(0, 300)}`);
    const parsed = fileSchema.safeParse(document.toJS());
    return parsed.success ? [parsed.data] : [];
  });
  return files.flatMap(({ groups: all }) => all.flatMap((group) => group.rules ?? []));
}

/** A rule's expression with the texts of its annotations. */
export function textsOf({ expr, annotations = {} }: WrittenRule): { expr: string; texts: string[] } {
  return { expr, texts: Object.values(annotations).filter((one) => typeof one === 'string') };
}
