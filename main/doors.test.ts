import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type App, openApp } from '../app.ts';
import { configSchema } from '../config.ts';
import { simulateIncident } from '../detection/diagnosis/simulate-incident.ts';
import { createRemoteAsker } from './remote-asker.ts';
import { createDataSources, loadersOf } from '../tools/sources/data-sources.ts';
import { answerOf } from '../app/triage.ts';

const { series: metrics, logs, changes, topology, observed } = simulateIncident('database-lock', 3);

describe('the doors of the whole', () => {
  let app: App;
  let url: string;
  beforeAll(async () => {
    const {
      cluster: _cluster,
      advisories: _advisories,
      traces: _traces,
      ...sources
    } = createDataSources(
      loadersOf({ metrics, logs, changes, topology, spans: [], resources: [], advisories: [] }),
      'simulation',
    );
    const dataDir = mkdtempSync(join(tmpdir(), 'cerebro-doors-'));
    const config = configSchema.parse({
      dataDir,
      logLevel: 'silent',
      console: { port: 0 },
      alerts: { groupWindowMs: 0 },
    });
    app = await openApp(config, { sources });
    ({ url } = await app.openDoors());
  });
  afterAll(() => app.close());

  it('answers a question asked from another process, and serves the evidence it cites', async () => {
    const question = {
      text: 'which services do you know?',
      thread: 'doors',
      askedAt: observed.to,
      timeZone: 'UTC',
      principal: { id: 'x', kind: 'person' as const, roles: [] },
    };
    const answer = await answerOf(createRemoteAsker({ url }).ask(question));
    expect(answer?.understanding.intent).toBe('list-services');
    const id = answer?.evidence[0]?.id ?? '';
    const evidence = await fetch(new URL(`/api/evidence/${id}`, url));
    expect([evidence.status, await evidence.text()]).toEqual([200, expect.stringContaining(id)]);
  });

  it('serves the guarded tools over MCP on the same port', async () => {
    const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode: 'auto' } });
    await client.connect(new StreamableHTTPClientTransport(new URL('/mcp', url)));
    const { tools } = await client.listTools();
    expect(tools.map((tool) => tool.name)).toEqual(
      expect.arrayContaining(['find_anomalies', 'rank_causes', 'get_evidence']),
    );
    const result = await client.callTool({ name: 'list_services', arguments: {} });
    expect(JSON.stringify(result.structuredContent)).toContain('service:');
    await client.close();
  });

  it('takes an alert in and triages it without anybody asking', async () => {
    const body = {
      version: '4',
      status: 'firing',
      receiver: 'x',
      groupKey: '{}:{}',
      groupLabels: {},
      commonLabels: {},
      commonAnnotations: {},
      externalURL: '',
      truncatedAlerts: 0,
      alerts: [
        {
          status: 'firing',
          labels: { alertname: 'Slow' },
          annotations: {},
          startsAt: observed.from,
          endsAt: '0001-01-01T00:00:00Z',
          generatorURL: '',
          fingerprint: 'abc',
        },
      ],
    };
    const taken = await fetch(new URL('/hooks/alertmanager', url), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect(taken.status).toBe(200);
    const investigations = z.looseObject({
      investigations: z.array(z.looseObject({ openedBy: z.string(), answered: z.unknown() }).partial()),
    });
    await expect
      .poll(
        async () => {
          const seen: unknown = await (await fetch(new URL('/api/investigations', url))).json();
          return JSON.stringify(investigations.safeParse(seen).data ?? seen);
        },
        { timeout: 10_000 },
      )
      .toContain('Slow');
    await expect
      .poll(() => app.investigations.list(10).some((one) => one.alerts.length > 0 && one.answer !== undefined), {
        timeout: 15_000,
      })
      .toBe(true);
  });

  it('refuses a foreign host name, and shows its own metrics', async () => {
    expect((await fetch(new URL('/api/about', url), { headers: { origin: 'http://evil.example' } })).status).toBe(403);
    expect(await (await fetch(new URL('/metrics', url))).text()).toContain('cerebro_tool_calls_total');
  });
});
