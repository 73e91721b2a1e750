import { z } from 'zod';
import type { SourceDocument } from '../chunk.ts';

const messages = z.array(
  z.looseObject({
    ts: z.string(),
    text: z.string().default(''),
    thread_ts: z.string().optional(),
    user: z.string().optional(),
  }),
);

/**
 * Reads one day of a channel of a Slack export (`<channel>/<date>.json`): a document a thread, named by its first words. Users stay the ids
 * that the export gives. Undefined for JSON that is no such file.
 */
export function readSlackExport(uri: string, text: string): SourceDocument[] | undefined {
  if (!/(^|\/)[^/]+\/\d{4}-\d{2}-\d{2}\.json$/.test(uri)) return undefined;
  const parsed = messages.safeParse(JSON.parse(text));
  if (!parsed.success) return undefined;
  const threads = new Map<string, { user?: string | undefined; text: string }[]>();
  for (const message of parsed.data) {
    const key = message.thread_ts ?? message.ts;
    threads.set(key, [...(threads.get(key) ?? []), message]);
  }
  return [...threads].map(([ts, said]) => ({
    uri: `${uri}#${ts}`,
    title: said[0]!.text.split('\n')[0]!.slice(0, 100),
    kind: 'document' as const,
    labels: [],
    entities: [],
    sections: [
      { path: [], text: said.map(({ user = 'someone', text: words }) => `${user}: ${words}`).join('\n'), line: 1 },
    ],
  }));
}
