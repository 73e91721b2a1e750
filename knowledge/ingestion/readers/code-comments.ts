import type { Section } from '../../chunk.ts';
import { nameOf } from '../../text/read-markdown.ts';
import { documentOf, type Reader } from '../reader.ts';

const slashes = { line: /^\s*\/\/+[!/]?\s?(.*)$/, open: /^\s*\/\*+!?\s?(.*)$/, close: '*/' };
const hashes = { line: /^\s*#+\s?(.*)$/, open: /^\s*(?:[rbu]*"""|''')(.*)$/i, close: undefined };
const dashes = { line: /^\s*--+\s?(.*)$/, open: /^\s*\/\*+\s?(.*)$/, close: '*/' };
type Style = { line: RegExp; open: RegExp; close: string | undefined };

const styles: readonly [endings: RegExp, style: Style][] = [
  [/\.(?:[cm]?[jt]sx?|java|kt|kts|scala|go|rs|c|cc|cpp|h|hpp|cs|swift|php|proto|groovy|gradle)$/i, slashes],
  [/\.(?:py|rb|sh|bash|pl|tf|hcl|toml|ini|cfg|r|ex|exs|jl|nix|mk)$|(?:^|\/)(?:Dockerfile|Makefile)[^/]*$/i, hashes],
  [/\.(?:sql|lua|hs)$/i, dashes],
];
/** Less than this is no explanation. */
const fewestCharacters = 60;
const longestLine = 2_000;
/** Licences and what tools write explain nothing. */
const noise =
  /\b(?:copyright|licen[sc]ed? under|SPDX-License|all rights reserved|code generated|do not edit|eslint-|oxlint-|prettier-|@generated|nolint|shellcheck|noqa|pylint)\b/i;

/** Whether a file is source code whose comments are read. */
export function isCode(uri: string): boolean {
  return styles.some(([endings]) => endings.test(uri));
}

/**
 * What comments in source code explain: blocks of at least 60 characters, each a section named by the line of code that it stands above, at
 * its own line. Licences, generated marks and directives to tools are left out; a file without such comments gives no document.
 */
export const codeCommentsReader: Reader = {
  name: 'code comments',
  takes: ({ uri }) => isCode(uri),
  read: (file) => {
    const style = styles.find(([endings]) => endings.test(file.uri))![1];
    const lines = file.text().split('\n');
    const sections = commentsOf(lines, style).flatMap(({ text, line, next }): Section[] => {
      const said = text.join('\n').trim();
      if (said.replaceAll(/[^\p{L}\p{N}]+/gu, ' ').length < fewestCharacters || noise.test(said)) return [];
      const symbol = symbolIn(lines[next] ?? '');
      return [{ path: symbol === undefined ? [] : [symbol], text: text.join('\n').trimEnd(), line }];
    });
    return sections.length === 0 ? [] : [documentOf(file.uri, nameOf(file.uri), 'document', sections)];
  },
};

/** Blocks of comment lines; `next` is the index of the first line after. */
function commentsOf(lines: readonly string[], style: Style): { text: string[]; line: number; next: number }[] {
  const found: { text: string[]; line: number; next: number }[] = [];
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index]!;
    if (line.length > longestLine) continue;
    const text: string[] = [];
    const start = index;
    const opened = style.open.exec(line);
    if (opened !== null) {
      // What opened the block closes it: its own mark for doc strings.
      const close = style.close ?? /"""|'''/.exec(line)![0];
      let rest = opened[1]!;
      while (!rest.includes(close) && index + 1 < lines.length) {
        text.push(rest);
        index += 1;
        rest = lines[index]!.slice(0, longestLine).replace(/^\s*\*(?!\/)\s?/, '');
      }
      text.push(rest.split(close)[0]!.trimEnd());
    } else {
      for (let match = style.line.exec(line); match !== null; match = style.line.exec(lines[index] ?? '')) {
        if (!(index === 0 && line.startsWith('#!'))) text.push(match[1]!.slice(0, longestLine));
        index += 1;
      }
      if (text.length === 0) continue;
      index -= 1;
    }
    found.push({ text, line: start + 1 + (lines[start]!.startsWith('#!') ? 1 : 0), next: index + 1 });
  }
  return found;
}

/** The name that a line of code declares. */
function symbolIn(line: string): string | undefined {
  const words =
    /\b(?:function\*?|func|def|class|interface|struct|enum|trait|type|module|fn|const|let|var|resource|table|procedure|view)\s+(?:\([^)]*\)\s*)?"?([\w.$-]+)"?/i;
  return words.exec(line)?.[1] ?? /^\s*([A-Za-z_][\w.-]*)\s*(?:\(|[:=])/.exec(line)?.[1];
}
