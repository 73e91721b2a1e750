import { readMarkdown } from '../../text/read-markdown.ts';
import type { Reader } from '../reader.ts';
import { exportedHierarchy } from './exported-hierarchy.ts';

/**
 * Markdown and plain text. In a Notion export (`Title 0123…cdef.md`, children in a folder of the parent's name) the page's place among its
 * parents is put before its headings, and the ids that Notion adds to names are left out.
 */
export const markdownReader: Reader = {
  name: 'markdown',
  takes: ({ uri }) => /\.(?:md|markdown|mdx|txt|rst|adoc)$/i.test(uri),
  read: (file) => {
    const document = readMarkdown(file.uri, file.text());
    const place = exportedHierarchy(file.uri);
    if (place === undefined) return [document];
    const { parents, name } = place;
    return [
      {
        ...document,
        title: document.title === nameWithId(file.uri) ? name : document.title,
        sections: document.sections.map((section) => ({ ...section, path: [...parents, ...section.path] })),
      },
    ];
  },
};

function nameWithId(uri: string): string {
  return uri.slice(uri.lastIndexOf('/') + 1).replace(/\.[a-z]{1,5}$/i, '');
}
