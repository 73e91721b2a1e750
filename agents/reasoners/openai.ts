import { EventSourceParserStream } from 'eventsource-parser/stream';
import { z } from 'zod';
import { CerebroError } from '../../infra/runtime/errors.ts';
import type { Secret } from '../../infra/runtime/secret.ts';
import { type ChatModel, type ChatReply, type ChatRequest, estimateTokens, maxReplyChars } from './chat-model.ts';

export interface OpenAiModelOptions {
  /** The root of the API, such as `https://api.openai.com/v1` or `http://127.0.0.1:8000/v1`. */
  baseUrl: string;
  model: string;
  apiKey?: Secret;
  /** `max_completion_tokens` for servers that no longer take `max_tokens`. */
  tokenLimitField?: 'max_tokens' | 'max_completion_tokens';
}

const usage = z.object({ prompt_tokens: z.number(), completion_tokens: z.number() });
const piece = z.object({
  choices: z
    .array(
      z.object({
        delta: z.object({ content: z.string().nullish() }).optional(),
        message: z.object({ content: z.string().nullish() }).optional(),
        finish_reason: z.string().nullish(),
      }),
    )
    .default([]),
  usage: usage.nullish(),
  error: z.unknown().optional(),
});

/**
 * A model behind any server that speaks OpenAI's chat completions (OpenAI, vLLM, llama.cpp, …), streamed by server-sent events. Asks for
 * the JSON Schema as `response_format`; a server that refuses it (400 or 422) is asked plainly from then on. The key goes in no log,
 * and redirects are refused so that it goes to no other host.
 */
export function createOpenAiModel(options: OpenAiModelOptions): ChatModel {
  const url = `${options.baseUrl.replace(/\/+$/, '')}/chat/completions`;
  let plain = false;

  const post = async (request: ChatRequest, signal: AbortSignal): Promise<Response> => {
    const body = {
      model: options.model,
      stream: true,
      stream_options: { include_usage: true },
      [options.tokenLimitField ?? 'max_tokens']: request.maxTokens,
      messages: [
        { role: 'system', content: request.system },
        { role: 'user', content: request.user },
      ],
      ...(plain
        ? {}
        : {
            temperature: 0,
            response_format: { type: 'json_schema', json_schema: { name: request.schemaName, schema: request.schema } },
          }),
    };
    const headers: Record<string, string> = { 'content-type': 'application/json', accept: 'text/event-stream' };
    if (options.apiKey !== undefined) headers['authorization'] = `Bearer ${options.apiKey.reveal()}`;
    return fetch(url, { method: 'POST', headers, body: JSON.stringify(body), signal, redirect: 'error' });
  };

  const attempt = async (request: ChatRequest, signal: AbortSignal): Promise<ChatReply> => {
    let response = await post(request, signal);
    if (!plain && (response.status === 400 || response.status === 422)) {
      await response.body?.cancel();
      plain = true;
      response = await post(request, signal);
    }
    if (!response.ok) {
      // Another fault than the format may have been behind the refusal, so the next request tries the format again.
      if (response.status < 500 && response.status !== 429) plain = false;
      throw await refusal(response);
    }
    return response.headers.get('content-type')?.includes('application/json') === true
      ? readWhole(response, request)
      : readStream(response, request);
  };

  return {
    name: `openai:${options.model}`,
    complete: async (request, signal) => {
      try {
        return await attempt(request, signal);
      } catch (thrown) {
        if (thrown instanceof CerebroError) throw thrown;
        if (signal.aborted)
          throw new CerebroError('CANCELLED', 'The request to the model was withdrawn.', { cause: thrown });
        throw new CerebroError(
          'MODEL_UNAVAILABLE',
          `The model server could not be reached or broke off: ${reasonOf(thrown)}`,
          { cause: thrown },
        );
      }
    },
    close: () => undefined,
  };
}

async function readStream(response: Response, request: ChatRequest): Promise<ChatReply> {
  if (response.body === null) throw new CerebroError('MODEL_UNAVAILABLE', 'The model server sent no body.');
  const events = response.body
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(new EventSourceParserStream({ maxBufferSize: 1_000_000 }));
  let text = '';
  let finished = false;
  let counted: z.infer<typeof usage> | undefined;
  for await (const event of events) {
    if (event.data === '[DONE]') {
      finished = true;
      break;
    }
    const chunk = readPiece(event.data);
    text += chunk.choices[0]?.delta?.content ?? '';
    if (text.length > maxReplyChars) throw new CerebroError('BACKEND_REJECTED', 'The model does not stop talking.');
    if (typeof chunk.choices[0]?.finish_reason === 'string') finished = true;
    counted = chunk.usage ?? counted;
  }
  if (!finished) throw new CerebroError('MODEL_UNAVAILABLE', 'The model server broke off in the middle of its reply.');
  return replyOf(text, counted, request);
}

async function readWhole(response: Response, request: ChatRequest): Promise<ChatReply> {
  const whole = readPiece((await response.text()).slice(0, maxReplyChars));
  return replyOf(whole.choices[0]?.message?.content ?? '', whole.usage ?? undefined, request);
}

function readPiece(data: string): z.infer<typeof piece> {
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch (thrown) {
    throw new CerebroError('MODEL_UNAVAILABLE', 'The model server sent an event that is no JSON.', { cause: thrown });
  }
  const parsed = piece.safeParse(value);
  if (!parsed.success)
    throw new CerebroError('MODEL_UNAVAILABLE', 'The model server sent an event of an unknown form.');
  if (parsed.data.error !== undefined && parsed.data.error !== null) {
    throw new CerebroError(
      'MODEL_UNAVAILABLE',
      `The model server reported: ${JSON.stringify(parsed.data.error).slice(0, 200)}`,
    );
  }
  return parsed.data;
}

function replyOf(text: string, counted: z.infer<typeof usage> | undefined, request: ChatRequest): ChatReply {
  return {
    text,
    inputTokens: counted?.prompt_tokens ?? estimateTokens(request.system + request.user),
    outputTokens: counted?.completion_tokens ?? estimateTokens(text),
  };
}

async function refusal(response: Response): Promise<CerebroError> {
  const said = (await response.text().catch(() => '')).slice(0, 300);
  const details: Record<string, unknown> = { status: response.status };
  const retryAfter = Number(response.headers.get('retry-after'));
  if (retryAfter > 0) details['retryAfterMs'] = retryAfter * 1_000;
  const message = `The model server answered ${response.status}: ${said}`;
  if (response.status === 429) return new CerebroError('RATE_LIMITED', message, { details });
  if (response.status >= 500 || response.status === 408)
    return new CerebroError('MODEL_UNAVAILABLE', message, { details });
  return new CerebroError('BACKEND_REJECTED', message, { details });
}

function reasonOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  return thrown.cause instanceof Error ? `${thrown.message} (${thrown.cause.message})` : thrown.message;
}
