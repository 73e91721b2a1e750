/* oxlint-disable oxc/no-async-endpoint-handlers -- the rule is for Express; Fastify awaits its handlers. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { CerebroError } from '../../../infra/runtime/errors.ts';
import type { ConsoleDeps } from './console-deps.ts';
import { readInput } from './read-input.ts';

const byVersion = z.object({ name: z.string().min(1).max(128), version: z.coerce.number().int().min(1) });

/** Routes of the trained models: the list, and the card of a version. Without a registry the list is empty. */
export function addModelRoutes(app: FastifyInstance, deps: ConsoleDeps): void {
  app.get('/api/models', async () => ({ models: (await deps.models?.list()) ?? [] }));
  app.get('/api/models/:name/:version', async (request) => {
    const { name, version } = readInput(byVersion, request.params);
    if (deps.models === undefined) throw new CerebroError('NOT_FOUND', 'No model is trained here.');
    return { card: await deps.models.card(name, version) };
  });
}
