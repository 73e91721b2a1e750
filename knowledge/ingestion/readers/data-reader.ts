import type { SourceDocument } from '../../chunk.ts';

/** Members of a parsed mapping. */
export type Fields = Record<string, unknown>;

/** One document of a YAML or JSON file. */
export interface DataPart {
  /** The address of a document within: the file's own, or with `#name`. */
  at: (name: string) => string;
  uri: string;
  value: Fields;
  /** Its own text, as it stands in the file from `line` on. */
  text: string;
  line: number;
  /** The line in the file of what lies at this path; the part's own line where it is not found. */
  lineOf: (path: readonly (string | number)[]) => number;
}

/** Knows one kind of data file. `takes` looks at the parsed value; `read` never throws for a value that it takes. */
export interface DataReader {
  name: string;
  takes(value: Fields): boolean;
  read(part: DataPart): SourceDocument[];
}

/** A mapping's members; none for what is no mapping. */
export function fieldsOf(value: unknown): Fields {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? { ...value } : {};
}

/** A list's items; none for what is no list. */
export function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A scalar as text; empty for anything else. */
export function textIn(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

/** A value on one line. */
export function plainOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}
