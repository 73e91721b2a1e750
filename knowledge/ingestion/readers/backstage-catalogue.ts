import { type Edge, type Entity, type EntityKind, entityIdOf } from '../../../domain/entity.ts';
import { nameOf } from '../../text/read-markdown.ts';
import { documentOf } from '../reader.ts';
import { type DataReader, type Fields, fieldsOf, listOf, plainOf, textIn } from './data-reader.ts';

const confidence = 0.9;

/**
 * Backstage catalogue entities: a page of what is declared, and the topology that components, resources and APIs declare (owners, dependencies,
 * APIs used; an API is an endpoint that depends on its component).
 */
export const backstageCatalogue: DataReader = {
  name: 'Backstage catalogue',
  takes: (value) => textIn(value['apiVersion']).startsWith('backstage.io/'),
  read: ({ value, uri, at, line }) => {
    const metadata = fieldsOf(value['metadata']);
    const spec = fieldsOf(value['spec']);
    const name = textIn(metadata['name']);
    const kind = textIn(value['kind']);
    const says = Object.entries({ ...metadata, ...spec }).map(([key, item]) => `${key}: ${plainOf(item)}`);
    const address = at('');
    const document = documentOf(address, textIn(metadata['title']) || name || nameOf(uri), 'document', [
      { path: [`${kind} ${name}`], text: says.join('\n'), line },
    ]);
    if (name === '') return [document];
    return [{ ...document, entities: [name], topology: topologyOf(kind, name, spec, address) }];
  },
};

function topologyOf(kind: string, name: string, spec: Fields, source: string): { entities: Entity[]; edges: Edge[] } {
  const entities = new Map<string, Entity>();
  const edges: Edge[] = [];
  const known = (ref: { kind: EntityKind; name: string }, labels?: Record<string, string>): string => {
    const id = entityIdOf(ref.kind, ref.name);
    entities.set(id, { id, ...ref, ...(labels === undefined ? {} : { labels }) });
    return id;
  };
  const own = kindOf(kind, textIn(spec['type']));
  if (own === undefined) return { entities: [], edges: [] };
  const self = known({ kind: own, name });
  const link = (from: string, to: string, as: Edge['kind']): number =>
    edges.push({ from, to, kind: as, source, confidence });
  const owner = textIn(spec['owner']);
  if (owner !== '') link(known({ kind: 'other', name: refOf(owner, 'group').name }, { role: 'team' }), self, 'owns');
  for (const ref of listOf(spec['dependsOn']).map(textIn)) {
    if (ref === '') continue;
    const target = refOf(ref, 'component');
    const to = kindOf(target.kind, /(?:db|database|postgres|mysql)/i.test(target.name) ? 'database' : '');
    if (to !== undefined)
      link(self, known({ kind: to, name: target.name }), to === 'database' || to === 'cache' ? 'reads' : 'calls');
  }
  for (const ref of listOf(spec['consumesApis']).map(textIn))
    if (ref !== '') link(self, known({ kind: 'endpoint', name: refOf(ref, 'api').name }), 'calls');
  for (const ref of listOf(spec['providesApis']).map(textIn))
    if (ref !== '') link(known({ kind: 'endpoint', name: refOf(ref, 'api').name }), self, 'routes-to');
  return { entities: [...entities.values()], edges };
}

/** `[kind:][namespace/]name`. */
function refOf(ref: string, kind: string): { kind: string; name: string } {
  const mark = ref.indexOf(':');
  const name = ref.slice(mark + 1);
  return { kind: mark < 0 ? kind : ref.slice(0, mark), name: name.slice(name.lastIndexOf('/') + 1) };
}

function kindOf(kind: string, type: string): EntityKind | undefined {
  if (/^component$/i.test(kind)) return 'service';
  if (/^api$/i.test(kind)) return 'endpoint';
  if (!/^resource$/i.test(kind)) return undefined;
  if (/database|postgres|mysql|sql/i.test(type)) return 'database';
  if (/cache|redis/i.test(type)) return 'cache';
  if (/queue|topic|stream|kafka/i.test(type)) return 'queue';
  return /bucket|storage|volume/i.test(type) ? 'volume' : 'other';
}
