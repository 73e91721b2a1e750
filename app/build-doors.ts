import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { createAlertIntake } from '../bots/alerts/alert-intake.ts';
import { alertMigrations } from '../bots/alerts/alert-queue.ts';
import type { Asker, FeedbackSink } from '../bots/bot.ts';
import { createConsole } from '../bots/console/server/create-console.ts';
import type { About, LivePicture } from '../bots/console/server/console-deps.ts';
import type { SeriesBook } from '../bots/console/server/series-book.ts';
import { createSlackBot } from '../bots/slack/slack-bot.ts';
import type { Config } from '../config.ts';
import { openRegistry } from '../detection/lifecycle/registry/open-registry.ts';
import { scoreSeries } from '../detection/models/streams/score-series.ts';
import type { Topology } from '../domain/entity.ts';
import { openDatabase } from '../infra/runtime/database.ts';
import { createMcpHttp } from '../mcp-server/http.ts';
import type { EvidenceStore } from '../tools/evidence-store.ts';
import { incidentNear } from './incident-near.ts';
import type { Investigations } from '../tools/investigations.ts';
import type { Toolbox } from '../tools/toolbox.ts';
import type { AppDeps } from './app-deps.ts';
import { createModelBook } from './model-book.ts';

export interface DoorDeps extends AppDeps {
  asker: Asker;
  feedback: FeedbackSink;
  investigations: Investigations;
  evidence: EvidenceStore;
  toolbox: Toolbox;
  library: Parameters<typeof createMcpHttp>[0]['library'];
  readPicture(): Promise<LivePicture>;
  readTopology(): Promise<Topology>;
  about(): About;
  series: SeriesBook;
  version: string;
}

/** The open doors: where the console listens, and how to shut all of them. */
export interface Doors {
  url: string;
  close(): Promise<void>;
}

/** Opens console, alert webhooks, MCP endpoint (all on one port) and Slack where it is configured. Throws CONFLICT when the port is taken. */
export async function openDoors(config: Config, deps: DoorDeps, folder: string): Promise<Doors> {
  const { host, port, token, allowedHosts } = config.console;
  const alertStore = openDatabase(join(folder, 'alerts.db'), alertMigrations);
  const alerts = createAlertIntake(
    {
      ...deps,
      store: alertStore,
      investigations: { ...deps.investigations, near: (at) => incidentNear(deps.investigations, 'watch', at) },
      topology: { topology: () => deps.readTopology() },
    },
    {
      groupWindowMs: config.alerts.groupWindowMs,
      ...(config.alerts.token === undefined ? {} : { token: config.alerts.token }),
      ...(config.alerts.username === undefined || config.alerts.password === undefined
        ? {}
        : { basic: { user: config.alerts.username, password: config.alerts.password } }),
    },
  );
  const registry = openRegistry(join(folder, 'models'), deps);
  const mcp = createMcpHttp(deps, {
    version: deps.version,
    host,
    allowedHosts: [...allowedHosts],
    tokens:
      config.mcp.token === undefined
        ? []
        : [{ token: config.mcp.token, principal: { id: 'mcp', kind: 'mcp-client', roles: ['responder'] } }],
  });
  const server = createConsole(
    {
      ...deps,
      investigations: {
        list: (limit) => deps.investigations.list(limit),
        get: (id) => deps.investigations.get(id),
        addFeedback: (feedback) => deps.feedback.addFeedback(feedback),
      },
      topology: { read: () => deps.readPicture() },
      models: createModelBook(registry),
      scoreSeries,
      answers: deps.investigations,
      mount: async (app) => {
        await app.register(alerts.routes);
        await app.register((inner, _options, done) => {
          mountMcp(inner, mcp);
          done();
        });
      },
    },
    {
      host,
      ...(token === undefined ? {} : { token }),
      allowedHosts: [...allowedHosts],
      pages: join(import.meta.dirname, '..', 'bots', 'console', 'dist'),
    },
  );
  const slack =
    config.slack === undefined
      ? undefined
      : createSlackBot(deps, {
          botToken: config.slack.botToken,
          port: config.slack.port,
          timeZone: config.timeZone,
          ...(config.slack.signingSecret === undefined ? {} : { signingSecret: config.slack.signingSecret }),
          ...(config.slack.appToken === undefined ? {} : { appToken: config.slack.appToken }),
          ...(config.slack.apiUrl === undefined ? {} : { slackApiUrl: config.slack.apiUrl }),
        });
  const url = await server.listen({ host, port });
  await alerts.start();
  await slack?.start();
  return {
    url,
    close: async () => {
      await slack?.stop();
      await alerts.stop();
      await server.close();
      await mcp.close();
      alertStore.close();
      registry.close();
    },
  };
}

/** MCP reads its own bodies and checks its own senders, so Fastify only hands the raw request over. */
function mountMcp(app: FastifyInstance, mcp: { handle(request: unknown, response: unknown): Promise<void> }): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));
  app.all('/mcp', async (request, reply) => {
    reply.hijack();
    await mcp.handle(request.raw, reply.raw);
  });
}
