import type { CallToolResult, McpServer } from '@modelcontextprotocol/server';
import { completable, ResourceTemplate } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { systemClock } from '../infra/runtime/clock.ts';

/** A red pixel, and a WAV header without samples: the smallest valid image and sound. */
export const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==';
const sound = 'UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAAB9AAACABAAZGF0YQIAAAA=';

const says = (text: string): CallToolResult => ({ content: [{ type: 'text', text }] });
const pause = (): Promise<void> => systemClock.sleep(50);

/** Registers what the official conformance suite expects to find: tools, resources and prompts with fixed names. For tests only. */
export function registerConformanceFixtures(server: McpServer): void {
  registerContents(server);
  registerConversations(server);
  registerResources(server);
  registerPrompts(server);
}

function registerContents(server: McpServer): void {
  server.registerTool('test_simple_text', { description: 'Gives text.' }, () =>
    says('This is a simple text response for testing.'),
  );
  server.registerTool('test_image_content', { description: 'Gives an image.' }, () => ({
    content: [{ type: 'image', data: pixel, mimeType: 'image/png' }],
  }));
  server.registerTool('test_audio_content', { description: 'Gives a sound.' }, () => ({
    content: [{ type: 'audio', data: sound, mimeType: 'audio/wav' }],
  }));
  const embedded = {
    uri: 'test://embedded-resource',
    mimeType: 'text/plain',
    text: 'This is an embedded resource content.',
  };
  server.registerTool('test_embedded_resource', { description: 'Gives a resource.' }, () => ({
    content: [{ type: 'resource', resource: embedded }],
  }));
  const mixed = {
    uri: 'test://mixed-content-resource',
    mimeType: 'application/json',
    text: JSON.stringify({ test: 'data', value: 123 }),
  };
  server.registerTool('test_multiple_content_types', { description: 'Gives text, an image and a resource.' }, () => ({
    content: [
      { type: 'text', text: 'Multiple content types test:' },
      { type: 'image', data: pixel, mimeType: 'image/png' },
      { type: 'resource', resource: mixed },
    ],
  }));
  server.registerTool('test_error_handling', { description: 'Always fails.' }, () => {
    throw new Error('This tool intentionally returns an error for testing');
  });
  server.registerTool('test_tool_with_logging', { description: 'Logs while it runs.' }, async (context) => {
    for (const text of ['Tool execution started', 'Tool processing data', 'Tool execution completed']) {
      await context.mcpReq.notify({ method: 'notifications/message', params: { level: 'info', data: text } });
      await pause();
    }
    return says('Tool with logging executed successfully');
  });
  server.registerTool('test_tool_with_progress', { description: 'Reports progress.' }, async (context) => {
    const token = context.mcpReq._meta?.progressToken;
    for (const progress of [0, 50, 100]) {
      if (token !== undefined) {
        const params = { progressToken: token, progress, total: 100, message: `Completed step ${progress} of 100` };
        await context.mcpReq.notify({ method: 'notifications/progress', params });
      }
      await pause();
    }
    return says(String(token ?? 'no progress token'));
  });
}

const oneOfEach = {
  name: { type: 'string', default: 'John Doe' },
  age: { type: 'integer', default: 30 },
  score: { type: 'number', default: 95.5 },
  status: { type: 'string', enum: ['active', 'inactive', 'pending'], default: 'active' },
  verified: { type: 'boolean', default: true },
} as const;
const titled = (...names: string[]) => names.map((title, index) => ({ const: `value${index + 1}`, title }));
const enums = {
  untitledSingle: { type: 'string', enum: ['option1', 'option2', 'option3'] },
  titledSingle: { type: 'string', oneOf: titled('First Option', 'Second Option', 'Third Option') },
  legacyEnum: {
    type: 'string',
    enum: ['opt1', 'opt2', 'opt3'],
    enumNames: ['Option One', 'Option Two', 'Option Three'],
  },
  untitledMulti: { type: 'array', items: { type: 'string', enum: ['option1', 'option2', 'option3'] } },
  titledMulti: { type: 'array', items: { anyOf: titled('First Choice', 'Second Choice', 'Third Choice') } },
} satisfies Record<string, unknown>;

/** Tools that ask the client for something in the 2025 way: a request of the server's own while the call is open. */
function registerConversations(server: McpServer): void {
  server.registerTool(
    'test_sampling',
    { description: 'Asks the client’s model.', inputSchema: z.object({ prompt: z.string() }) },
    async ({ prompt }, context) => {
      const messages = [{ role: 'user' as const, content: { type: 'text' as const, text: prompt } }];
      const { content } = await context.mcpReq.requestSampling({ messages, maxTokens: 100 });
      return says(`LLM response: ${'text' in content ? content.text : JSON.stringify(content)}`);
    },
  );
  const elicit = (properties: Record<string, unknown>, required: string[], message: string) => ({
    message,
    requestedSchema: { type: 'object', properties, ...(required.length === 0 ? {} : { required }) },
  });
  server.registerTool(
    'test_elicitation',
    { description: 'Asks the user.', inputSchema: z.object({ message: z.string() }) },
    async ({ message }, context) => {
      const fields = {
        username: { type: 'string', description: "User's response" },
        email: { type: 'string', description: "User's email address" },
      };
      const answer = await context.mcpReq.send({
        method: 'elicitation/create',
        params: elicit(fields, ['username', 'email'], message),
      });
      return says(`User response: action=${answer.action}, content=${JSON.stringify(answer.content ?? {})}`);
    },
  );
  for (const [name, properties] of [
    ['test_elicitation_sep1034_defaults', oneOfEach],
    ['test_elicitation_sep1330_enums', enums],
  ] as const) {
    server.registerTool(name, { description: 'Asks the user with a form of many kinds of field.' }, async (context) => {
      const answer = await context.mcpReq.send({
        method: 'elicitation/create',
        params: elicit(properties, [], 'Please fill in the form'),
      });
      return says(`Elicitation completed: action=${answer.action}, content=${JSON.stringify(answer.content ?? {})}`);
    });
  }
}

function registerResources(server: McpServer): void {
  const text = { title: 'Static text', description: 'A text.', mimeType: 'text/plain' };
  server.registerResource('static-text', 'test://static-text', text, (uri) => ({
    contents: [{ uri: uri.href, mimeType: 'text/plain', text: 'This is the content of the static text resource.' }],
  }));
  const binary = { title: 'Static binary', description: 'An image.', mimeType: 'image/png' };
  server.registerResource('static-binary', 'test://static-binary', binary, (uri) => ({
    contents: [{ uri: uri.href, mimeType: 'image/png', blob: pixel }],
  }));
  server.registerResource('watched-resource', 'test://watched-resource', { ...text, title: 'Watched' }, (uri) => ({
    contents: [{ uri: uri.href, mimeType: 'text/plain', text: 'Watched resource content' }],
  }));
  const template = new ResourceTemplate('test://template/{id}/data', { list: undefined });
  const json = { title: 'Template', description: 'Data of an id.', mimeType: 'application/json' };
  server.registerResource('template', template, json, (uri, { id }) => ({
    contents: [
      {
        uri: uri.href,
        mimeType: 'application/json',
        text: JSON.stringify({ id, templateTest: true, data: `Data for ID: ${String(id)}` }),
      },
    ],
  }));
  const subscribed = new Set<string>();
  server.server.setRequestHandler('resources/subscribe', ({ params }) => {
    subscribed.add(params.uri);
    return {};
  });
  server.server.setRequestHandler('resources/unsubscribe', ({ params }) => {
    subscribed.delete(params.uri);
    return {};
  });
}

function registerPrompts(server: McpServer): void {
  const user = (text: string) => ({ role: 'user' as const, content: { type: 'text' as const, text } });
  server.registerPrompt('test_simple_prompt', { description: 'A prompt.' }, () => ({
    messages: [user('This is a simple prompt for testing.')],
  }));
  const cities = ['paris', 'park', 'party'];
  const argsSchema = z.object({
    arg1: completable(z.string(), (value) => cities.filter((city) => city.startsWith(value))),
    arg2: z.string(),
  });
  server.registerPrompt(
    'test_prompt_with_arguments',
    { description: 'A prompt with arguments.', argsSchema },
    ({ arg1, arg2 }) => ({
      messages: [user(`Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`)],
    }),
  );
  server.registerPrompt(
    'test_prompt_with_embedded_resource',
    { description: 'A prompt with a resource.', argsSchema: z.object({ resourceUri: z.string() }) },
    ({ resourceUri }) => ({
      messages: [
        {
          role: 'user',
          content: {
            type: 'resource',
            resource: { uri: resourceUri, mimeType: 'text/plain', text: 'Embedded resource content for testing.' },
          },
        },
        user('Please process the embedded resource above.'),
      ],
    }),
  );
  server.registerPrompt('test_prompt_with_image', { description: 'A prompt with an image.' }, () => ({
    messages: [
      { role: 'user', content: { type: 'image', data: pixel, mimeType: 'image/png' } },
      user('Please analyze the image above.'),
    ],
  }));
}
