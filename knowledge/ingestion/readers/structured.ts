import { isCollection, isMap, parseAllDocuments } from 'yaml';
import type { SourceDocument } from '../../chunk.ts';
import type { Reader } from '../reader.ts';
import { lineFinder } from '../text-lines.ts';
import { alertRules } from './alert-rules.ts';
import { backstageCatalogue } from './backstage-catalogue.ts';
import { type DataPart, type DataReader, fieldsOf } from './data-reader.ts';
import { kubernetesManifests } from './kubernetes-manifests.ts';
import { openApi } from './open-api.ts';
import { terraformState } from './terraform-state.ts';

/** Every kind of data file that is known, most specific first. */
const dataReaders: readonly DataReader[] = [
  alertRules,
  openApi,
  backstageCatalogue,
  terraformState,
  kubernetesManifests,
];
const mostAliases = 100;
const largestYaml = 8 * 1024 * 1024;

/** YAML and JSON by what they hold (see `dataReaders`); a file that is none of these gives no document. Throws on text that does not parse. */
export const structuredReader: Reader = {
  name: 'structured data',
  takes: ({ uri }) => /\.(?:ya?ml|json|tfstate)$/i.test(uri),
  read: (file) => (/\.ya?ml$/i.test(file.uri) ? yamlParts : jsonParts)(file.uri, file.text()).flatMap(readPart),
};

function readPart(part: DataPart): SourceDocument[] {
  return dataReaders.find((reader) => reader.takes(part.value))?.read(part) ?? [];
}

function jsonParts(uri: string, text: string): DataPart[] {
  const lineOf = lineFinder(text);
  const value = fieldsOf(JSON.parse(text));
  return [
    {
      uri,
      at: (name) => (name === '' ? uri : `${uri}#${name}`),
      value,
      text,
      line: 1,
      // Keys are looked up one within the other; good for anchors, and without a parser that keeps places.
      lineOf: (path) => {
        let index = 0;
        for (const key of path) {
          if (typeof key === 'number') continue;
          const found = text.indexOf(JSON.stringify(key), index);
          if (found >= 0) index = found;
        }
        return lineOf(index);
      },
    },
  ];
}

function yamlParts(uri: string, text: string): DataPart[] {
  if (text.length > largestYaml) throw new RangeError('more than the 8 MiB of YAML that are read');
  const lineOf = lineFinder(text);
  return parseAllDocuments(text).flatMap((part, index): DataPart[] => {
    if (part.errors.length > 0) {
      // A template is no data before it was rendered.
      if (text.includes('{{')) return [];
      throw new SyntaxError(part.errors[0]!.message);
    }
    const [start, end] = part.contents?.range ?? [0, 0];
    return [
      {
        uri,
        at: (name) => (index === 0 && name === '' ? uri : `${uri}#${name === '' ? index : name}`),
        value: fieldsOf(part.toJS({ maxAliasCount: mostAliases })),
        text: text.slice(start, end),
        line: lineOf(start),
        lineOf: (path) => {
          const node: unknown = part.getIn(path, true);
          const key: unknown = keyAt(part.getIn(path.slice(0, -1), true) ?? part.contents, path.at(-1));
          return lineOf(rangeOf(key) ?? rangeOf(node) ?? start);
        },
      },
    ];
  });
}

/** The key's node, whose place is the line that a reader looks for. */
function keyAt(parent: unknown, name: string | number | undefined): unknown {
  if (!isCollection(parent) || !isMap(parent)) return undefined;
  return parent.items.find(({ key }) => String(key) === String(name))?.key;
}

function rangeOf(node: unknown): number | undefined {
  const range: unknown = node !== null && typeof node === 'object' && 'range' in node ? node.range : undefined;
  const start: unknown = Array.isArray(range) ? range[0] : undefined;
  return typeof start === 'number' ? start : undefined;
}
