import { randomBytes } from 'node:crypto';
import { createRequestStateCodec } from '@modelcontextprotocol/server';
import { systemClock } from '../infra/runtime/clock.ts';
import { createLogger } from '../infra/runtime/logger.ts';
import { openEvidenceStore } from '../tools/evidence-store.ts';
import { createFakeToolbox } from '../tools/fake-toolbox.ts';
import { createTools } from '../tools/catalogue.ts';
import { createDataSources, loadersOf } from '../tools/sources/data-sources.ts';
import { createExampleData } from '../tools/sources/example-data.ts';
import { registerConformanceFixtures } from './conformance-fixtures.ts';
import { registerDiagnosticFixtures } from './conformance-fixtures-diagnostics.ts';
import { registerRoundFixtures } from './conformance-fixtures-rounds.ts';
import { createMcpHttp, listenMcpHttp } from './http.ts';

// A process of its own for the official suite: our server with our tools over the example shop, plus the suite's fixtures. Prints its URL.
const evidence = openEvidenceStore({ clock: systemClock }, ':memory:');
const tools = createTools({
  sources: createDataSources(loadersOf(createExampleData()), 'example'),
  evidence,
  clock: systemClock,
});
const { toolbox } = createFakeToolbox(tools, { clock: systemClock, evidence });
const state = createRequestStateCodec<{ step: number; name?: string }>({ key: randomBytes(32) });
const mcp = createMcpHttp(
  { toolbox, library: {}, clock: systemClock, logger: createLogger({ level: 'error' }) },
  {
    version: '0.0.0-conformance',
    serverOptions: {
      capabilities: { logging: {}, resources: { subscribe: true, listChanged: true }, completions: {} },
      requestState: { verify: (text, context) => state.verify(text, context) },
    },
    extend: (server) => {
      registerConformanceFixtures(server);
      registerRoundFixtures(server, state);
      registerDiagnosticFixtures(server, { tools: () => mcp.toolsChanged(), prompts: () => mcp.promptsChanged() });
    },
  },
);
const listening = await listenMcpHttp(mcp, { host: '127.0.0.1', port: 0 });
process.stdout.write(`http://127.0.0.1:${listening.port}/mcp\n`);
process.once('SIGTERM', () => void listening.close());
