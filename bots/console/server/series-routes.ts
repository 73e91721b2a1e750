/* oxlint-disable oxc/no-async-endpoint-handlers -- the rule is for Express; Fastify awaits its handlers. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { isoOf } from '../../../infra/runtime/clock.ts';
import type { ConsoleDeps } from './console-deps.ts';
import { downsample } from './downsample.ts';
import { readInput } from './read-input.ts';
import type { ScoredSeries } from './series-book.ts';

const asked = z.object({
  entity: z.string().min(1).max(300).optional(),
  metric: z.string().min(1).max(300).optional(),
  minutes: z.coerce.number().min(1).max(40_320).default(15),
  points: z.coerce.number().int().min(4).max(5_000).default(400),
});

/** Routes of the series of all sources: their names, their scores, and how the watch stands. Without a book all are empty. */
export function addSeriesRoutes(app: FastifyInstance, deps: ConsoleDeps): void {
  app.get('/api/series', async () => ({ names: (await deps.series?.names()) ?? [] }));
  app.get('/api/series/scores', async (request) => {
    const { minutes, points, entity, metric } = readInput(asked, request.query);
    const now = deps.clock.now();
    const found = await deps.series?.scores({
      ...(entity === undefined ? {} : { entity }),
      ...(metric === undefined ? {} : { metric }),
      from: isoOf(now - minutes * 60_000),
      to: isoOf(now),
    });
    if (found === undefined) return { series: [], total: 0, threshold: 1 };
    return { ...found, series: found.series.map((one) => thinned(one, points)) };
  });
  app.get('/api/watch', async () => ({ watch: await deps.series?.standing() }));
}

function thinned(one: ScoredSeries, points: number): ScoredSeries {
  return {
    ...one,
    values: downsample([...one.values], points),
    usual: downsample([...one.usual], points),
    scores: downsample([...one.scores], points),
  };
}
