import { levelInText, readLogFields } from '../log-fields.ts';
import type { ReadLogLine } from '../log-fields.ts';

/** One line of a log file: a record, or why it was set aside. Text that is no JSON is kept as a record without a time. */
export type LogLine = { record: ReadLogLine; timed: boolean; reason?: string } | { record?: never; reason: string };

const textMax = 4_000;

/** Reads one line of NDJSON. Never throws. */
export function readLogLine(bytes: Buffer): LogLine {
  const text = bytes.toString('utf8').trim();
  if (text === '') return { reason: 'empty' };
  if (text.startsWith('{')) {
    try {
      const parsed: unknown = JSON.parse(text);
      if (parsed !== null && typeof parsed === 'object') {
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- JSON of an object
        const record = readLogFields(parsed as Record<string, unknown>);
        return { record, timed: record.at !== undefined };
      }
    } catch {
      // Not JSON after all: judged as text below.
    }
  }
  if (isBinary(text)) return { reason: 'binary' };
  // A crash dump or a native abort writes plain text; it is the last thing to throw away.
  const record: ReadLogLine = { level: levelInText(text), message: text.slice(0, textMax), fields: {} };
  return { record, timed: false, reason: 'malformed' };
}

function isBinary(text: string): boolean {
  const start = text.slice(0, 1_000);
  let odd = 0;
  for (let index = 0; index < start.length; index += 1) {
    const code = start.charCodeAt(index);
    // Control characters but tab, line ends and escape, and what is not UTF-8.
    if (code < 9 || (code > 13 && code < 32 && code !== 27) || code === 0xfffd) odd += 1;
  }
  return odd > start.length / 20;
}
