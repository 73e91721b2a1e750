import { readFileSync } from 'node:fs';

/** A line as its software writes it, and what is to be read out of it. Without `kind` no fault is hinted at. */
export interface LineCase {
  tech: string;
  level: string;
  kind?: string;
  of?: string;
  status?: number;
  durationMs?: number;
  line: string;
}

/** The cases of a file of this folder. */
export function lineCasesOf(file: string): LineCase[] {
  return readFileSync(new URL(file, import.meta.url), 'utf8')
    .split('\n')
    .filter((row) => row !== '' && !row.startsWith('#'))
    .map((row) => {
      const [tech = '', level = '', kind, of, status, durationMs, ...line] = row.split('\t');
      const stated = { kind, of, status: numberOf(status), durationMs: numberOf(durationMs) };
      const told = Object.entries(stated).filter(([, value]) => value !== undefined && value !== '-');
      return { tech, level, line: line.join('\t'), ...Object.fromEntries(told) };
    });
}

function numberOf(text: string | undefined): number | undefined {
  return text === undefined || text === '-' ? undefined : Number(text);
}
