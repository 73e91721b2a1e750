import { EventSourceParserStream } from 'eventsource-parser/stream';
import type { Question } from '../domain/question.ts';
import { type RunEvent, runEvent } from '../domain/run.ts';
import { CerebroError } from '../infra/runtime/errors.ts';
import type { Secret } from '../infra/runtime/secret.ts';
import type { Running } from './process-file.ts';
import { readReply } from './read-reply.ts';

/** Asks a Cerebro that already runs on this machine, over its console's API. Throws BACKEND_UNAVAILABLE, BACKEND_REJECTED, or BACKEND_MALFORMED where that one is of another version. */
export function createRemoteAsker(options: Running & { token?: Secret }): {
  ask(question: Question, more?: { signal?: AbortSignal }): AsyncIterable<RunEvent>;
} {
  return {
    async *ask(question, more = {}) {
      const headers: Record<string, string> = { 'content-type': 'application/json', 'x-cerebro': '1' };
      if (options.token !== undefined) headers['cookie'] = await logIn(options.url, options.token);
      const response = await fetch(new URL('/api/ask', options.url), {
        method: 'POST',
        headers,
        body: JSON.stringify({ text: question.text, thread: question.thread, timeZone: question.timeZone }),
        ...(more.signal === undefined ? {} : { signal: more.signal }),
      });
      if (!response.ok || response.body === null) {
        throw new CerebroError(
          'BACKEND_REJECTED',
          `Cerebro at ${options.url} answered ${response.status}: ${(await response.text()).slice(0, 300)}`,
        );
      }
      const events = response.body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
      for await (const { data } of events) yield readReply(runEvent, JSON.parse(data), options);
    },
  };
}

/** The cookie of a log-in with the console's token. Throws UNAUTHENTICATED. */
export async function logIn(url: string, token: Secret): Promise<string> {
  const response = await fetch(new URL('/api/session', url), {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-cerebro': '1' },
    body: JSON.stringify({ token: token.reveal() }),
  });
  if (!response.ok) throw new CerebroError('UNAUTHENTICATED', `Cerebro at ${url} did not accept the console token.`);
  return response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0] ?? '')
    .join('; ');
}
