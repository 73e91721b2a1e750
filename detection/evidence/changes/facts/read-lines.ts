import type { Fact } from './fact.ts';
import { readKeyLines } from './read-settings.ts';
import { isSql, readSql } from './read-sql.ts';

const remarks = ['//', '#', '*', '/*', '--', '<!--', 'import ', '#include', 'using '];

/** Facts of lines in a language that no grammar reads: settings where a line is one, statements as they stand. Comments and imports say nothing. */
export function readLines(lines: readonly string[], file: string): Fact[] {
  const facts: Fact[] = [];
  for (const [row, line] of lines.entries()) {
    const body = line.trim();
    if (body === '' || remarks.some((mark) => body.startsWith(mark))) continue;
    const text = body.replaceAll(/\s+/g, '');
    if (isSql(body)) facts.push(...readSql(body, { file, row }));
    facts.push(...readKeyLines([body], file).map((fact): Fact => ({ ...fact, row })));
    if (text.length > 2) facts.push({ kind: 'statement', id: `line:${text}`, subject: body.slice(0, 120), file, row });
  }
  return facts;
}
