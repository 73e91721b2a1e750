/* oxlint-disable oxc/no-async-endpoint-handlers -- the rule is for Express; Fastify awaits its handlers. */
import { existsSync } from 'node:fs';
import fastifyStatic from '@fastify/static';
import { fastify } from 'fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Principal } from '../../../domain/question.ts';
import { CerebroError } from '../../../infra/runtime/errors.ts';
import type { Secret } from '../../../infra/runtime/secret.ts';
import { addAskRoutes } from './ask-routes.ts';
import type { ConsoleDeps } from './console-deps.ts';
import { createHostGuard, isLoopback } from './host-guard.ts';
import { readInput } from './read-input.ts';
import { addModelRoutes } from './model-routes.ts';
import { addReadRoutes } from './read-routes.ts';
import { replyError } from './reply-error.ts';
import { addSeriesRoutes } from './series-routes.ts';
import { addSecurityHeaders } from './security-headers.ts';
import { createSessions } from './sessions.ts';
import type { Sessions } from './sessions.ts';

export interface ConsoleOptions {
  /** Address that the caller will listen on, 127.0.0.1 by default; decides whether a log-in is needed. */
  host?: string;
  /** Log-in token: needed off loopback; when set, asked for everywhere. */
  token?: Secret;
  /** Host names under which people reach the console, behind a proxy or off loopback. */
  allowedHosts?: readonly string[];
  /** True when people reach the console over TLS. */
  secure?: boolean;
  /** Folder of the built pages. */
  pages?: string;
  /** Who asks through this door. */
  principal?: Principal;
  /** Questions worked on at the same time. */
  mostRuns?: number;
}

const mostBytes = 64 * 1024;
const localPerson: Principal = { id: 'console', kind: 'person', name: 'Console', roles: ['responder'] };
const feedbackBody = z.strictObject({
  run: z.string().min(1).max(200),
  right: z.boolean(),
  entity: z.string().max(300).optional(),
  faultKind: z.string().max(100).optional(),
  note: z.string().max(2_000).optional(),
});
const logInBody = z.strictObject({ token: z.string().min(1).max(500) });

/**
 * The console's web server, not yet listening (test it with `inject`). Every request passes the host and origin check; `/api` needs the log-in where
 * there is a token, and a same-origin request with the header `x-cerebro: 1` to change anything. Errors are `{ code, message }`.
 * Throws CONFIG_INVALID for an address off loopback without a token.
 */
export function createConsole(deps: ConsoleDeps, options: ConsoleOptions = {}): FastifyInstance {
  const host = options.host ?? '127.0.0.1';
  if (!isLoopback(host) && options.token === undefined) {
    throw new CerebroError('CONFIG_INVALID', `The console listens on ${host}, which others can reach: set its token.`);
  }
  const app = fastify({
    logger: false,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 300 },
  });
  const sessions = createSessions(
    deps,
    options.token === undefined
      ? { secure: options.secure ?? false }
      : { token: options.token, secure: options.secure ?? false },
  );
  const guard = createHostGuard({ host, allowedHosts: options.allowedHosts ?? [] });

  app.setErrorHandler((thrown, request, reply) => replyError(deps.logger, thrown, request, reply));
  app.setNotFoundHandler((request, reply) =>
    replyError(deps.logger, new CerebroError('NOT_FOUND', 'There is nothing at this address.'), request, reply),
  );
  app.addHook('onRequest', (request, reply, next) => {
    addSecurityHeaders(reply);
    // Probes of an orchestrator come with whatever host name it uses; the reply tells nothing.
    if (request.url !== '/healthz') guard(request);
    next();
  });
  app.get('/healthz', () => ({ status: 'ok' }));
  void app.register((pages, _options, done) => {
    addPages(pages, options.pages);
    done();
  });
  void app.register((api, _options, done) => {
    addSessionRoutes(api, sessions);
    done();
  });
  void app.register((api, _options, done) => {
    api.addHook('onRoute', (route) => {
      route.bodyLimit ??= mostBytes;
    });
    api.addHook('onRequest', (request, reply, next) => {
      admit(sessions, request, reply);
      next();
    });
    addReadRoutes(api, deps);
    addModelRoutes(api, deps);
    addSeriesRoutes(api, deps);
    addAskRoutes(api, deps, { principal: options.principal ?? localPerson, mostRuns: options.mostRuns ?? 8 });
    addFeedbackRoute(api, deps, options.principal ?? localPerson);
    api.get('/metrics', async (_request, reply) =>
      reply.type(deps.metrics.contentType).send(await deps.metrics.text()),
    );
    done();
  });
  if (deps.mount !== undefined) {
    const mount = deps.mount;
    void app.register(async (scope) => mount(scope));
  }
  return app;
}

function admit(sessions: Sessions, request: FastifyRequest, reply: FastifyReply): void {
  reply.header('cache-control', 'no-store');
  if (!sessions.has(request)) throw new CerebroError('UNAUTHENTICATED', 'Log in to the console first.');
  if (request.method !== 'GET' && request.method !== 'HEAD') needOwnPage(request);
}

/** A form of another site can neither set this header nor read a reply that would allow it. */
function needOwnPage(request: FastifyRequest): void {
  if (request.headers['x-cerebro'] === undefined) {
    throw new CerebroError('FORBIDDEN', 'Send the header "x-cerebro: 1" with requests that change something.');
  }
}

function addSessionRoutes(api: FastifyInstance, sessions: Sessions): void {
  api.get('/api/session', (request) => ({ required: sessions.required, open: sessions.has(request) }));
  api.post('/api/session', { bodyLimit: 4_096 }, (request, reply) => {
    needOwnPage(request);
    sessions.open(readInput(logInBody, request.body).token, request, reply);
    return reply.send({ required: sessions.required, open: true });
  });
  api.delete('/api/session', (request, reply) => {
    needOwnPage(request);
    sessions.close(request, reply);
    return reply.send({ required: sessions.required, open: false });
  });
}

function addFeedbackRoute(api: FastifyInstance, deps: ConsoleDeps, principal: Principal): void {
  api.post('/api/feedback', async (request, reply) => {
    const { run, right, entity, faultKind, note } = readInput(feedbackBody, request.body);
    const feedback = {
      run,
      at: deps.clock.iso(),
      by: principal.id,
      right,
      ...(entity === undefined ? {} : { entity }),
      ...(faultKind === undefined ? {} : { faultKind }),
      ...(note === undefined ? {} : { note }),
    };
    await deps.investigations.addFeedback(feedback);
    return reply.status(201).send({ feedback });
  });
}

function addPages(pages: FastifyInstance, folder: string | undefined): void {
  if (folder === undefined || !existsSync(folder)) {
    pages.get('/', (_request, reply) =>
      reply
        .type('text/html; charset=utf-8')
        .send(
          '<!doctype html><title>Cerebro</title><p>The console is not built. Run <code>npm run prepare</code>, then start again.',
        ),
    );
    return;
  }
  void pages.register(fastifyStatic, {
    root: folder,
    index: 'index.html',
    cacheControl: false,
    setHeaders: (reply, path) => {
      // What is built into assets carries a hash in its name; the rest must stay fresh.
      reply.header('cache-control', path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
}
