/* oxlint-disable oxc/no-async-endpoint-handlers -- the rule is for Express; Fastify awaits its handlers. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Answer } from '../../../domain/answer.ts';
import { evidenceId } from '../../../domain/evidence.ts';
import type { Evidence } from '../../../domain/evidence.ts';
import { CerebroError } from '../../../infra/runtime/errors.ts';
import { chartSeriesOf, scoresOf } from './chart-series.ts';
import type { ConsoleDeps } from './console-deps.ts';
import { summaryOf } from './investigation-summary.ts';
import { readInput } from './read-input.ts';

const byEvidence = z.object({ id: evidenceId });
const byId = z.object({ id: z.string().min(1).max(200) });
const paging = z.object({
  offset: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(500).default(50),
});
const drawing = z.object({ points: z.coerce.number().int().min(4).max(5_000).default(400) });
const listing = z.object({ limit: z.coerce.number().int().min(1).max(500).default(100) });

/** Routes that only read: investigations, evidence with its pages and charts, the live topology, and what this installation is. */
export function addReadRoutes(app: FastifyInstance, deps: ConsoleDeps): void {
  app.get('/api/investigations', async (request) => {
    const { limit } = readInput(listing, request.query);
    return { investigations: (await deps.investigations.list(limit)).map(summaryOf) };
  });

  app.get('/api/investigations/:id', async (request) => {
    const { id } = readInput(byId, request.params);
    const investigation = await deps.investigations.get(id);
    if (investigation === undefined) throw new CerebroError('NOT_FOUND', 'There is no investigation of this id.');
    const answers: Answer[] = [];
    for (const run of investigation.runs.slice(-50)) {
      const answer = await deps.answers.answerOf(run);
      if (answer !== undefined) answers.push(answer);
    }
    if (answers.length === 0 && investigation.answer !== undefined) answers.push(investigation.answer);
    return { investigation, answers };
  });

  app.get('/api/answers/:id', async (request) => {
    const answer = await deps.answers.answerOf(readInput(byId, request.params).id);
    if (answer === undefined) throw new CerebroError('NOT_FOUND', 'There is no answer of this run.');
    return { answer };
  });

  app.get('/api/evidence/:id', async (request) => {
    const found = await findEvidence(deps, request.params);
    const { offset, limit } = readInput(paging, request.query);
    const { items, total } = await deps.evidence.page(found.id, offset, limit);
    return { evidence: found, items, total, offset, limit };
  });

  app.get('/api/evidence/:id/series', async (request) => {
    const found = await findEvidence(deps, request.params);
    const { points } = readInput(drawing, request.query);
    return { evidence: found, ...chartSeriesOf(await deps.evidence.raw(found.id), points) };
  });

  app.get('/api/evidence/:id/scores', async (request) => {
    const found = await findEvidence(deps, request.params);
    const { points } = readInput(drawing, request.query);
    const { scoreSeries } = deps;
    if (scoreSeries === undefined) return { series: [], total: 0 };
    const { series, total } = chartSeriesOf(await deps.evidence.raw(found.id), 5_000);
    return { series: series.slice(0, 4).map((one) => scoresOf(one, scoreSeries, points)), total };
  });

  app.get('/api/topology', () => deps.topology.read());
  app.get('/api/about', () => deps.about());
}

async function findEvidence(deps: ConsoleDeps, params: unknown): Promise<Evidence> {
  const { id } = readInput(byEvidence, params);
  const found = await deps.evidence.get(id);
  if (found === undefined) throw new CerebroError('NOT_FOUND', 'There is no evidence of this id.');
  return found;
}
