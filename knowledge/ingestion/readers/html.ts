import type { Reader } from '../reader.ts';
import { exportedHierarchy } from './exported-hierarchy.ts';
import { readHtml } from './read-html.ts';

/** HTML pages: exports of Confluence and Notion, pages of the AWS documentation, and any other page. */
export const htmlReader: Reader = {
  name: 'html',
  takes: ({ uri }) => /\.x?html?$/i.test(uri),
  read: (file) => {
    const document = readHtml(file.uri, file.text());
    const parents = exportedHierarchy(file.uri)?.parents ?? [];
    if (parents.length === 0) return [document];
    return [
      {
        ...document,
        sections: document.sections.map((section) => ({ ...section, path: [...parents, ...section.path] })),
      },
    ];
  },
};
