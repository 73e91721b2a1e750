import { z } from 'zod';
import { finding, signalRole } from '../../domain/finding.ts';
import { type Window, window } from '../../domain/time.ts';
import { compareSpans } from '../../detection/evidence/signals/compare-spans.ts';
import { derivedOf, detectAnomalies } from '../../detection/evidence/signals/detect-anomalies.ts';
import { scoreFindings } from '../../detection/models/streams/score-findings.ts';
import type { Series } from '../../domain/signal.ts';
import { isoOf, msOf } from '../../infra/runtime/clock.ts';
import type { Tool } from '../tool.ts';
import { notConnected } from './not-connected.ts';
import { numberText } from './number-text.ts';
import type { ReadDeps } from './read-deps.ts';
import { entitiesField, entitiesText, windowField, windowOr, windowText } from './request-fields.ts';
import { windowAcross, windowBefore } from './split-windows.ts';

const shownRows = 80;

const input = z.strictObject({
  entities: entitiesField,
  metrics: z.array(z.string()).max(50).default(['*']).describe('Metric names, `*` as a wildcard. Default: all.'),
  roles: z
    .array(signalRole)
    .default([])
    .describe('Only metrics that measure these, such as latency or errors. Empty: all.'),
  window: windowField.optional(),
  baseline: windowField.optional().describe('What to compare with. Absent: as much time just before the window.'),
});
const row = z.object({
  entity: z.string(),
  peer: z.string().optional(),
  role: signalRole,
  measure: z.string(),
  metric: z.string(),
  unit: z.string(),
  baseline: z.number(),
  observed: z.number(),
  ratio: z.number().optional(),
  /** Whether the difference passes the limits that find_anomalies uses. */
  departs: z.boolean(),
});
const output = z.object({ rows: z.array(row), findings: z.array(finding), baseline: window, truncated: z.boolean() });

/** Sets two spans of metrics side by side: rates, means, ratios and levels of both, also of what did not change; findings carry the stream score of their series in `data.score`. */
export function createCompareWithBaseline(
  deps: Pick<ReadDeps, 'sources' | 'clock'>,
): Tool<z.infer<typeof input>, z.infer<typeof output>> {
  return {
    name: 'compare_with_baseline',
    description:
      'Sets metrics of entities in a window beside a baseline window: rate, mean, error ratio or level of both, their ratio, and whether the difference is real. Use it for "compare X with yesterday"; also shows what did not change.',
    effect: 'read',
    input,
    output,
    async run(request, { signal }) {
      const source = deps.sources.metrics;
      if (source === undefined) return notConnected('metrics', 'sources.metrics');
      const asked = windowOr(request.window, deps.clock);
      const before = request.baseline ?? windowBefore(asked);
      const read = windowAcross(before, asked);
      const query = {
        metrics: request.metrics,
        entities: request.entities,
        window: read,
        stepMs: 0,
        maxSeries: 20_000,
      };
      const result = await source.query(query, signal);
      if (result.status === 'no-data')
        return {
          ...result,
          hint: `No metrics for ${entitiesText(request.entities)}, ${windowText(read)}. Take metric names from query_metrics.`,
        };
      // Nobody said what to compare, and the history is younger than the usual windows: the last third of it stands against the rest.
      const free = request.window === undefined && request.baseline === undefined;
      const { observed, baseline } = (free ? splitYoung(result.items, before) : undefined) ?? {
        observed: asked,
        baseline: before,
      };
      const where = `${entitiesText(request.entities)}, ${windowText(observed)} against ${windowText(baseline)}`;
      const wanted = new Set(request.roles);
      const rows = compareSpans(result.items, { baseline, observed }).filter(
        ({ role }) => wanted.size === 0 || wanted.has(role),
      );
      const derived = derivedOf(result.items);
      const findings = scoreFindings(
        detectAnomalies(result.items, { baseline, observed }, { derived }).filter(
          ({ signal: { role } }) => wanted.size === 0 || wanted.has(role),
        ),
        derived,
        msOf(observed.from),
      );
      const departing = rows.filter(({ departs }) => departs);
      const told = departing
        .slice(0, 4)
        .map(
          (one) =>
            `${one.measure} of ${one.entity} ${numberText(one.baseline)} to ${numberText(one.observed)} ${one.unit}`,
        );
      return {
        status: 'ok',
        output: {
          rows: rows.slice(0, shownRows),
          findings: findings.slice(0, 40),
          baseline,
          truncated: result.truncated || rows.length > shownRows,
        },
        raw: { rows, findings },
        digest:
          `${departing.length} of ${rows.length} measures depart (${where})${told.length > 0 ? `: ${told.join('; ')}` : ''}.`.slice(
            0,
            590,
          ),
        kind: 'findings',
        source: source.name,
        window: read,
        entities: [...new Set(rows.slice(0, shownRows).map(({ entity }) => entity))].sort(),
        tainted: false,
      };
    },
  };
}

/** The last third of what is held against the rest, where no sample lies in the usual baseline; else undefined. */
function splitYoung(items: readonly Series[], before: Window): { observed: Window; baseline: Window } | undefined {
  const times = items.flatMap(({ samples }) => (samples.length === 0 ? [] : [samples[0]![0], samples.at(-1)![0]]));
  const [first, last] = [Math.min(...times), Math.max(...times)];
  if (times.length === 0 || first < msOf(before.to)) return undefined;
  const cut = isoOf(Math.round(first + (2 * (last - first)) / 3));
  return { baseline: { from: isoOf(first), to: cut }, observed: { from: cut, to: isoOf(last + 1) } };
}
