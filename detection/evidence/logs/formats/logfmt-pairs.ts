/** What a line of `key=value` pairs holds. */
export interface LogfmtLine {
  pairs: Record<string, string>;
  /** Words that are no pair. */
  rest: string[];
}

const mostPairs = 80;

/** Splits a line into pairs; values may be quoted, with backslashes before quotes. Keys are names. Linear. */
export function readLogfmt(text: string): LogfmtLine {
  const line: LogfmtLine = { pairs: {}, rest: [] };
  let at = 0;
  for (let count = 0; at < text.length && count < mostPairs;) {
    if (text.charCodeAt(at) <= 32) {
      at += 1;
      continue;
    }
    count += 1;
    let end = at;
    while (end < text.length && isKeyCode(text.charCodeAt(end))) end += 1;
    if (text[end] === '=' && end > at) {
      const key = text.slice(at, end);
      const value = valueAt(text, end + 1);
      if (!Object.hasOwn(line.pairs, key)) line.pairs[key] = value.text;
      at = value.end;
      continue;
    }
    while (end < text.length && text.charCodeAt(end) > 32) end += 1;
    line.rest.push(text.slice(at, end));
    at = end;
  }
  return line;
}

function valueAt(text: string, from: number): { text: string; end: number } {
  if (text[from] !== '"') {
    let end = from;
    while (end < text.length && text.charCodeAt(end) > 32) end += 1;
    return { text: text.slice(from, end), end };
  }
  const parts: string[] = [];
  let start = from + 1;
  let at = start;
  for (; at < text.length && text[at] !== '"'; at += 1) {
    if (text[at] !== '\\' || at + 1 >= text.length) continue;
    parts.push(text.slice(start, at), text[at + 1] === 'n' ? '\n' : text[at + 1] === 't' ? '\t' : (text[at + 1] ?? ''));
    at += 1;
    start = at + 1;
  }
  return { text: [...parts, text.slice(start, at)].join(''), end: at + 1 };
}

function isKeyCode(code: number): boolean {
  return (
    (code >= 48 && code <= 57) ||
    (code >= 65 && code <= 90) ||
    (code >= 97 && code <= 122) ||
    code === 95 ||
    (code >= 45 && code <= 46) ||
    code === 64 ||
    code === 47
  );
}
