import { createParser } from 'eventsource-parser';
import type { RunEvent } from '../../../../domain/run.ts';
import { ownHeaders, refusalOf } from './api.ts';

/** Asks the server and hands over each event of the run as it comes. Resolves when the stream ends; rejects when it is refused or breaks. */
export async function readRunStream(body: unknown, take: (event: RunEvent) => void): Promise<void> {
  const response = await fetch('/api/ask', { method: 'POST', headers: ownHeaders, body: JSON.stringify(body) });
  if (!response.ok || response.body === null) throw await refusalOf(response);
  const parser = createParser({
    onEvent: (message) => {
      const event: RunEvent = JSON.parse(message.data);
      take(event);
    },
  });
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    parser.feed(value);
  }
}
