/** What a stack trace or the head of one says. */
export interface Failure {
  /** The class of the innermost exception (`Caused by` last), as written, or `panic`. */
  exception: string;
  /** `file:line:function`, where it was thrown first; at most 20. */
  frames: string[];
}

const mostLines = 400;
const mostFrames = 20;
const endings = ['Error', 'Exception', 'Warning', 'Fault', 'Interrupt', 'Exit', 'Throwable', 'Timeout', 'NotFound'];

/**
 * Reads the exception and frames out of a message of one or many lines: JVM, .NET, Python, Node, Go, Ruby and PHP write them so. Of causes that
 * follow one another the last counts. Undefined where no exception class heads a line. Linear; reads 400 lines.
 */
export function failureOf(text: string): Failure | undefined {
  let exception: string | undefined;
  const frames: string[] = [];
  const python: string[] = [];
  let goFunction: string | undefined;
  for (const line of text.split('\n', mostLines)) {
    const trimmed = line.trim();
    const frame = frameOf(trimmed);
    if (frame !== undefined) {
      if (frame.language === 'python') python.unshift(frame.text);
      else frames.push(frame.text);
      continue;
    }
    const go = goFrame(line, goFunction);
    if (go !== undefined) frames.push(go);
    goFunction =
      trimmed.endsWith(')') && trimmed.includes('(') && !trimmed.includes(' ')
        ? trimmed.slice(0, trimmed.lastIndexOf('('))
        : undefined;
    const name = exceptionOf(trimmed);
    if (name === undefined) continue;
    // What caused it has the frames that tell.
    if (trimmed.startsWith('Caused by: ')) frames.length = 0;
    exception = name;
  }
  const found = [...frames, ...python].slice(0, mostFrames);
  return exception === undefined ? undefined : { exception, frames: found };
}

/** The exception class that heads a line, or `panic`; behind `Caused by:`, `Exception in thread "x"`, `Unhandled exception.` and the like too. */
export function exceptionOf(line: string): string | undefined {
  if (line.startsWith('panic: ') || line.startsWith('fatal error: ')) return 'panic';
  let from = 0;
  for (const lead of [
    'Caused by: ',
    'Uncaught ',
    'Unhandled exception. ',
    'PHP Fatal error:  Uncaught ',
    'FATAL ERROR: ',
    'FATAL: ',
  ])
    if (line.startsWith(lead)) from = lead.length;
  if (line.startsWith('Exception in thread "')) from = line.indexOf('" ', 21) + 2;
  const end = nameEnd(line, from);
  const name = line.slice(from, end);
  const next = line[end];
  if (end === from || end - from > 200 || (next !== undefined && next !== ':' && next !== ' ' && next !== '('))
    return undefined;
  const last = name.slice(name.lastIndexOf('.') + 1);
  const isClass = endings.some((ending) => last.endsWith(ending)) && last[0] === last[0]?.toUpperCase();
  if (!isClass) return undefined;
  // `Error [ERR_X]:` and `Error: text`; a bare word with a text after a space is a sentence.
  return next === ' ' && line[end + 1] !== '[' && line[end + 1] !== '(' ? undefined : name;
}

function nameEnd(line: string, from: number): number {
  let at = from;
  while (at < line.length && at < from + 201 && isNameCode(line.charCodeAt(at))) at += 1;
  return at;
}

function isNameCode(code: number): boolean {
  return (
    (code >= 48 && code <= 57) ||
    (code >= 65 && code <= 90) ||
    (code >= 97 && code <= 122) ||
    code === 95 ||
    code === 46 ||
    code === 36
  );
}

function frameOf(line: string): { text: string; language: 'python' | 'other' } | undefined {
  if (line.startsWith('File "')) {
    const quote = line.indexOf('"', 6);
    const comma = line.indexOf(', line ', quote);
    if (quote < 0 || comma < 0) return undefined;
    const [number = '', rest = ''] = line.slice(comma + 7).split(', in ', 2);
    return { text: `${line.slice(6, quote)}:${number}:${rest}`, language: 'python' };
  }
  if (!line.startsWith('at ')) return undefined;
  const net = line.lastIndexOf(' in ');
  const netLine = line.lastIndexOf(':line ');
  if (net > 0 && netLine > net)
    return {
      text: `${line.slice(net + 4, netLine)}:${line.slice(netLine + 6)}:${line.slice(3, net)}`,
      language: 'other',
    };
  const open = line.lastIndexOf('(');
  const place = open > 0 ? line.slice(open + 1, line.endsWith(')') ? -1 : line.length) : line.slice(3);
  const called = open > 0 ? line.slice(3, open).trim() : '';
  return { text: `${withoutColumn(place)}:${called}`, language: 'other' };
}

/** Node prints `file:line:column`. */
function withoutColumn(place: string): string {
  const last = place.lastIndexOf(':');
  const before = place.lastIndexOf(':', last - 1);
  const isNumber = (text: string): boolean => text !== '' && /^\d{1,7}$/.test(text);
  return before > 0 && isNumber(place.slice(before + 1, last)) && isNumber(place.slice(last + 1))
    ? place.slice(0, last)
    : place;
}

/** A line of a goroutine: a tab, a path, a line number. */
function goFrame(line: string, called: string | undefined): string | undefined {
  if (!line.startsWith('\t') || called === undefined) return undefined;
  const place = line.trim().split(' ', 1)[0] ?? '';
  return place.includes('.go:') ? `${place}:${called}` : undefined;
}
