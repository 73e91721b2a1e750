import { z } from 'zod';
import type { Tool } from '../tool.ts';
import { notConnected } from './not-connected.ts';
import type { ReadDeps } from './read-deps.ts';
import { windowField, windowOr, windowText } from './request-fields.ts';
import { seriesDigest, summariseSeries, summarisedSeries } from './summarise-series.ts';

const input = z.strictObject({
  expression: z
    .string()
    .min(1)
    .max(4_000)
    .describe('PromQL, for example `sum by (service) (rate(http_requests_total[1m]))`.'),
  window: windowField.optional(),
  stepMs: z.number().int().min(1_000).max(3_600_000).default(15_000),
});
const output = z.object({
  series: z.array(summarisedSeries),
  total: z.number().int(),
  truncated: z.boolean(),
  notes: z.array(z.string()),
});

/** Runs an expression in the metric back end's own language, read only, where the back end has one. */
export function createQueryExpression(deps: ReadDeps): Tool<z.infer<typeof input>, z.infer<typeof output>> {
  return {
    name: 'query_expression',
    description:
      "Evaluates a read-only expression in the metric back end's own language (PromQL) over a window. Only when query_metrics cannot say what you need (joins, arithmetic, top-k); not every source has it.",
    effect: 'read',
    input,
    output,
    async run(request, { signal }) {
      const source = deps.sources.metrics;
      if (source === undefined) return notConnected('metrics', 'sources.metrics');
      if (source.expression === undefined) {
        return {
          status: 'no-data',
          lookedAt: `${source.name}, which has no expression language`,
          hint: 'Use query_metrics with metric names, labels and a statistic.',
        };
      }
      const window = windowOr(request.window, deps.clock);
      const result = await source.expression(request.expression, window, request.stepMs, signal);
      if (result.status === 'no-data')
        return {
          ...result,
          hint: 'The expression matched nothing; check metric and label names with query_metrics or list_services.',
        };
      const shown = result.items.slice(0, 30).map((item) => summariseSeries(item, 60));
      return {
        status: 'ok',
        output: {
          series: shown,
          total: result.items.length,
          truncated: result.truncated || result.items.length > shown.length,
          notes: result.notes,
        },
        raw: { series: result.items },
        digest: `${result.items.length} series of \`${request.expression.slice(0, 120)}\` in ${windowText(window)}. ${seriesDigest(shown, 4)}`,
        kind: 'metrics',
        source: source.name,
        window,
        entities: [...new Set(result.items.map(({ entity }) => entity))].sort(),
        tainted: false,
      };
    },
  };
}
