import { z } from 'zod';
import type { SourceDocument } from '../../chunk.ts';
import { kindOf } from '../../text/kind-of.ts';
import { documentOf, type Reader } from '../reader.ts';
import { lineFinder } from '../text-lines.ts';

const messages = z.array(
  z.looseObject({
    ts: z.string(),
    text: z.string().default(''),
    thread_ts: z.string().optional(),
    user: z.string().optional(),
    user_profile: z.looseObject({ display_name: z.string().optional(), real_name: z.string().optional() }).optional(),
    subtype: z.string().optional(),
  }),
);
/** What joins and topic changes say is no knowledge. */
const silent = /^(?:channel|group)_(?:join|leave|topic|purpose|name|archive)$|^bot_(?:add|remove)$/;

/**
 * A day of a channel of a Slack export (`<channel>/<date>.json`): a document a thread, named by its first words, a section a message at its
 * line in the file. Users are named by the profile in the message, else by their id. A thread that goes on on another day is another document.
 */
export const slackReader: Reader = {
  name: 'slack export',
  takes: ({ uri }) => /(^|\/)[^/]+\/\d{4}-\d{2}-\d{2}\.json$/.test(uri),
  read: (file) => {
    const text = file.text();
    const parsed = messages.safeParse(JSON.parse(text));
    if (!parsed.success) throw new SyntaxError('this is no day of a Slack export');
    const channel = file.uri.split('/').at(-2)!;
    const lineOf = lineFinder(text);
    const threads = new Map<string, { said: string; line: number }[]>();
    for (const message of parsed.data) {
      if (message.text.trim() === '' || silent.test(message.subtype ?? '')) continue;
      const thread = threads.get(message.thread_ts ?? message.ts) ?? [];
      threads.set(message.thread_ts ?? message.ts, thread);
      const at = text.indexOf(JSON.stringify(message.ts));
      thread.push({ said: `${whoOf(message)}: ${plain(message.text)}`, line: lineOf(Math.max(0, at)) });
    }
    return [...threads].map(([ts, thread]): SourceDocument => {
      const first = thread[0]!.said;
      const title = first.slice(first.indexOf(': ') + 2).split('\n')[0]!;
      const sections = thread.map(({ said, line }) => ({ path: [`#${channel}`], text: said, line, lineTo: line }));
      return documentOf(`${file.uri}#${ts}`, title.slice(0, 100), kindOf(file.uri, []), sections);
    });
  },
};

type Message = z.infer<typeof messages>[number];

function whoOf({ user, user_profile: profile }: Message): string {
  const names = [profile?.display_name, profile?.real_name, user];
  return names.find((name) => name !== undefined && name !== '') ?? 'someone';
}

/** Links and mentions as they read, entities as their characters. */
function plain(text: string): string {
  return text
    .replaceAll(/<([^>|]*)\|([^>]*)>/g, '$2')
    .replaceAll(/<(https?:[^>]*)>/g, '$1')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}
