import type { Change } from '../../../domain/signal.ts';

/** One place that a diff touches, both sides rebuilt: what stands around belongs to both. */
export interface Hunk {
  file: string;
  before: string[];
  after: string[];
  /** The heading's words: the function or block that the place lies in, where the tool tells. */
  heading: string;
  /** Lines of the new side that the place covers, counted from 1; undefined where the heading gives no numbers. */
  lines?: { from: number; to: number };
}

const mostCharacters = 400_000;
/** A line as long as this was made by a machine and is not read. */
const longestLine = 2_000;
const mostHunks = 400;

/**
 * The hunks of a unified diff, also of one whose only headings are `@@ path @@` or `@@ path: heading`, and of one without headings (then one
 * file must be known). Binary parts and lines longer than 2,000 characters are left out. Cost linear.
 */
export function readDiff(change: Pick<Change, 'diff' | 'files'>): Hunk[] {
  const files = change.files ?? [];
  const hunks: Hunk[] = [];
  let file = files.length > 0 ? files[0]! : '';
  let hunk: Hunk | undefined;
  const open = (heading: string, from?: number): Hunk => {
    hunk = { file, before: [], after: [], heading, ...(from === undefined ? {} : { lines: { from, to: from } }) };
    if (hunks.length < mostHunks) hunks.push(hunk);
    return hunk;
  };
  for (const line of (change.diff ?? '').slice(0, mostCharacters).split('\n')) {
    if (line.length > longestLine || line.startsWith('\\ ')) continue;
    if (line.startsWith('diff --git ') || line.startsWith('index ') || line.startsWith('Binary files ')) {
      hunk = undefined;
      continue;
    }
    const path = pathOf(line);
    if (path !== undefined) {
      if (path !== '/dev/null') file = path;
      hunk = undefined;
      continue;
    }
    if (line.startsWith('@@')) {
      const heading = headingOf(line, files);
      file = heading.file ?? file;
      open(heading.text, heading.from);
      continue;
    }
    addLine(hunk ?? open(''), line);
  }
  return hunks.filter(({ before, after }) => before.join('\n') !== after.join('\n'));
}

/** Whether all of a diff is read: no binary part, no line of a machine, not too long. */
export function isReadWhole(diff: string): boolean {
  if (diff.length > mostCharacters) return false;
  let from = 0;
  for (let to = diff.indexOf('\n'); to >= 0; to = diff.indexOf('\n', from)) {
    if (to - from > longestLine) return false;
    from = to + 1;
  }
  return diff.length - from <= longestLine && !diff.includes('\nBinary files ');
}

function addLine(into: Hunk, line: string): void {
  const text = line.slice(1);
  if (line.startsWith('+')) into.after.push(text);
  else if (line.startsWith('-')) into.before.push(text);
  else {
    into.before.push(line.startsWith(' ') ? text : line);
    into.after.push(line.startsWith(' ') ? text : line);
  }
  if (into.lines !== undefined && !line.startsWith('-')) into.lines.to += 1;
}

/** The path of a `---` or `+++` heading; a removed line that begins with `--` has no blank after three signs. */
function pathOf(line: string): string | undefined {
  if (!line.startsWith('+++ ') && !line.startsWith('--- ')) return undefined;
  const path = line.slice(4).split('\t')[0]!.trim();
  if (!line.startsWith('+++ ') && !path.startsWith('a/') && path !== '/dev/null') return undefined;
  return path.startsWith('a/') || path.startsWith('b/') ? path.slice(2) : path;
}

function headingOf(line: string, files: readonly string[]): { file?: string; from?: number; text: string } {
  const end = line.indexOf('@@', 2);
  const inner = (end < 0 ? line.slice(2) : line.slice(2, end)).trim();
  const rest = end < 0 ? '' : line.slice(end + 2).trim();
  const numbers = inner.split(' ').find((word) => word.startsWith('+'));
  if (inner.startsWith('-') && numbers !== undefined) {
    const from = Number.parseInt(numbers.slice(1), 10);
    return { ...(Number.isNaN(from) ? {} : { from }), text: rest };
  }
  const [first = ''] = inner.split(/[\s:]/, 1);
  const named = files.includes(first) || first.includes('/');
  return named
    ? { file: first, text: `${inner.slice(first.length)} ${rest}`.trim() }
    : { text: `${inner} ${rest}`.trim() };
}
