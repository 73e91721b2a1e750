const withId = /^(.*?)[ _-]?([0-9a-f]{32}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/i;

/** The page's name and its parents in a Notion export, from the ids that it adds to file and folder names; undefined for another file. */
export function exportedHierarchy(uri: string): { parents: string[]; name: string } | undefined {
  const parts = uri.split('/');
  const last = withId.exec(parts.at(-1)!.replace(/\.[a-z]{1,5}$/i, ''));
  if (last === null) return undefined;
  const name = last[1]!.trim();
  // Newer exports name the folders of subpages without the id.
  const parents = parts.slice(0, -1).map((part) => (withId.exec(part)?.[1] ?? part).trim());
  return { parents: parents.filter((part) => part !== '' && part !== name), name };
}
