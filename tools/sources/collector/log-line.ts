import { readLogText } from '../../../detection/evidence/logs/formats/read-log-text.ts';
import type { ReadText } from '../../../detection/evidence/logs/formats/read-log-text.ts';

/** One line of a log file: a record, or why it was set aside. Text of no known form is kept as a record without a time. */
export type LogLine = { text: string; record: ReadText; reason?: string } | { record?: never; reason: string };

/** Reads one line, JSON or text of any known form, written about `nearMs`. Never throws. */
export function readLogLine(bytes: Buffer, nearMs: number): LogLine {
  const text = bytes.toString('utf8').trimEnd();
  const start = text.trimStart();
  if (start === '') return { reason: 'empty' };
  if (isBinary(text)) return { reason: 'binary' };
  const record = readLogText(text, nearMs);
  // A crash dump or a native abort writes plain text; it is the last thing to throw away.
  return start.startsWith('{') && record.message === start ? { text, record, reason: 'malformed' } : { text, record };
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
