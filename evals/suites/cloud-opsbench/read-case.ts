import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { z } from 'zod';
import type { Edge } from '../../../domain/entity.ts';
import type { LogRecord, Resource } from '../../../domain/signal.ts';
import { kindOfWord } from '../../../detection/evidence/checks/kubectl/kubectl-context.ts';
import { mergeResources } from '../../../detection/evidence/checks/kubectl/merge-resources.ts';
import { parseKubectl } from '../../../detection/evidence/checks/kubectl/parse-kubectl.ts';
import { parseManifest } from '../../../detection/evidence/checks/kubectl/parse-manifest.ts';
import { parseSystemd } from '../../../detection/evidence/checks/kubectl/parse-systemd.ts';
import { isoOf } from '../../../infra/runtime/clock.ts';
import type { Window } from '../../../domain/time.ts';
import type { SourceData } from '../../../tools/sources/data-sources.ts';
import { readMetrics } from './read-metrics.ts';
import { readAlerts, readConnectionTest, readDependencies, readErrorLogs, topologyOf } from './read-recorded-text.ts';

const query = z.object({ query: z.string(), namespace: z.string() }).loose();
const asked = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));

/** A frozen incident as the product's sources give it. */
export interface RecordedCase {
  /** What the incident was reported as; it arrives as an alert does. */
  title: string;
  askedAt: string;
  window: Window;
  data: SourceData;
}

/** The recordings were made in one place; its clock prints local time. */
const offset = '+08:00';

/** Reads the visible files of a case: the answers of command lines become objects, events, logs and topology. No truth is near. */
export function readCase(folder: string): RecordedCase {
  const about = query.parse(JSON.parse(readFileSync(join(folder, 'query.json'), 'utf8')));
  const cache = z
    .record(z.string(), z.unknown())
    .parse(JSON.parse(gunzipSync(readFileSync(join(folder, 'tool_cache.json.gz'))).toString('utf8')));
  const stamp = cache['collection_timestamp'];
  const now = Date.parse(`${typeof stamp === 'string' ? stamp.slice(0, 19) : '2026-01-01T00:00:00'}${offset}`);
  const live: Resource[] = [];
  const manifests: Resource[] = [];
  const others: Resource[] = [];
  const logs: LogRecord[] = [];
  const edges: Edge[] = [];
  const listed = new Set<string>();
  for (const [key, value] of Object.entries(cache)) {
    const at = key.indexOf(':{');
    if (at < 0) continue;
    const tool = key.slice(0, at);
    const input = asked.parse(JSON.parse(key.slice(at + 1)));
    const text = typeof value === 'string' ? value : '';
    const namespace =
      typeof input['namespace'] === 'string' && input['namespace'] !== '' ? input['namespace'] : about.namespace;
    switch (tool) {
      case 'GetResources':
      case 'DescribeResource':
        // A list by label repeats what the whole list says.
        if (input['label_selector'] !== undefined) break;
        if (input['name'] === '') listed.add(kindOfWord(String(input['resource_type'])));
        if (text !== '')
          live.push(...parseKubectl(kindOfWord(String(input['resource_type'])), text, { namespace, printedAt: now }));
        break;
      case 'GetAppYAML':
        manifests.push(...parseManifest(text, { namespace: about.namespace }));
        break;
      case 'GetErrorLogs':
        logs.push(...readErrorLogs(String(input['service_name']), value, now));
        break;
      case 'GetServiceDependencies':
        edges.push(...readDependencies(text));
        break;
      case 'CheckServiceConnectivity':
        others.push(readConnectionTest(String(input['service_name']), Number(input['port']), text));
        break;
      case 'CheckNodeServiceStatus': {
        const service = parseSystemd(String(input['node_name']), String(input['service_name']), text);
        if (service !== undefined) others.push(service);
        break;
      }
    }
  }
  const alertFile = join(folder, 'alert.json');
  if (existsSync(alertFile)) others.push(...readAlerts(JSON.parse(readFileSync(alertFile, 'utf8')), offset));
  return {
    title: about.query,
    askedAt: isoOf(now + 120_000),
    window: { from: isoOf(now - 600_000), to: isoOf(now + 120_000) },
    data: {
      metrics: readMetrics(join(folder, 'metrics.csv'), offset),
      logs,
      spans: [],
      changes: [],
      resources: [...withManifests(mergeResources(live), manifests, listed), ...others],
      topology: topologyOf(edges),
      advisories: [],
    },
  };
}

/** Manifests complete the objects that exist, which have the last word; of a kind that was listed, what does not exist is kept as `Manifest`. */
function withManifests(
  live: readonly Resource[],
  manifests: readonly Resource[],
  listed: ReadonlySet<string>,
): Resource[] {
  const keys = new Set(live.map(keyOf));
  const shown = manifests.map(onlyAddresses);
  const isThere = (one: Resource): boolean => keys.has(keyOf(one)) || !listed.has(one.kind);
  return [
    ...mergeResources([...shown.filter(isThere), ...live.map(onlyAddresses)]),
    ...shown
      .filter((one) => !isThere(one))
      .map((one) => ({ ...one, kind: 'Manifest', object: { ...one.object, kind: one.kind } })),
  ];
}

/** Of a secret only names of hosts and ports are taken over; no password, token or certificate is read. */
function onlyAddresses(resource: Resource): Resource {
  if (resource.kind !== 'Secret') return resource;
  const shown = Object.entries(z.record(z.string(), z.unknown()).catch({}).parse(resource.object['stringData'])).filter(
    ([name]) => /(HOST|PORT|ADDR|ADDRESS)$/.test(name),
  );
  return { ...resource, object: { metadata: resource.object['metadata'], stringData: Object.fromEntries(shown) } };
}

function keyOf({ kind, name }: Resource): string {
  return `${kind}|${name}`;
}
