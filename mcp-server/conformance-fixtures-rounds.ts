import type {
  CallToolResult,
  InputRequests,
  McpServer,
  RequestStateCodec,
  ServerContext,
} from '@modelcontextprotocol/server';
import { acceptedContent, inputRequired, inputResponse } from '@modelcontextprotocol/server';
import { z } from 'zod';

import { capabilitiesOf } from './conformance-fixtures-diagnostics.ts';

const says = (text: string): CallToolResult => ({ content: [{ type: 'text', text }] });
const form = (message: string, field: string, type: 'string' | 'boolean' = 'string') =>
  inputRequired.elicit({
    message,
    requestedSchema: {
      type: 'object',
      properties: { [field]: type === 'string' ? { type } : { type } },
      required: [field],
    },
  });
const ask = (text: string, maxTokens: number) =>
  inputRequired.createMessage({ messages: [{ role: 'user', content: { type: 'text', text } }], maxTokens });
const nameOf = (context: ServerContext, key: string): string | undefined =>
  acceptedContent(context.mcpReq.inputResponses, key, z.object({ name: z.string() }))?.name;

/** Registers the tools and the prompt by which the conformance suite tests the 2026 way of asking back (`input_required` results). For tests only. */
export function registerRoundFixtures(
  server: McpServer,
  state: RequestStateCodec<{ step: number; name?: string }>,
): void {
  const tool = (
    name: string,
    run: (context: ServerContext) => Promise<CallToolResult | ReturnType<typeof inputRequired>>,
  ): void => {
    server.registerTool(name, { description: 'Asks back before it answers.' }, run);
  };
  tool('test_input_required_result_elicitation', (context) => {
    const name = nameOf(context, 'user_name');
    if (name !== undefined) return Promise.resolve(says(`Hello, ${name}!`));
    return Promise.resolve(inputRequired({ inputRequests: { user_name: form('What is your name?', 'name') } }));
  });
  tool('test_input_required_result_sampling', (context) => {
    const answer = inputResponse(context.mcpReq.inputResponses, 'capital_question');
    if (answer.kind === 'sampling')
      return Promise.resolve(says(`The model said: ${JSON.stringify(answer.result.content)}`));
    return Promise.resolve(
      inputRequired({ inputRequests: { capital_question: ask('What is the capital of France?', 100) } }),
    );
  });
  tool('test_input_required_result_list_roots', (context) => {
    const answer = inputResponse(context.mcpReq.inputResponses, 'client_roots');
    if (answer.kind === 'roots')
      return Promise.resolve(says(`Roots: ${answer.roots.map(({ uri }) => uri).join(', ')}`));
    return Promise.resolve(inputRequired({ inputRequests: { client_roots: inputRequired.listRoots() } }));
  });
  tool('test_input_required_result_request_state', async (context) => {
    const confirmed = acceptedContent(context.mcpReq.inputResponses, 'confirm', z.object({ ok: z.boolean() }));
    const seen = context.mcpReq.requestState<{ step: number }>();
    if (confirmed !== undefined && seen?.step === 1) return says('state-ok');
    const requestState = await state.mint({ step: 1 }, context);
    return inputRequired({ inputRequests: { confirm: form('Please confirm', 'ok', 'boolean') }, requestState });
  });
  tool('test_input_required_result_tampered_state', async (context) => {
    const confirmed = acceptedContent(context.mcpReq.inputResponses, 'confirm', z.object({ ok: z.boolean() }));
    if (confirmed !== undefined && context.mcpReq.requestState() !== undefined) return says('state-ok');
    const requestState = await state.mint({ step: 1 }, context);
    return inputRequired({ inputRequests: { confirm: form('Please confirm', 'ok', 'boolean') }, requestState });
  });
  tool('test_input_required_result_multiple_inputs', async (context) => {
    const responses = context.mcpReq.inputResponses;
    const name = nameOf(context, 'user_name');
    const greeting = inputResponse(responses, 'greeting');
    const roots = inputResponse(responses, 'client_roots');
    if (name !== undefined && greeting.kind === 'sampling' && roots.kind === 'roots')
      return says(`All inputs of ${name} received`);
    const inputRequests = {
      user_name: form('What is your name?', 'name'),
      greeting: ask('Generate a greeting', 50),
      client_roots: inputRequired.listRoots(),
    };
    return inputRequired({ inputRequests, requestState: await state.mint({ step: 1 }, context) });
  });
  tool('test_input_required_result_multi_round', async (context) => {
    const seen = context.mcpReq.requestState<{ step: number; name?: string }>();
    const name = nameOf(context, 'step1');
    const color = acceptedContent(context.mcpReq.inputResponses, 'step2', z.object({ color: z.string() }))?.color;
    if (seen?.step === 2 && color !== undefined) return says(`${seen.name ?? 'Somebody'} likes ${color}`);
    if (seen?.step === 1 && name !== undefined) {
      const requestState = await state.mint({ step: 2, name }, context);
      return inputRequired({
        inputRequests: { step2: form('Step 2: What is your favorite color?', 'color') },
        requestState,
      });
    }
    const requestState = await state.mint({ step: 1 }, context);
    return inputRequired({ inputRequests: { step1: form('Step 1: What is your name?', 'name') }, requestState });
  });
  tool('test_input_required_result_capabilities', (context) => {
    // Only what the client said it can do may be asked of it.
    const able = capabilitiesOf(context);
    const inputRequests: InputRequests = {
      ...(able.elicitation === undefined ? {} : { user_name: form('What is your name?', 'name') }),
      ...(able.sampling === undefined ? {} : { greeting: ask('Generate a greeting', 50) }),
      ...(able.roots === undefined ? {} : { client_roots: inputRequired.listRoots() }),
    };
    const done = Object.keys(inputRequests).length === 0 || Object.keys(context.mcpReq.inputResponses ?? {}).length > 0;
    return Promise.resolve(done ? says('done') : inputRequired({ inputRequests }));
  });
  server.registerPrompt(
    'test_input_required_result_prompt',
    { description: 'Asks back before it answers.' },
    (context) => {
      const given = acceptedContent(context.mcpReq.inputResponses, 'user_context', z.object({ context: z.string() }));
      if (given === undefined) {
        return inputRequired({
          inputRequests: { user_context: form('What context should the prompt use?', 'context') },
        });
      }
      return { messages: [{ role: 'user', content: { type: 'text', text: `Use this context: ${given.context}` } }] };
    },
  );
}
