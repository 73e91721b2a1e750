/** One `Key: value` of `kubectl describe`, with the lines under it. */
export interface Section {
  key: string;
  value: string;
  lines: string[];
}

/** Splits lines into the sections of their least indentation; lines that are no `Key:` belong to the section before them. */
export function sectionsOf(lines: readonly string[]): Section[] {
  const base = Math.min(...lines.filter((line) => line.trim() !== '').map(indentOf), 1_000);
  const sections: Section[] = [];
  for (const line of lines) {
    const match = indentOf(line) === base ? /^\s*([^\s:][^:]*?):(?:\s+(.*?))?\s*$/.exec(line) : null;
    if (match !== null) sections.push({ key: match[1] ?? '', value: match[2] ?? '', lines: [] });
    else sections.at(-1)?.lines.push(line);
  }
  return sections;
}

/** The first section of a name. */
export function sectionOf(sections: readonly Section[], key: string): Section | undefined {
  return sections.find((section) => section.key === key);
}

/** The value of a section; empty for `<none>`, `<unset>` and what is not there. */
export function valueOf(sections: readonly Section[], key: string): string {
  const value = sectionOf(sections, key)?.value ?? '';
  return /^<(none|unset|nil|unknown)>$/.test(value) ? '' : value;
}

/** `key=value` pairs of a section that goes on in the lines under it, or separated by commas. */
export function pairsOf(sections: readonly Section[], key: string): Record<string, string> {
  const section = sectionOf(sections, key);
  const pairs: Record<string, string> = {};
  for (const part of [section?.value ?? '', ...(section?.lines ?? [])].flatMap((line) => line.split(','))) {
    const match = /^\s*([^\s=]+)=(\S*)\s*$/.exec(part);
    if (match?.[1] !== undefined) pairs[match[1]] = match[2] ?? '';
  }
  return pairs;
}

/** A table within a section: rows as records by header, columns found by two or more blanks. */
export function rowsOf(section: Section | undefined): Record<string, string>[] {
  const lines = (section?.lines ?? []).filter((line) => line.trim() !== '' && !/^\s*[- ]+$/.test(line));
  const header = lines[0]?.trim().split(/\s{2,}/) ?? [];
  return lines.slice(1).map((line) => {
    const cells = line.trim().split(/\s{2,}/);
    return Object.fromEntries(header.map((name, index) => [name, cells[index] ?? '']));
  });
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}
