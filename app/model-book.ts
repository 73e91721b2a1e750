import { z } from 'zod';
import type { ModelBook, ModelSummary } from '../bots/console/server/console-deps.ts';
import type { ModelVersion } from '../detection/lifecycle/registry/model-version.ts';
import type { ModelRegistry } from '../detection/lifecycle/registry/open-registry.ts';

const sample = z.tuple([z.number(), z.number()]);
const curveFile = z.object({
  entity: z.string(),
  column: z.string(),
  threshold: z.number(),
  scores: z.array(sample),
  values: z.array(sample),
});
const confusion = z.object({
  truePositive: z.number(),
  falsePositive: z.number(),
  falseNegative: z.number(),
  trueNegative: z.number(),
});
const reportFile = z.object({
  models: z.array(
    z.object({
      role: z.string(),
      importance: z.array(z.object({ feature: z.string(), share: z.number() })),
      holdout: z.object({ confusion }).optional(),
    }),
  ),
});

/** The registry as the console shows it. */
export function createModelBook(registry: ModelRegistry): ModelBook {
  const json = (version: ModelVersion, file: string): unknown =>
    JSON.parse(Buffer.from(registry.read(version, file)).toString());
  return {
    list: () => registry.list().map(summaryOf),
    card(name, number) {
      const version = registry.get(name, number);
      const curve =
        version.files['scores.json'] === undefined
          ? { entity: '', column: '', threshold: 1, scores: [], values: [] }
          : curveFile.parse(json(version, 'scores.json'));
      const models =
        version.files['report.json'] === undefined ? [] : reportFile.parse(json(version, 'report.json')).models;
      const measured = models.find(({ role }) => role === version.role);
      return {
        ...summaryOf(version),
        lineage: version.lineage,
        options: version.options,
        importance: measured?.importance ?? [],
        ...(measured?.holdout === undefined ? {} : { confusion: measured.holdout.confusion }),
        threshold: curve.threshold,
        curve,
        events: registry.events(name),
      };
    },
  };
}

function summaryOf({ name, version, stage, role, method, createdAt, aliases, metrics }: ModelVersion): ModelSummary {
  return { name, version, stage, role, method, createdAt, aliases, metrics };
}
