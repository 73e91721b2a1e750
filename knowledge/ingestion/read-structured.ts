import { parseAllDocuments } from 'yaml';
import type { Section, SourceDocument } from '../chunk.ts';
import { nameOf } from '../text/read-markdown.ts';

type Fields = Record<string, unknown>;
const mostAliases = 100;

/**
 * Reads what a YAML or JSON file is known to say: Prometheus alert rules (an alert is a small runbook with its `runbook_url`), Backstage
 * catalogue entities with their owners, OpenAPI operations. A file that is none of these gives no document. Throws on text that is not YAML.
 */
export function readStructured(uri: string, text: string): SourceDocument[] {
  return parseAllDocuments(text).flatMap((part, index) => {
    if (part.errors.length > 0) throw new SyntaxError(part.errors[0]!.message);
    const value = fieldsOf(part.toJS({ maxAliasCount: mostAliases }));
    const line = lineOf(text, part.range?.[0] ?? 0);
    const at = (name: string): string => (index === 0 && name === '' ? uri : `${uri}#${name === '' ? index : name}`);
    if (Array.isArray(value['groups'])) return readRules(value, { at, text });
    if (typeof value['openapi'] === 'string' || typeof value['swagger'] === 'string')
      return [readOpenApi(value, at(''), text)];
    if (String(value['apiVersion']).startsWith('backstage.io/')) return [readBackstage(value, at(''), line)];
    return [];
  });
}

function readRules(value: Fields, file: { at: (name: string) => string; text: string }): SourceDocument[] {
  return listOf(value['groups']).flatMap((group) =>
    listOf(fieldsOf(group)['rules']).flatMap((item) => {
      const rule = fieldsOf(item);
      const name = textIn(rule['alert']);
      if (name === '') return [];
      const notes = Object.entries(fieldsOf(rule['annotations'])).map(([key, note]) => `${key}: ${textIn(note)}`);
      const severity = textIn(fieldsOf(rule['labels'])['severity']);
      const text = [
        ...notes,
        `expression: ${textIn(rule['expr'])}`,
        ...(severity === '' ? [] : [`severity: ${severity}`]),
      ];
      const line = lineOf(file.text, Math.max(0, file.text.indexOf(name)));
      return [documentOf(file.at(name), name, 'runbook', [{ path: [name], text: text.join('\n'), line }])];
    }),
  );
}

function readBackstage(value: Fields, uri: string, line: number): SourceDocument {
  const metadata = fieldsOf(value['metadata']);
  const spec = fieldsOf(value['spec']);
  const name = textIn(metadata['name']);
  const says = Object.entries({ ...metadata, ...spec }).map(([key, item]) => `${key}: ${plainOf(item)}`);
  const document = documentOf(uri, name === '' ? nameOf(uri) : name, 'document', [
    { path: [`${textIn(value['kind'])} ${name}`], text: says.join('\n'), line },
  ]);
  return { ...document, entities: name === '' ? [] : [name] };
}

function readOpenApi(value: Fields, uri: string, text: string): SourceDocument {
  const info = fieldsOf(value['info']);
  const title = textIn(info['title']);
  const sections: Section[] = [{ path: [title], text: textIn(info['description']), line: 1 }];
  for (const [path, item] of Object.entries(fieldsOf(value['paths'])))
    for (const [method, operation] of Object.entries(fieldsOf(item))) {
      const { summary, description, operationId } = fieldsOf(operation);
      const words = [operationId, summary, description].map(textIn).filter((word) => word !== '');
      if (words.length > 0)
        sections.push({
          path: [title, `${method.toUpperCase()} ${path}`],
          text: words.join('\n'),
          line: lineOf(text, Math.max(0, text.indexOf(path))),
        });
    }
  return documentOf(uri, title === '' ? nameOf(uri) : title, 'document', sections);
}

function documentOf(uri: string, title: string, kind: SourceDocument['kind'], sections: Section[]): SourceDocument {
  return { uri, title, kind, labels: [], entities: [], sections };
}

function lineOf(text: string, index: number): number {
  return text.slice(0, index).split('\n').length;
}

function fieldsOf(value: unknown): Fields {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? { ...value } : {};
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function textIn(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function plainOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
