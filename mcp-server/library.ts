import type { Investigation } from '../domain/run.ts';

/** One document that a client can read by URI. */
export interface LibraryEntry {
  id: string;
  title: string;
}

/** A kind of documents behind `cerebro://<kind>/<id>`: what there is (newest first), and one as JSON or Markdown. */
export interface Shelf {
  list(limit: number): LibraryEntry[];
  read(id: string): { mimeType: 'application/json' | 'text/markdown'; text: string } | undefined;
}

/** What MCP clients can read besides calling tools. A member is absent when nothing of its kind is kept. */
export interface Library {
  investigations?: { list(limit: number): Investigation[]; get(id: string): Investigation | undefined };
  capsules?: Shelf;
  runbooks?: Shelf;
}

/** All shelves of a library by the name they have in URIs. */
export function shelvesOf(library: Library): [string, string, Shelf][] {
  const shelves: [string, string, Shelf][] = [];
  const { investigations } = library;
  if (investigations !== undefined) {
    shelves.push([
      'investigations',
      'Records of incidents and conversations: runs, answer with evidence, alerts, feedback.',
      {
        list: (limit) => investigations.list(limit).map(({ id, title }) => ({ id, title })),
        read: (id) => {
          const found = investigations.get(id);
          return found === undefined
            ? undefined
            : { mimeType: 'application/json', text: JSON.stringify(found, undefined, 2) };
        },
      },
    ]);
  }
  if (library.capsules !== undefined)
    shelves.push(['capsules', 'Frozen incidents that can be replayed.', library.capsules]);
  if (library.runbooks !== undefined)
    shelves.push(['runbooks', 'What the team does about a symptom.', library.runbooks]);
  return shelves;
}
