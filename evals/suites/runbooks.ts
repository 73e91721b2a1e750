import { readMarkdown } from '../../knowledge/text/read-markdown.ts';
import type { Suite } from '../suite.ts';
import { createRetrievalSuite, textIn } from './runbooks/retrieval-suite.ts';

/** Alert texts as queries over public runbooks; the alerts' own links say what is right. */
export function createRunbooksSuite(): Suite {
  return createRetrievalSuite('runbooks', 'The runbook of an alert, found by the alert text alone.', (row) => ({
    ...readMarkdown(String(row['path'] ?? row['_id']), textIn(row, 'text')),
    uri: String(row['_id']),
  }));
}
