import type { McpServer, ServerContext } from '@modelcontextprotocol/server';
import { CLIENT_CAPABILITIES_META_KEY, inputRequired } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { systemClock } from '../infra/runtime/clock.ts';
import { passthroughSchema } from './passthrough-schema.ts';

const says = (text: string) => ({ content: [{ type: 'text' as const, text }] });
const capabilities = z.object({ elicitation: z.unknown(), sampling: z.unknown(), roots: z.unknown() }).partial();

/** What the client of a request said that it can do (2026 revision). */
export function capabilitiesOf(context: ServerContext): z.infer<typeof capabilities> {
  const envelope = z.record(z.string(), z.unknown()).safeParse(context.mcpReq.envelope).data ?? {};
  return capabilities.safeParse(envelope[CLIENT_CAPABILITIES_META_KEY]).data ?? {};
}

/** The richest use of JSON Schema 2020-12 that a listing must keep. */
const address = {
  $anchor: 'addressDef',
  type: 'object',
  properties: { street: { type: 'string' }, city: { type: 'string' } },
};
const text = { type: 'string' };
const richSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  $defs: { address },
  properties: {
    name: text,
    address: { $ref: '#/$defs/address' },
    contactMethod: { type: 'string', enum: ['phone', 'email'] },
    phone: text,
    email: text,
  },
  allOf: [{ anyOf: [{ required: ['phone'] }, { required: ['email'] }] }],
  if: { properties: { contactMethod: { const: 'phone' } }, required: ['contactMethod'] },
  // oxlint-disable-next-line unicorn/no-thenable -- a JSON Schema keyword
  then: { required: ['phone'] },
  else: { required: ['email'] },
  additionalProperties: false,
};

/** Registers the tools by which the conformance suite looks into a server: capabilities, logging, headers, schemas, changes, reconnection. */
export function registerDiagnosticFixtures(server: McpServer, changed: { tools(): void; prompts(): void }): void {
  server.registerTool(
    'json_schema_2020_12_tool',
    { description: 'Has a rich schema.', inputSchema: passthroughSchema(richSchema) },
    () => says('ok'),
  );
  const region = { type: 'string', description: 'Mirrored into a header', 'x-mcp-header': 'Region' };
  const headers = passthroughSchema({ type: 'object', properties: { region }, required: ['region'] });
  server.registerTool(
    'test_custom_headers',
    { description: 'Has a parameter that is mirrored into a header.', inputSchema: headers },
    () => says('ok'),
  );
  server.registerTool('test_missing_capability', { description: 'Needs a client with sampling.' }, () => {
    // The SDK refuses to ask for what the client did not declare, with the protocol's own error.
    const question = { role: 'user' as const, content: { type: 'text' as const, text: 'Anybody there?' } };
    return inputRequired({
      inputRequests: { question: inputRequired.createMessage({ messages: [question], maxTokens: 10 }) },
    });
  });
  server.registerTool('test_logging_tool', { description: 'Logs at the level asked for.' }, async (context) => {
    await context.mcpReq.log('info', 'logged');
    return says('ok');
  });
  server.registerTool('test_streaming_elicitation', { description: 'Asks the user.' }, () =>
    inputRequired({
      inputRequests: {
        user_name: inputRequired.elicit({
          message: 'What is your name?',
          requestedSchema: { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] },
        }),
      },
    }),
  );
  server.registerTool('test_trigger_tool_change', { description: 'Says that the list of tools changed.' }, () => {
    changed.tools();
    return says('ok');
  });
  server.registerTool('test_trigger_prompt_change', { description: 'Says that the list of prompts changed.' }, () => {
    changed.prompts();
    return says('ok');
  });
  server.registerTool('test_reconnection', { description: 'Closes the stream while it runs.' }, async (context) => {
    context.http?.closeSSE?.();
    await systemClock.sleep(100);
    return says('Reconnection test completed successfully.');
  });
}
