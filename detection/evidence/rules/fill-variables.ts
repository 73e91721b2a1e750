/** The range that a template's variable stands for where none is known. */
const usualRange = '5m';

/**
 * Replaces what templates leave in rule files, outside quotes, by what PromQL can hold: `[$__rate_interval]` becomes `[5m]`, `$name`, `${name}`,
 * `{{ .Values.name }}` and `[[name]]` elsewhere become an identifier `setting:name`. Text without any is returned as it is.
 */
export function fillVariables(text: string): string {
  if (!text.includes('$') && !text.includes('{{') && !text.includes('[[')) return text;
  let out = '';
  let quote = '';
  for (let at = 0; at < text.length;) {
    const char = text[at]!;
    if (quote !== '') {
      if (char === '\\' && quote !== '`') {
        out += text.slice(at, at + 2);
        at += 2;
        continue;
      }
      if (char === quote) quote = '';
    } else if (char === '"' || char === "'" || char === '`') quote = char;
    else {
      const variable = variableAt(text, at);
      if (variable !== undefined) {
        out +=
          out.trimEnd().endsWith('[') || out.trimEnd().endsWith('offset') ? usualRange : `setting:${variable.name}`;
        at += variable.length;
        continue;
      }
    }
    out += char;
    at += 1;
  }
  return out;
}

const opening: readonly (readonly [string, string])[] = [
  ['{{', '}}'],
  ['${', '}'],
  ['[[', ']]'],
];

function variableAt(text: string, at: number): { name: string; length: number } | undefined {
  for (const [open, close] of opening) {
    if (!text.startsWith(open, at)) continue;
    const end = text.indexOf(close, at + open.length);
    if (end < 0 || end - at > 200) return undefined;
    return { name: nameIn(text.slice(at + open.length, end)), length: end + close.length - at };
  }
  if (text[at] !== '$') return undefined;
  const name = /^\w{1,80}/.exec(text.slice(at + 1, at + 81))?.[0];
  return name === undefined ? undefined : { name: nameIn(name), length: name.length + 1 };
}

/** The last word of a path such as `.Values.alerts.limit | default 5`, as an identifier. */
function nameIn(path: string): string {
  const words = (path.split(/[|:]/, 1)[0] ?? '').split(/\W+/).filter((word) => word !== '');
  const last = words.at(-1) ?? 'setting';
  return /^\d/.test(last) ? last : last.replaceAll(/^_+/g, '') || 'setting';
}
