import { exceptionOf } from './failure-of.ts';
import { isAttachedToPostgres, isOpenCsv } from './postgres-line.ts';
import type { ReadText } from './read-log-text.ts';

/** Tells which lines of one writer belong together: stack traces, statements, what PostgreSQL attaches to a message. */
export interface LineJoiner {
  /** Whether a line goes on with the record before it. `read` is the line taken apart on its own. Lines in file order. */
  continues(line: string, read: ReadText): boolean;
}

interface Open {
  first: string;
  read: ReadText;
  lines: number;
  /** Within a Python traceback whose last line, the exception, has not come. */
  inTraceback: boolean;
  csvOpen: boolean;
  /** The statement of a slow query has come to its end. */
  isComplete: boolean;
}

const mostLines = 500;
const links = [
  'Caused by: ',
  'Suppressed: ',
  '... ',
  'During handling of the above',
  'The above exception was',
  '--- End of ',
  'Backtrace:',
];

/** A joiner for the lines of one file. Keeps the first line of the open record only. */
export function createLineJoiner(): LineJoiner {
  let open: Open | undefined;
  return {
    continues(line, read) {
      if (open !== undefined && open.lines < mostLines && goesOn(open, line, read)) {
        open.lines += 1;
        if (open.csvOpen) open.csvOpen = !isOpenCsv(line);
        open.isComplete ||= line.endsWith(';') && !line.startsWith('SET ') && !line.startsWith('use ');
        if (isTracebackStart(line)) open.inTraceback = true;
        else if (open.inTraceback && line.trim() !== '' && !isIndented(line)) open.inTraceback = false;
        return true;
      }
      open = {
        first: line,
        read,
        lines: 1,
        inTraceback: isTracebackStart(line),
        csvOpen: line.includes(',"') && isOpenCsv(line),
        isComplete: false,
      };
      return false;
    },
  };
}

function goesOn(open: Open, line: string, read: ReadText): boolean {
  const { first } = open;
  if (first.startsWith('{') || open.read.isAccess === true) return false;
  if (open.csvOpen) return true;
  if (isIndented(line)) return true;
  if (isAttachedToPostgres(line))
    return open.read.fields['format'] === 'postgres' && open.read.fields['pid'] === read.fields['pid'];
  if (read.at !== undefined) return false;
  if (first.startsWith('# ')) return !open.isComplete && !beginsSlowQuery(line, first);
  if (open.inTraceback || links.some((link) => line.startsWith(link))) return true;
  if (first.startsWith('panic: ') || first.startsWith('fatal error: ')) return isGoTrace(line);
  return open.read.at !== undefined && isOfTrouble(open, line, read);
}

/** A line without a time among lines with one belongs to the trouble before it, unless it speaks for itself. */
function isOfTrouble(open: Open, line: string, read: ReadText): boolean {
  if (line.startsWith('{') || line.startsWith('# ')) return false;
  if (isTracebackStart(line) || exceptionOf(line) !== undefined) return true;
  const isTrouble = open.read.level === 'error' || open.read.level === 'fatal';
  return isTrouble && open.lines > 1 && read.level === 'unknown' && read.isAccess !== true;
}

/** MySQL leaves out the time where it is the same as before. */
function beginsSlowQuery(line: string, first: string): boolean {
  return line.startsWith('# Time: ') || (line.startsWith('# User@Host') && !first.startsWith('# Time: '));
}

function isIndented(line: string): boolean {
  const code = line.charCodeAt(0);
  return code === 32 || code === 9;
}

function isTracebackStart(line: string): boolean {
  return line.endsWith('Traceback (most recent call last):');
}

function isGoTrace(line: string): boolean {
  return (
    line === '' ||
    line.startsWith('goroutine ') ||
    line.startsWith('created by ') ||
    line.startsWith('[signal ') ||
    line.startsWith('exit status ') ||
    (line.endsWith(')') && line.includes('('))
  );
}
