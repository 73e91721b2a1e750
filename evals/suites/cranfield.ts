import type { Suite } from '../suite.ts';
import { createRetrievalSuite, textIn } from './runbooks/retrieval-suite.ts';

/** The classic collection of abstracts and questions of engineers: retrieval far from operations, against over-fitting to runbooks. */
export function createCranfieldSuite(): Suite {
  return createRetrievalSuite('cranfield', 'Abstracts of aerodynamics, found by the questions of engineers.', (row) => {
    const title = textIn(row, 'title');
    const text = textIn(row, 'text');
    return {
      uri: String(row['_id']),
      title,
      kind: 'document',
      labels: [],
      entities: [],
      sections: [{ path: [], text: title !== '' && text.startsWith(title) ? text.slice(title.length) : text, line: 1 }],
    };
  });
}
