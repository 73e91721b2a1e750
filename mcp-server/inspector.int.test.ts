import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { exampleWindow } from '../tools/sources/example-data.ts';
import { runPackageFile, startConformanceServer } from './conformance-process.ts';

const listed = z.object({ tools: z.array(z.object({ name: z.string() })) });
const called = z.object({ structuredContent: z.object({ status: z.string(), digest: z.string().optional() }) });

describe.each(['legacy', 'modern'])('official inspector, %s era', (era) => {
  let server: Awaited<ReturnType<typeof startConformanceServer>>;
  beforeAll(async () => {
    server = await startConformanceServer();
  });
  afterAll(() => server.stop());
  const inspect = async (...args: string[]): Promise<unknown> => {
    const target = ['--cli', server.url, '--transport', 'http', '--protocol-era', era];
    const { text } = await runPackageFile('@modelcontextprotocol/inspector', 'clients/launcher/build/index.js', [
      ...target,
      ...args,
    ]);
    return JSON.parse(text);
  };

  it('lists the real tools', async () => {
    const { tools } = listed.parse(await inspect('--method', 'tools/list'));
    expect(tools.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['list_services', 'find_anomalies', 'rank_causes', 'get_evidence']),
    );
  });

  it('calls a real tool', async () => {
    const window = `window=${JSON.stringify(exampleWindow)}`;
    const { structuredContent } = called.parse(
      await inspect('--method', 'tools/call', '--tool-name', 'list_services', '--tool-arg', window),
    );
    expect(structuredContent).toMatchObject({ status: 'ok', digest: expect.stringContaining('checkout, gateway') });
  });
});
