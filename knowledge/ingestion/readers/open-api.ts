import type { Section } from '../../chunk.ts';
import { nameOf } from '../../text/read-markdown.ts';
import { documentOf } from '../reader.ts';
import { type DataReader, fieldsOf, textIn } from './data-reader.ts';

/** OpenAPI and Swagger: the description, then a section an operation with its parameters' names and what its answers mean. */
export const openApi: DataReader = {
  name: 'OpenAPI',
  takes: (value) => typeof value['openapi'] === 'string' || typeof value['swagger'] === 'string',
  read: ({ value, uri, at, line, lineOf }) => {
    const info = fieldsOf(value['info']);
    const title = textIn(info['title']) || nameOf(uri);
    const sections: Section[] = [];
    const about = textIn(info['description']).trim();
    if (about !== '') sections.push({ path: [title], text: about, line });
    for (const [path, item] of Object.entries(fieldsOf(value['paths'])))
      for (const [method, operation] of Object.entries(fieldsOf(item))) {
        const { summary, description, operationId, responses } = fieldsOf(operation);
        const answers = Object.entries(fieldsOf(responses)).map(([code, answer]) =>
          `${code}: ${textIn(fieldsOf(answer)['description'])}`.trim(),
        );
        const words = [operationId, summary, description].map(textIn).filter((word) => word !== '');
        if (words.length + answers.length === 0) continue;
        sections.push({
          path: [title, `${method.toUpperCase()} ${path}`],
          text: [...words, ...answers].join('\n'),
          line: lineOf(['paths', path, method]),
        });
      }
    return sections.length === 0 ? [] : [documentOf(at(''), title, 'document', sections)];
  },
};
