import { createRequire } from 'node:module';
import treeSitter from '@vscode/tree-sitter-wasm';
import type { Language, Parser, TreeCursor } from '@vscode/tree-sitter-wasm';
import type { SyntaxNode } from './syntax-node.ts';

/** Languages that a grammar reads. */
export type GrammarName =
  | 'typescript'
  | 'tsx'
  | 'javascript'
  | 'python'
  | 'go'
  | 'java'
  | 'ruby'
  | 'c-sharp'
  | 'php'
  | 'rust'
  | 'cpp'
  | 'bash'
  | 'hcl';

/** Grammars that are loaded: reading with them is synchronous and gives the same tree for the same text. */
export interface Grammars {
  /** Undefined where the grammar was not loaded or the text takes more work than is fair. Errors lie in the tree as nodes of type `ERROR`. */
  parse(language: GrammarName, text: string): SyntaxNode | undefined;
}

/** Loads grammars (WebAssembly, from the packages' own files) when they are first needed, each once. */
export interface GrammarLoader {
  load(languages: Iterable<GrammarName>): Promise<Grammars>;
}

const mostCharacters = 60_000;
/** A parser tells of its progress every hundred steps; a fragment of fair size needs a few hundred such reports. */
const mostReports = 20_000;
const deepest = 120;

/** Without grammars nothing parses: what is read then is lines and words. */
export const noGrammars: Grammars = { parse: () => undefined };

export function createGrammarLoader(): GrammarLoader {
  const loaded = new Map<GrammarName, Language>();
  const loading = new Map<GrammarName, Promise<void>>();
  let ready: Promise<Parser> | undefined;
  let parser: Parser | undefined;
  const start = async (): Promise<Parser> => {
    await treeSitter.Parser.init();
    return new treeSitter.Parser();
  };
  const loadOne = async (name: GrammarName): Promise<void> => {
    loaded.set(name, await treeSitter.Language.load(pathOf(name)));
  };
  const grammars: Grammars = {
    parse(language, text) {
      const grammar = loaded.get(language);
      if (parser === undefined || grammar === undefined || text.length > mostCharacters) return undefined;
      let reports = 0;
      parser.setLanguage(grammar);
      const tree = parser.parse(text, undefined, { progressCallback: () => (reports += 1) > mostReports });
      if (tree === null) {
        parser.reset();
        return undefined;
      }
      const cursor = tree.walk();
      const root = plainOf(cursor, { source: text, aliases: aliases[language] ?? {} }, 0);
      cursor.delete();
      tree.delete();
      return root;
    },
  };
  return {
    async load(languages) {
      parser = await (ready ??= start());
      await Promise.all(
        [...new Set(languages)].map((name) => {
          let pending = loading.get(name);
          if (pending === undefined) loading.set(name, (pending = loadOne(name)));
          return pending;
        }),
      );
      return grammars;
    },
  };
}

function pathOf(name: GrammarName): string {
  const { resolve } = createRequire(import.meta.url);
  return name === 'hcl'
    ? resolve('@tree-sitter-grammars/tree-sitter-hcl/tree-sitter-hcl.wasm')
    : resolve(`@vscode/tree-sitter-wasm/wasm/tree-sitter-${name}.wasm`);
}

/** Types that mean something else in another grammar. */
const aliases: Partial<Record<GrammarName, Readonly<Record<string, string>>>> = {
  python: { attribute: 'member_expression' },
  'c-sharp': { attribute: 'annotation' },
};

interface Reading {
  source: string;
  aliases: Readonly<Record<string, string>>;
}

function plainOf(cursor: TreeCursor, reading: Reading, depth: number): SyntaxNode {
  const children: SyntaxNode[] = [];
  const field = cursor.currentFieldName;
  const named = cursor.nodeIsNamed;
  const text = reading.source.slice(cursor.startIndex, cursor.endIndex);
  const type = cursor.nodeType;
  const node = {
    // A keyword is called as the node that it opens.
    type: !named && isWord(type) ? 'token' : (reading.aliases[type] ?? type),
    named,
    text,
    row: cursor.startPosition.row,
    children,
    ...(field === null ? {} : { field }),
  };
  if (depth < deepest && cursor.gotoFirstChild()) {
    do {
      if (!cursor.nodeType.includes('comment')) children.push(plainOf(cursor, reading, depth + 1));
    } while (cursor.gotoNextSibling());
    cursor.gotoParent();
  }
  return node;
}

function isWord(type: string): boolean {
  const first = type.charCodeAt(0) | 32;
  return first >= 97 && first <= 122;
}
