import type { GrammarName, Grammars } from '../parse/grammars.ts';
import { formatOf } from '../parse/language-of.ts';
import { parseFragment } from '../parse/parse-fragment.ts';
import type { SyntaxNode } from '../parse/syntax-node.ts';
import type { Hunk } from '../read-diff.ts';
import type { Fact } from './fact.ts';
import { findRenames } from './find-renames.ts';
import { readCode } from './read-code.ts';
import { readHcl } from './read-hcl.ts';
import { readLines } from './read-lines.ts';
import { readManifest } from './read-manifest.ts';
import { readDockerfile, readKeyLines, readYaml } from './read-settings.ts';
import { readSql } from './read-sql.ts';

/** What one side of a change says, over all its places. */
export interface Side {
  facts: Fact[];
  functions: Set<string>;
  called: Set<string>;
}

interface ParsedHunk {
  file: string;
  grammar: GrammarName;
  before: SyntaxNode;
  after: SyntaxNode;
}

/** Both sides of a change as facts. Names that it gives anew read alike on both; what only calls a function that the change declares says nothing. */
export function readSides(
  hunks: readonly Hunk[],
  grammars: Grammars,
): { before: Side; after: Side; moved: ReadonlySet<string>; byLines: string[] } {
  const before: Side = { facts: [], functions: new Set(), called: new Set() };
  const after: Side = { facts: [], functions: new Set(), called: new Set() };
  const byLines = new Set<string>();
  const code: ParsedHunk[] = [];
  for (const hunk of hunks) {
    const format = formatOf(hunk.file);
    if (format.by === 'grammar') {
      if (format.near === true) byLines.add(extensionOf(hunk.file));
      const old = parseFragment(grammars, format.grammar, hunk.before);
      const now = parseFragment(grammars, format.grammar, hunk.after);
      if (old !== undefined && now !== undefined) {
        code.push({ file: hunk.file, grammar: format.grammar, before: old, after: now });
        continue;
      }
    }
    if (format.by === 'grammar' || format.by === 'lines') byLines.add(extensionOf(hunk.file));
    const read = readerOf(format.by);
    before.facts.push(...read(hunk.before, hunk.file));
    after.facts.push(...read(hunk.after, hunk.file));
  }
  const moved = readParsed(code, before, after);
  return { before, after, moved, byLines: [...byLines].sort() };
}

/** Gives the functions that the change makes or unmakes. */
function readParsed(code: readonly ParsedHunk[], before: Side, after: Side): Set<string> {
  const none = new Map<string, string>();
  const renames = findRenames(
    code.map((one) => one.before),
    code.map((one) => one.after),
  );
  for (const { file, grammar, before: old, after: now } of code) {
    if (grammar === 'hcl') {
      before.facts.push(...readHcl(old, file));
      after.facts.push(...readHcl(now, file));
      continue;
    }
    addTo(before, readCode(old, { file, renames }));
    addTo(after, readCode(now, { file, renames: none }));
  }
  const made = new Set([...after.functions].filter((name) => !before.functions.has(name)));
  const unmade = new Set([...before.functions].filter((name) => !after.functions.has(name)));
  before.facts = before.facts.filter((fact) => !isCallOf(fact, unmade));
  after.facts = after.facts.filter((fact) => !isCallOf(fact, made));
  for (const fact of after.facts) if (fact.owner !== undefined && made.has(fact.owner)) fact.isNew = true;
  return new Set([...made, ...unmade]);
}

function isCallOf({ kind, subject }: Fact, functions: ReadonlySet<string>): boolean {
  return (
    (kind === 'call' || kind === 'await' || kind === 'growth' || kind === 'release' || kind === 'cached') &&
    functions.has(subject.slice(subject.lastIndexOf('.') + 1))
  );
}

function addTo(side: Side, reading: Side): void {
  side.facts.push(...reading.facts);
  for (const name of reading.functions) side.functions.add(name);
  for (const name of reading.called) side.called.add(name);
}

type Reader = (lines: readonly string[], file: string) => Fact[];

const readers: Readonly<Record<string, Reader>> = {
  yaml: readYaml,
  json: readJson,
  settings: readKeyLines,
  docker: readDockerfile,
  manifest: readManifest,
  sql: (lines, file) => readSql(lines.join('\n'), { file, row: 0 }),
  prose: () => [],
};

function readerOf(format: string): Reader {
  return readers[format] ?? readLines;
}

/** A piece of JSON is read as YAML where its brackets close; else line by line. */
function readJson(lines: readonly string[], file: string): Fact[] {
  const text = lines.join('').trim();
  const whole = text.startsWith('{') && text.endsWith('}');
  return whole ? readYaml(lines, file) : readKeyLines(lines, file);
}

function extensionOf(file: string): string {
  const name = file.slice(file.lastIndexOf('/') + 1);
  return name.includes('.') ? name.slice(name.lastIndexOf('.') + 1) : name;
}
