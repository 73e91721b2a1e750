import type { Edge, Entity, Topology } from '../../../domain/entity.ts';
import { entityIdOf } from '../../../domain/entity.ts';
import { documentOf, type Reader } from '../reader.ts';

const serviceFolders = /^(?:services?|apps?|cmd|packages|components|microservices|functions|charts?|deploy|src)$/i;
/** A folder's name is a good guess of the service's name, no more. */
const confidence = 0.7;

/**
 * CODEOWNERS: who owns which paths, as a page, and as `owns` edges to the services whose folders are named (`/services/cart/` is service
 * `cart`). Later lines overrule earlier ones for the same path; a line without owners takes ownership away.
 */
export const codeOwnersReader: Reader = {
  name: 'code owners',
  takes: ({ uri }) => /(^|\/)CODEOWNERS$/.test(uri),
  read: (file) => {
    const rules = new Map<string, { owners: string[]; line: number }>();
    for (const [index, text] of file.text().split('\n').entries()) {
      const [pattern, ...owners] = text
        .replace(/(^|\s)#.*$/, '')
        .replace(/^\^?\[[^\]]*\](?:\[\d+\])?/, '')
        .trim()
        .split(/\s+/);
      if (pattern === undefined || pattern === '') continue;
      rules.delete(pattern);
      rules.set(pattern, { owners: owners.filter((owner) => /[@]/.test(owner)), line: index + 1 });
    }
    const owned = [...rules].filter(([, { owners }]) => owners.length > 0);
    if (owned.length === 0) return [];
    const sections = owned.map(([pattern, { owners, line }]) => ({
      path: [pattern],
      text: `${pattern} is owned by ${owners.join(', ')}`,
      line,
    }));
    const topology = topologyOf(
      owned.map(([pattern, { owners }]) => ({ pattern, owners })),
      file.uri,
    );
    const entities = topology.entities.filter(({ kind }) => kind === 'service').map(({ name }) => name);
    return [{ ...documentOf(file.uri, 'Code owners', 'document', sections), entities, topology }];
  },
};

function topologyOf(rules: readonly { pattern: string; owners: string[] }[], source: string): Topology {
  const entities = new Map<string, Entity>();
  const edges: Edge[] = [];
  for (const { pattern, owners } of rules) {
    const service = serviceOf(pattern);
    if (service === undefined) continue;
    const to = entityIdOf('service', service);
    entities.set(to, { id: to, kind: 'service', name: service });
    for (const owner of owners) {
      const name = owner.replace(/^@(?:[^/]+\/)?/, '');
      const from = entityIdOf('other', name);
      entities.set(from, { id: from, kind: 'other', name, labels: { role: 'team' } });
      edges.push({ from, to, kind: 'owns', source, confidence });
    }
  }
  return { entities: [...entities.values()], edges };
}

/** The folder right below one that holds services; undefined for globs and other paths. */
function serviceOf(pattern: string): string | undefined {
  const parts = pattern.split('/').filter((part) => part !== '');
  const at = parts.findIndex((part) => serviceFolders.test(part));
  const name = at < 0 ? undefined : parts[at + 1];
  return name === undefined || !/^[\w.-]+$/.test(name) || /\.\w{1,4}$/.test(name) ? undefined : name.toLowerCase();
}
