import type { Change } from '../../../domain/signal.ts';
import { isIdleFile, isPlainLine } from './change-hints.ts';

/** One altered line with the file it lies in, where that is known. */
export interface DiffLine {
  file: string;
  text: string;
}

/** What a change really alters: lines that run and do not merely move, and the lines around them. */
export interface Alteration {
  files: string[];
  added: DiffLine[];
  removed: DiffLine[];
  /** Function headings and unchanged lines beside what was altered. */
  around: string[];
  /** Whether there was a diff to read. */
  hasDiff: boolean;
  /** Every altered line lies in a file that does not run, or is plain. */
  plain: boolean;
}

const mostCharacters = 200_000;

/**
 * Reads a unified diff, also one whose only headings are `@@ path @@`. Lines that were removed here and added there alike (moved, indented
 * anew, wrapped) alter nothing and are left out, as are blank lines, comments, imports and types. Cost linear.
 */
export function readDiff(change: Change): Alteration {
  const raw = linesOf(change);
  const runs = (line: DiffLine): boolean => !isPlainLine(line.text) && !isRemark(line.text);
  const added = raw.added.filter(runs);
  const removed = raw.removed.filter(runs);
  const moved = sameLines(added, removed);
  return {
    files: raw.files,
    added: added.filter((line) => !takeOne(moved.added, normal(line.text))),
    removed: removed.filter((line) => !takeOne(moved.removed, normal(line.text))),
    around: raw.around,
    hasDiff: raw.seen,
    plain: added.length === 0 && removed.length === 0,
  };
}

interface RawLines {
  files: string[];
  added: DiffLine[];
  removed: DiffLine[];
  around: string[];
  seen: boolean;
}

function linesOf(change: Change): RawLines {
  const files = new Set(change.files ?? []);
  const lines: RawLines = { files: [], added: [], removed: [], around: [], seen: (change.diff ?? '') !== '' };
  const only = files.size === 1 ? [...files][0]! : '';
  let file = only;
  for (const line of (change.diff ?? '').slice(0, mostCharacters).split('\n')) {
    const path = /^\+\+\+ (?:b\/)?(\S+)/.exec(line)?.[1] ?? /^@@ ([\w.-]*[/.][\w./-]+\w)/.exec(line)?.[1];
    if (path !== undefined && path !== '/dev/null') {
      file = path;
      files.add(path);
    }
    if (line.startsWith('+++') || line.startsWith('---')) continue;
    if (isIdleFile(file)) continue;
    if (line.startsWith('@@')) lines.around.push(line.replace(/^@@[ \d,+-]*@?@?/, ''));
    else if (line.startsWith('+')) lines.added.push({ file, text: line.slice(1) });
    else if (line.startsWith('-')) lines.removed.push({ file, text: line.slice(1) });
    else lines.around.push(line);
  }
  lines.files = [...files];
  return lines;
}

/** A line that only writes a log, registers a metric or names a span: it can flood a disk, but breaks no request. */
function isRemark(text: string): boolean {
  return /^\s*(LOG_\w+\(|log(ger)?\.\w+\(|logging\.\w+\(|console\.\w+\(|span\.(set|add)\w*\()/i.test(text);
}

function sameLines(
  added: readonly DiffLine[],
  removed: readonly DiffLine[],
): { added: Map<string, number>; removed: Map<string, number> } {
  const counts = new Map<string, number>();
  for (const { text } of added) counts.set(normal(text), (counts.get(normal(text)) ?? 0) + 1);
  const both = new Map<string, number>();
  for (const { text } of removed) {
    const key = normal(text);
    if ((counts.get(key) ?? 0) <= (both.get(key) ?? 0)) continue;
    both.set(key, (both.get(key) ?? 0) + 1);
  }
  return { added: new Map(both), removed: new Map(both) };
}

function takeOne(counts: Map<string, number>, key: string): boolean {
  const left = counts.get(key) ?? 0;
  if (left > 0) counts.set(key, left - 1);
  return left > 0;
}

function normal(text: string): string {
  return text.replaceAll(/\s+/g, '').replace(/[,;]$/, '');
}
