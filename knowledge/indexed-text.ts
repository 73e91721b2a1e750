import type { Passage } from './catalogue.ts';
import type { KeywordEntry } from './keyword-index.ts';
import { nameOf, searchableText } from './text/read-markdown.ts';
import { splitWords } from './text/split-words.ts';

/** The searchable words of a passage: title with the file's own name, headings, cleaned text. */
export function keywordEntryOf(passage: Passage): KeywordEntry {
  const { id, kind, labels } = passage;
  return {
    id,
    kind,
    labels,
    title: [...new Set([...splitWords(passage.title), ...splitWords(nameOf(passage.uri))])],
    headings: splitWords(passage.headings),
    body: splitWords(searchableText(passage.text)),
  };
}

/** What an embedder reads of a passage. */
export function embeddedText(passage: Passage): string {
  return `${passage.title}\n${passage.headings}\n${searchableText(passage.text)}`;
}
