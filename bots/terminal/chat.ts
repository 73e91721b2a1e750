import { createInterface } from 'node:readline';
import type { Answer } from '../../domain/answer.ts';
import { CerebroError } from '../../infra/runtime/errors.ts';
import { plainText } from './plain-text.ts';

/**
 * Reads one question a line and waits for `ask` to end before the next prompt; `exit`, `quit` or the end of input stop it. A question that
 * fails is told and the conversation goes on. Returns the last answer.
 */
export async function runChat(
  streams: { input: NodeJS.ReadableStream; prompts: NodeJS.WritableStream },
  ask: (text: string) => Promise<Answer | undefined>,
): Promise<Answer | undefined> {
  const lines = createInterface({ input: streams.input, output: streams.prompts, prompt: '> ' });
  let last: Answer | undefined;
  let ended = false;
  // Piped input ends while its last lines still wait here; a prompt would then throw.
  lines.once('close', () => (ended = true));
  streams.prompts.write('Ask in plain words, for example "why is checkout slow?". "exit" leaves.\n');
  lines.prompt();
  for await (const line of lines) {
    const text = line.trim();
    if (text === 'exit' || text === 'quit') break;
    if (text !== '') {
      try {
        last = (await ask(text)) ?? last;
      } catch (thrown) {
        const error = CerebroError.from(thrown);
        streams.prompts.write(`${error.code}: ${plainText(error.message)}\n`);
      }
    }
    if (!ended) lines.prompt();
  }
  lines.close();
  return last;
}
