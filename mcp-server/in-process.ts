import { Client, InMemoryTransport } from '@modelcontextprotocol/client';
import type { McpServer } from '@modelcontextprotocol/server';
import { z } from 'zod';
import type { Outcome } from '../domain/outcome.ts';
import { CerebroError } from '../infra/runtime/errors.ts';
import type { ToolClient } from '../tools/client.ts';
import { outcomeInResult } from './tool-result.ts';

const effect = z.enum(['read', 'propose', 'act']);

/**
 * A tool client that speaks MCP with a server in the same process, over an in-memory pair. The same outcomes as the toolbox's own client
 * (which is faster and what the app uses); it proves that the protocol loses nothing.
 */
export async function connectInProcess(server: McpServer): Promise<ToolClient & { close(): Promise<void> }> {
  const [here, there] = InMemoryTransport.createLinkedPair();
  const client = new Client({ name: 'cerebro-in-process', version: '1' });
  await Promise.all([server.connect(there), client.connect(here)]);
  return {
    async list() {
      const { tools } = await client.listTools();
      return tools.map((tool) => ({
        name: tool.name,
        description: tool.description ?? '',
        effect: effect.safeParse(tool._meta?.['cerebro/effect']).data ?? 'act',
        inputSchema: tool.inputSchema,
        outputSchema: tool.outputSchema ?? {},
      }));
    },
    async call(name, input, signal): Promise<Outcome> {
      try {
        const result = await client.callTool({ name, arguments: input }, signal === undefined ? {} : { signal });
        return outcomeInResult(result) ?? failed(new CerebroError('BACKEND_MALFORMED', `${name} gave no outcome.`));
      } catch (thrown) {
        return failed(CerebroError.from(thrown));
      }
    },
    async close() {
      await client.close();
      await server.close();
    },
  };
}

function failed(error: CerebroError): Outcome {
  return {
    status: 'failed',
    code: error.code,
    message: error.message,
    hint: 'The call did not reach the tool; check its name with the list of tools.',
  };
}
