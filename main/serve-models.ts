import { join } from 'node:path';
import fastify from 'fastify';
import type { Config } from '../config.ts';
import { openRegistry } from '../detection/lifecycle/registry/open-registry.ts';
import { openInferencePool } from '../detection/lifecycle/serving/inference-pool.ts';
import { createKserveRoutes } from '../detection/lifecycle/serving/kserve-routes.ts';
import { createModelServer } from '../detection/lifecycle/serving/model-server.ts';
import { createDefaultParts } from '../detection/lifecycle/training/default-parts.ts';
import { systemClock } from '../infra/runtime/clock.ts';
import { CerebroError } from '../infra/runtime/errors.ts';
import { version } from '../infra/runtime/version.ts';
import { openOnline } from './open-online.ts';

export interface ServeOptions {
  host?: string;
  port?: string;
  threads?: string;
  challenger?: string;
}

/** Serves the registry over KServe v2 until the process is told to stop. Off loopback the console's token is asked for as a bearer token. */
export async function serveModels(config: Config, options: ServeOptions): Promise<void> {
  const host = options.host ?? '127.0.0.1';
  const share = Number(options.challenger ?? 0);
  if (!(share >= 0 && share <= 1))
    throw new CerebroError('INPUT_INVALID', `--challenger is a share from 0 to 1, not ${options.challenger}.`);
  const token = config.console.token?.reveal();
  if (!/^(127\.|localhost$|::1$)/.test(host) && token === undefined)
    throw new CerebroError('CONFIG_INVALID', `${host} can be reached by others: set the console's token first.`);
  const registry = openRegistry(join(config.dataDir, 'models'), { clock: systemClock });
  const pool = await openInferencePool({ threads: Number(options.threads ?? 2) });
  const server = createModelServer(
    { registry, pool, parts: createDefaultParts() },
    { weights: { champion: 1 - share, challenger: share } },
  );
  const online = openOnline(config);
  const app = fastify();
  if (token !== undefined)
    app.addHook('onRequest', async (request, reply) => {
      if (request.headers.authorization !== `Bearer ${token}`)
        await reply.code(401).send({ error: 'Send the token as a bearer token.' });
    });
  await app.register(createKserveRoutes(server, { version, online }));
  const url = await app.listen({ host, port: Number(options.port ?? 8_080) });
  process.stdout.write(`${url}/v2 serves ${server.names().join(', ') || 'no model yet'}\n`);
  await new Promise<void>((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
  await app.close();
  await pool.close();
  await online.close();
  registry.close();
}
