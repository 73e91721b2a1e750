import { parse } from 'yaml';
import type { KnowledgeKind, Section, SourceDocument } from '../chunk.ts';
import { kindOf } from './kind-of.ts';

/**
 * Reads a Markdown page: front matter (`title`, `kind`, `labels`, `entities`), then sections by ATX and Setext headings outside code
 * blocks. Never throws: damaged front matter is text.
 */
export function readMarkdown(uri: string, text: string): SourceDocument {
  const lines = text.replaceAll('\r\n', '\n').replace(/\n$/, '').split('\n');
  const front = frontMatterOf(lines);
  const sections = sectionsOf(lines, front.lines);
  const firstHeading = sections.find(({ path }) => path.length > 0)?.path[0];
  const title = front.title ?? firstHeading ?? nameOf(uri);
  return {
    uri,
    title,
    kind: front.kind ?? kindOf(uri, sections),
    labels: front.labels,
    entities: front.entities,
    sections,
  };
}

/** The last part of a path without its ending. */
export function nameOf(uri: string): string {
  const last = uri.slice(uri.lastIndexOf('/') + 1);
  return last.replace(/\.[a-z0-9]{1,5}$/i, '');
}

interface FrontMatter {
  lines: number;
  title?: string;
  kind?: KnowledgeKind;
  labels: string[];
  entities: string[];
}

function frontMatterOf(lines: readonly string[]): FrontMatter {
  const none: FrontMatter = { lines: 0, labels: [], entities: [] };
  if (lines[0]?.trim() !== '---') return none;
  const end = lines.indexOf('---', 1);
  if (end < 0) return none;
  let values: unknown;
  try {
    values = parse(lines.slice(1, end).join('\n'));
  } catch {
    return none;
  }
  if (values === null || typeof values !== 'object') return none;
  const fields: Record<string, unknown> = { ...values };
  const { title, kind } = fields;
  return {
    lines: end + 1,
    labels: wordsOf(fields['labels']),
    entities: wordsOf(fields['entities'] ?? fields['services']),
    ...(typeof title === 'string' && title.trim() !== '' ? { title } : {}),
    ...(kind === 'runbook' || kind === 'incident' || kind === 'document' ? { kind } : {}),
  };
}

function wordsOf(value: unknown): string[] {
  if (typeof value === 'string') return value.split(/[,\s]+/).filter((word) => word !== '');
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

function sectionsOf(lines: readonly string[], skip: number): Section[] {
  const sections: Section[] = [];
  let path: string[] = [];
  let start = skip;
  let fence: string | undefined;
  const close = (end: number): void => {
    if (end > start) sections.push({ path, text: lines.slice(start, end).join('\n'), line: start + 1 });
  };
  for (let index = skip; index < lines.length; index += 1) {
    const line = lines[index]!;
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1]?.slice(0, 3);
    if (mark !== undefined && (fence === undefined || fence === mark)) {
      fence = fence === undefined ? mark : undefined;
      continue;
    }
    if (fence !== undefined) continue;
    const heading = headingAt(lines, index);
    if (heading === undefined) continue;
    close(index);
    path = [...path.slice(0, heading.level - 1), heading.text];
    start = index;
  }
  close(lines.length);
  return sections;
}

function headingAt(lines: readonly string[], index: number): { level: number; text: string } | undefined {
  const line = lines[index]!;
  const match = /^ {0,3}(#{1,6})\s+(.*?)\s*#*\s*$/.exec(line);
  if (match !== null) return match[2] === '' ? undefined : { level: match[1]!.length, text: plain(match[2]!) };
  const under = lines[index + 1];
  if (line.trim() === '' || /^[\s>*+\-|]/.test(line) || under === undefined) return undefined;
  if (/^=+\s*$/.test(under)) return { level: 1, text: plain(line.trim()) };
  return /^-{3,}\s*$/.test(under) && (index === 0 || lines[index - 1]!.trim() === '')
    ? { level: 2, text: plain(line.trim()) }
    : undefined;
}

/** Heading text without emphasis, code marks and link targets. */
function plain(text: string): string {
  return text.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').replaceAll(/[*`]/g, '');
}

/** What of a Markdown text is worth indexing: comments, link and image targets and bare addresses say nothing of the topic. */
export function searchableText(text: string): string {
  return text
    .replaceAll(/<!--[\s\S]*?-->/g, ' ')
    .replaceAll(/\]\([^)\s]*(?:\s+"[^"]*")?\)/g, '] ')
    .replaceAll(/https?:\/\/\S+/g, ' ');
}
