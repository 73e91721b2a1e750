import type { Alteration } from './read-diff.ts';

/** A named value that a change sets anew. Numbers are in base units where a unit is written (`30s`, `5 * time.Minute`, `512Mi`). */
export interface AlteredConstant {
  key: string;
  before: number | string;
  after: number | string;
  moved: 'raised' | 'lowered' | 'replaced';
}

const assignment = /["'`]?([A-Za-z_][\w.-]*)["'`]?\s*(?::=|[:=])\s*(?:[\w.]+\s*=\s*)?([^,;{}]+)/g;

/** Values of the same name on removed and added lines, in order of appearance. */
export function alteredConstants({ added, removed }: Pick<Alteration, 'added' | 'removed'>): AlteredConstant[] {
  const before = valuesOf(removed.map(({ text }) => text));
  const after = valuesOf(added.map(({ text }) => text));
  const found: AlteredConstant[] = [];
  for (const [key, old] of before) {
    const now = after.get(key);
    if (now === undefined || now === old) continue;
    const moved =
      typeof old === 'number' && typeof now === 'number' ? (now > old ? 'raised' : 'lowered') : ('replaced' as const);
    found.push({ key, before: old, after: now, moved });
  }
  return found;
}

function valuesOf(lines: readonly string[]): Map<string, number | string> {
  const values = new Map<string, number | string>();
  for (const line of lines) {
    for (const [, name, written] of line.matchAll(assignment)) {
      if (name === undefined || written === undefined || values.has(name)) continue;
      const value = valueOf(written.trim());
      // What follows a type (`KEY: int = 30`) is the value.
      if (value !== undefined) values.set(name, value);
    }
    const typed = /([A-Za-z_]\w*)\s*:\s*\w+\s*=\s*([\w."']+)/.exec(line);
    if (typed?.[1] !== undefined && typed[2] !== undefined) {
      const value = valueOf(typed[2]);
      if (value !== undefined) values.set(typed[1], value);
    }
  }
  return values;
}

const units: Readonly<Record<string, number>> = {
  ms: 0.001,
  millisecond: 0.001,
  s: 1,
  sec: 1,
  second: 1,
  m: 60,
  minute: 60,
  h: 3600,
  hour: 3600,
  ki: 1024,
  mi: 1_048_576,
  gi: 1_073_741_824,
};

function valueOf(written: string): number | string | undefined {
  const product = /^(\d[\d_.]*)\s*\*\s*(?:time\.)?(\w+)/i.exec(written);
  if (product !== null) return Number(product[1]!.replaceAll('_', '')) * unitOf(product[2]!);
  const number = /^["']?(-?\d[\d_]*(?:\.\d+)?)\s*([a-z]{0,2})["']?\)*$/i.exec(written);
  if (number !== null) return Number(number[1]!.replaceAll('_', '')) * unitOf(number[2]!);
  const word = /^["'`]?([\w./:-]{1,80})["'`]?$/.exec(written)?.[1];
  return word === undefined || /^[a-z_]+\w*\.\w+/i.test(word) ? undefined : word;
}

function unitOf(word: string): number {
  const lower = word.toLowerCase();
  return units[lower] ?? units[lower.replace(/s$/, '')] ?? 1;
}
