import { isMap, isScalar, isSeq, parseDocument } from 'yaml';
import type { Fact } from './fact.ts';
import { quantityOf } from './quantity-of.ts';

/** One setting: the names of the sections that it stands in, its own last. */
interface Setting {
  path: string[];
  value: string;
  row: number;
}

const mostSettings = 4_000;

/** Facts of a piece of YAML (Kubernetes objects, Helm values and templates with their holes blanked) or JSON. */
export function readYaml(lines: readonly string[], file: string): Fact[] {
  const settings = yamlSettings(lines);
  return settings.length > 0 ? factsOf(settings, file) : readKeyLines(lines, file);
}

/** Facts of `key = value`, `key: value` and `[section]` lines: properties, env, ini, TOML. */
export function readKeyLines(lines: readonly string[], file: string): Fact[] {
  const settings: Setting[] = [];
  const loose: Fact[] = [];
  let section: string[] = [];
  for (const [row, raw] of lines.entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#') || line.startsWith(';') || line.startsWith('//')) continue;
    if (line.startsWith('[') && line.endsWith(']')) {
      section = line.slice(1, -1).replaceAll('[', '').replaceAll(']', '').split('.');
      continue;
    }
    const found = keyAndValue(line.startsWith('export ') ? line.slice(7) : line);
    if (found !== undefined) settings.push({ path: [...section, found.key], value: found.value, row });
    else if (line.length > 2)
      loose.push({ kind: 'statement', id: `line:${line}`, subject: line.slice(0, 120), file, row });
  }
  return [...factsOf(settings, file), ...loose];
}

/** Facts of the instructions of a Dockerfile; an `ENV` is a setting of its own. */
export function readDockerfile(lines: readonly string[], file: string): Fact[] {
  const settings: Setting[] = [];
  for (const [row, raw] of lines.entries()) {
    const line = raw.trim();
    const gap = line.indexOf(' ');
    const word = line.slice(0, gap).toUpperCase();
    const rest = line.slice(gap + 1).trim();
    if (gap < 2 || line.startsWith('#') || !instructions.has(word)) continue;
    const pair = word === 'ENV' || word === 'ARG' ? keyAndValue(rest) : undefined;
    settings.push(
      pair === undefined ? { path: [word], value: rest, row } : { path: [word, pair.key], value: pair.value, row },
    );
  }
  return factsOf(settings, file);
}

const instructions = new Set(
  'FROM RUN CMD ENTRYPOINT ENV ARG USER WORKDIR EXPOSE COPY ADD HEALTHCHECK STOPSIGNAL VOLUME SHELL'.split(' '),
);

function keyAndValue(line: string): { key: string; value: string } | undefined {
  const at = Math.min(...[line.indexOf('='), line.indexOf(':')].filter((index) => index > 0));
  const key = Number.isFinite(at) ? unquoted(line.slice(0, at).trim()) : ' ';
  if (key !== '' && !key.includes(' ') && key.length <= 120) {
    const rest = line.slice(line[at + 1] === '=' ? at + 2 : at + 1).trim();
    return { key, value: unquoted(withoutEnd(rest)) };
  }
  // A directive: its name, a blank, what it says, a semicolon.
  const gap = line.indexOf(' ');
  if (gap < 2 || !line.endsWith(';')) return undefined;
  return { key: line.slice(0, gap), value: withoutEnd(line.slice(gap + 1).trim()) };
}

function withoutEnd(text: string): string {
  return text.endsWith(',') || text.endsWith(';') ? text.slice(0, -1) : text;
}

function unquoted(text: string): string {
  return text.length > 1 && `"'\``.includes(text[0]!) && text.at(-1) === text[0] ? text.slice(1, -1) : text;
}

/**
 * The scalars of a piece of YAML by their path. A piece that starts within a block is read from its outermost line on, part by part;
 * entries of lists go by their name where they have one, so that a new entry moves no other.
 */
function yamlSettings(lines: readonly string[]): Setting[] {
  const found: Setting[] = [];
  for (const part of partsOf(lines)) {
    const document = parseDocument(part.text, { strict: false, uniqueKeys: false, logLevel: 'silent' });
    const lineOf = lineCounter(part.text);
    const tell = (path: string[], value: string, offset: number): void =>
      void found.push({ path, value, row: part.row + lineOf(offset) });
    const visit = (node: unknown, path: string[]): void => {
      if (found.length >= mostSettings || path.length > 24) return;
      if (isMap(node)) visitPairs(node.items, path, visit);
      else if (isSeq(node)) {
        for (const item of node.items) {
          const name = isMap(item) ? item.get('name') : undefined;
          visit(item, typeof name === 'string' ? [...path, `[${name}]`] : path);
        }
      } else if (isScalar(node))
        tell(path, typeof node.value === 'string' ? node.value : (node.source ?? ''), node.range?.[0] ?? 0);
      else if (node === null) tell(path, '', 0);
    };
    visit(document.contents, []);
  }
  return found;
}

function visitPairs(
  pairs: readonly { key: unknown; value: unknown }[],
  path: readonly string[],
  visit: (node: unknown, path: string[]) => void,
): void {
  for (const { key, value } of pairs)
    if (isScalar(key) && (typeof key.value === 'string' || typeof key.value === 'number'))
      visit(value ?? null, [...path, String(key.value)]);
}

function partsOf(lines: readonly string[]): { text: string; row: number }[] {
  const parts: { lines: string[]; row: number; indent: number }[] = [];
  for (const [row, raw] of lines.entries()) {
    const line = withoutHoles(raw);
    const body = line.trimStart();
    if (body === '---') parts.push({ lines: [], row: row + 1, indent: Infinity });
    if (body === '' || body === '---' || body.startsWith('#')) continue;
    const indent = line.length - body.length;
    const last = parts.at(-1);
    // A line further out than all before it begins anew: what it belongs to lies above the cut.
    if (last === undefined || indent < last.indent) parts.push({ lines: [], row, indent });
    const part = parts.at(-1)!;
    part.indent = Math.min(part.indent, indent);
    while (part.lines.length < row - part.row) part.lines.push('');
    part.lines.push(line);
  }
  return parts
    .filter((part) => part.lines.length > 0)
    .map((part) => ({
      text: part.lines.map((line) => line.slice(Math.min(part.indent, line.length))).join('\n'),
      row: part.row,
    }));
}

/** Holes of a template (`{{ .Values.x }}`) become words; a line that is nothing but a hole is blank. */
function withoutHoles(line: string): string {
  if (!line.includes('{{')) return line.replaceAll('\t', '  ');
  if (line.trimStart().startsWith('{{') && line.trimEnd().endsWith('}}') && !line.includes(': {{')) return '';
  let text = '';
  for (const part of line.split('{{')) {
    const end = part.indexOf('}}');
    text +=
      end < 0
        ? part
        : `hole(${part
            .slice(0, end)
            .replaceAll(/[^\w.]+/g, ' ')
            .trim()})${part.slice(end + 2)}`;
  }
  return text;
}

function lineCounter(text: string): (offset: number) => number {
  const ends: number[] = [];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) ends.push(at);
  return (offset) => {
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (ends[middle]! < offset) low = middle + 1;
      else high = middle;
    }
    return low;
  };
}

/** A setting as facts: its name, which others may read, and its value. Entries that are settings by name and value (`env`) go by that name. */
export function factsOf(settings: readonly Setting[], file: string): Fact[] {
  const named = new Map<string, string>();
  for (const { path, value } of settings) if (path.at(-1) === 'name') named.set(path.slice(0, -1).join('.'), value);
  return settings.flatMap(({ path, value, row }): Fact[] => {
    const key = path.join('.');
    const about = { file, row, subject: key };
    const milli = path.includes('cpu');
    const quantity = quantityOf(value, milli);
    return [
      { kind: 'key', id: `key:${key}`, wire: true, ...about },
      { kind: 'value', id: `value:${key}=${quantity ?? value}`, value: quantity ?? value, ...about },
    ];
  });
}
