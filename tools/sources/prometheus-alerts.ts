import { z } from 'zod';
import type { EntityId } from '../../domain/entity.ts';
import { isoOf } from '../../infra/runtime/clock.ts';
import type { FiringAlert } from './source.ts';

const texts = z.record(z.string(), z.string()).catch({});
const rules = z.object({
  groups: z.array(
    z
      .object({
        rules: z.array(
          z
            .object({
              name: z.string().catch(''),
              query: z.string().catch(''),
              duration: z.coerce.number().catch(0),
              labels: texts,
              annotations: texts,
              alerts: z
                .array(z.object({ labels: texts, annotations: texts, state: z.string(), activeAt: z.string() }).loose())
                .nullish()
                .catch([]),
            })
            .loose(),
        ),
      })
      .loose(),
  ),
});

/**
 * The firing alerts of `/api/v1/rules` with their rules' expressions, the longest firing first; those that only wait are left out. Undefined
 * when the data is of another form.
 */
export function readAlertRules(
  data: unknown,
  entityOf: (labels: Readonly<Record<string, string>>) => EntityId,
): FiringAlert[] | undefined {
  const parsed = rules.safeParse(data);
  if (!parsed.success) return undefined;
  const found = parsed.data.groups.flatMap((group) =>
    group.rules.flatMap((rule) =>
      (rule.alerts ?? [])
        .filter(({ state }) => state === 'firing')
        .flatMap((alert): FiringAlert[] => {
          const activeMs = Date.parse(alert.activeAt);
          if (!Number.isFinite(activeMs)) return [];
          return [
            {
              name: alert.labels['alertname'] ?? rule.name,
              expression: rule.query,
              forMs: rule.duration * 1_000,
              entity: entityOf(alert.labels),
              labels: alert.labels,
              annotations: alert.annotations,
              activeAt: isoOf(activeMs),
            },
          ];
        }),
    ),
  );
  return found.sort((left, right) =>
    left.activeAt < right.activeAt ? -1 : left.activeAt > right.activeAt ? 1 : left.name < right.name ? -1 : 1,
  );
}
