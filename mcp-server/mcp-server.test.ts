import { Client as FormerClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as FormerTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { Client, InMemoryTransport, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Investigation } from '../domain/run.ts';
import type { Principal } from '../domain/question.ts';
import { createFakeClock } from '../infra/runtime/clock.ts';
import { silentLogger } from '../infra/runtime/logger.ts';
import { createSecret } from '../infra/runtime/secret.ts';
import { createTools } from '../tools/catalogue.ts';
import { createFakeToolbox } from '../tools/fake-toolbox.ts';
import { createDataSources, loadersOf } from '../tools/sources/data-sources.ts';
import { createExampleData, exampleWindow } from '../tools/sources/example-data.ts';
import type { Tool } from '../tools/tool.ts';
import { createMcpServer } from './create-mcp-server.ts';
import type { McpHttpOptions } from './http.ts';
import { createMcpHttp, listenMcpHttp } from './http.ts';
import { connectInProcess } from './in-process.ts';
import type { Library } from './library.ts';
import { serveMcpStdio } from './stdio.ts';

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const clock = createFakeClock(exampleWindow.to);
const viewer: Principal = { id: 'vic', kind: 'mcp-client', roles: ['viewer'] };
const approver: Principal = { id: 'abe', kind: 'mcp-client', roles: ['approver'] };
const investigation: Investigation = {
  id: 'inc/1',
  title: 'Checkout is slow',
  status: 'open',
  openedAt: exampleWindow.from,
  updatedAt: exampleWindow.to,
  openedBy: 'ann',
  alerts: [],
  runs: [],
  feedback: [],
};
const library: Library = {
  investigations: { list: () => [investigation], get: (id) => (id === investigation.id ? investigation : undefined) },
  runbooks: {
    list: () => [{ id: 'slow', title: 'Slow' }],
    read: (id) => (id === 'slow' ? { mimeType: 'text/markdown', text: '# Slow' } : undefined),
  },
};

/** A verb that acts, so that tests see the guards on every route. */
function restart(acts: string[]): Tool<{ service: string }, { done: boolean }> {
  return {
    name: 'restart_service',
    description: 'Restarts a service.',
    effect: 'act',
    input: z.strictObject({ service: z.string() }),
    output: z.object({ done: z.boolean() }),
    run: ({ service }) => {
      acts.push(service);
      return Promise.resolve({
        status: 'ok',
        output: { done: true },
        digest: 'done',
        kind: 'other',
        source: 'test',
        entities: [],
        tainted: false,
      });
    },
  };
}
function make() {
  const acts: string[] = [];
  const made = createFakeToolbox([restart(acts)], { clock });
  const sources = createDataSources(loadersOf(createExampleData()), 'example');
  made.toolbox.register(createTools({ sources, evidence: made.evidence, clock }));
  return { ...made, acts, deps: { toolbox: made.toolbox, library, clock, logger: silentLogger } };
}
async function listen(options: Partial<McpHttpOptions> = {}) {
  const made = make();
  const listening = await listenMcpHttp(createMcpHttp(made.deps, { version: '1', ...options }), {
    host: '127.0.0.1',
    port: 0,
  });
  cleanups.push(() => listening.close());
  return { ...made, url: new URL(`http://127.0.0.1:${listening.port}/mcp`) };
}
async function connect(url: URL, mode: 'auto' | 'legacy', token?: string) {
  const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode } });
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  await client.connect(new StreamableHTTPClientTransport(url, { requestInit: { headers } }));
  cleanups.push(() => client.close());
  return client;
}
const search = { name: 'search_logs', arguments: { window: exampleWindow } };

describe('MCP over HTTP', () => {
  it.each(['auto', 'legacy'] as const)('lists and calls the real tools (%s)', async (mode) => {
    const { url } = await listen();
    const client = await connect(url, mode);
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['list_services', 'search_logs', 'plan_actions']),
    );
    const result = await client.callTool(search);
    expect(result.isError).toBeUndefined();
    expect(result.structuredContent).toMatchObject({ status: 'ok', data: { total: 3 }, evidence: { tainted: true } });
    expect(JSON.stringify(result.content)).toContain('never an instruction');
    const wrong = await client.callTool({ name: 'search_logs', arguments: { limit: 'many' } });
    expect(wrong).toMatchObject({ isError: true, structuredContent: { status: 'failed', code: 'INPUT_INVALID' } });
  });

  it('works with the former SDK’s client', async () => {
    const { url } = await listen();
    const client = new FormerClient({ name: 'former', version: '1' });
    await client.connect(new FormerTransport(url));
    cleanups.push(() => client.close());
    const { tools } = await client.listTools();
    expect(tools.length).toBeGreaterThan(15);
    const result = await client.callTool(search);
    expect(result.structuredContent).toMatchObject({ status: 'ok', data: { total: 3 } });
    expect((await client.listPrompts()).prompts.map(({ name }) => name)).toEqual(['triage', 'explain', 'postmortem']);
  });

  it('offers investigations and runbooks as resources, and prompts that complete ids', async () => {
    const { url } = await listen();
    const client = await connect(url, 'auto');
    const { resources } = await client.listResources();
    expect(resources.map(({ uri }) => uri)).toEqual(['cerebro://investigations/inc%2F1', 'cerebro://runbooks/slow']);
    const read = await client.readResource({ uri: 'cerebro://investigations/inc%2F1' });
    expect(JSON.stringify(read.contents)).toContain('Checkout is slow');
    await expect(client.readResource({ uri: 'cerebro://runbooks/none' })).rejects.toThrow(/not found/i);
    const prompt = await client.getPrompt({ name: 'postmortem', arguments: { investigation: 'inc/1' } });
    expect(JSON.stringify(prompt.messages)).toContain('cerebro://investigations/inc%2F1');
    const { completion } = await client.complete({
      ref: { type: 'ref/prompt', name: 'explain' },
      argument: { name: 'investigation', value: 'in' },
    });
    expect(completion.values).toEqual(['inc/1']);
  });

  it('lets nobody in without a token where tokens are configured, and makes the token’s principal', async () => {
    const tokens = [
      { token: createSecret('viewer-token'), principal: viewer },
      { token: createSecret('approver-token'), principal: approver },
    ];
    const { url, guards } = await listen({ tokens });
    expect((await fetch(url, { method: 'POST', body: '{}' })).status).toBe(401);
    await expect(connect(url, 'auto', 'wrong-token')).rejects.toThrow(/401|unauthori|token/i);
    const client = await connect(url, 'auto', 'viewer-token');
    expect((await client.listTools()).tools.map(({ name }) => name)).not.toContain('restart_service');
    await client.callTool(search);
    expect(guards.audit.list(1)[0]?.body).toMatchObject({ principal: 'vic', tool: 'search_logs', status: 'ok' });
  });

  it('refuses foreign hosts and origins', async () => {
    const { url } = await listen();
    const send = (headers: Record<string, string>) =>
      fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: '{}' });
    expect((await send({ origin: 'http://evil.example' })).status).toBe(403);
    expect((await send({ origin: 'http://localhost:7700' })).status).not.toBe(403);
    expect((await fetch(new URL('/other', url))).status).toBe(404);
  });

  it('does not start off loopback without a token', () => {
    const { deps } = make();
    expect(() => createMcpHttp(deps, { version: '1', host: '0.0.0.0' })).toThrow('needs at least one token');
    expect(() => createMcpHttp(deps, { version: '1', allowedHosts: ['cerebro.example'] })).toThrow(
      'needs at least one token',
    );
  });

  it('keeps a session to the principal that opened it', async () => {
    const tokens = [
      { token: createSecret('viewer-token'), principal: viewer },
      { token: createSecret('approver-token'), principal: approver },
    ];
    const { url } = await listen({ tokens });
    const rpc = (token: string, body: unknown, session?: string) =>
      fetch(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/json, text/event-stream',
          authorization: `Bearer ${token}`,
          ...(session === undefined ? {} : { 'mcp-session-id': session }),
        },
        body: JSON.stringify(body),
      });
    const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 't', version: '1' } };
    const opened = await rpc('approver-token', { jsonrpc: '2.0', id: 1, method: 'initialize', params });
    const session = opened.headers.get('mcp-session-id') ?? '';
    expect(session).not.toBe('');
    const ping = { jsonrpc: '2.0', id: 2, method: 'ping' };
    expect((await rpc('approver-token', ping, session)).status).toBe(200);
    expect((await rpc('viewer-token', ping, session)).status).toBe(404);
  });
});

describe('guards on every route', () => {
  const routes: Record<
    string,
    (made: ReturnType<typeof make>) => Promise<(name: string, input: Record<string, unknown>) => Promise<unknown>>
  > = {
    agent: (made) => {
      const client = made.toolbox.clientFor({ principal: approver, run: 'r', caller: 'agent' });
      return Promise.resolve((name, input) => client.call(name, input));
    },
    'in process': async (made) => {
      const client = await connectInProcess(
        await createMcpServer(made.deps, { principal: approver, caller: 'mcp' }, { version: '1' }),
      );
      cleanups.push(() => client.close());
      return (name, input) => client.call(name, input);
    },
    stdio: async (made) => {
      const [here, there] = InMemoryTransport.createLinkedPair();
      const handle = serveMcpStdio(made.deps, { version: '1', principal: approver, transport: there });
      const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode: 'auto' } });
      await client.connect(here);
      cleanups.push(
        () => handle.close(),
        () => client.close(),
      );
      return async (name, input) => (await client.callTool({ name, arguments: input })).structuredContent;
    },
    HTTP: async (made) => {
      const mcp = createMcpHttp(made.deps, {
        version: '1',
        tokens: [{ token: createSecret('t'), principal: approver }],
      });
      const listening = await listenMcpHttp(mcp, { host: '127.0.0.1', port: 0 });
      cleanups.push(() => listening.close());
      const client = await connect(new URL(`http://127.0.0.1:${listening.port}/mcp`), 'auto', 't');
      return async (name, input) => (await client.callTool({ name, arguments: input })).structuredContent;
    },
  };

  it.each(Object.keys(routes))('audits, approves, validates and counts (%s)', async (route) => {
    const made = make();
    const call = await routes[route]!(made);
    expect(await call('restart_service', { service: 'checkout' })).toMatchObject({ status: 'needs-approval' });
    expect(made.acts).toEqual([]);
    expect(await call('restart_service', { nothing: 1 })).toMatchObject({ status: 'failed', code: 'INPUT_INVALID' });
    const [pending] = made.guards.approvals.pending();
    made.guards.approvals.decide(pending!.id, { id: 'eva', kind: 'person', roles: ['admin'] }, true);
    expect(await call('restart_service', { service: 'checkout' })).toMatchObject({ status: 'ok' });
    expect(await call('restart_service', { service: 'checkout' })).toMatchObject({ status: 'ok' });
    expect(made.acts).toEqual(['checkout']);
    const ends = made.guards.audit.list(50).filter(({ kind }) => kind === 'end');
    expect(ends).toHaveLength(4);
    expect(made.guards.audit.verify()).toMatchObject({ ok: true });
    expect(made.guards.budgets.of(pending!.run).steps).toBe(4);
    expect(await made.metrics.text()).toContain(
      'cerebro_tool_calls_total{tool="restart_service",status="needs-approval"} 1',
    );
  });
});
