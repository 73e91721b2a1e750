import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Edge, EdgeKind, Entity, EntityId } from '../../../domain/entity.ts';
import { entityIdOf, entityKindOf, entityNameOf } from '../../../domain/entity.ts';
import type { Clock } from '../../../infra/runtime/clock.ts';
import type { TopologySource } from '../source.ts';
import { connectionStringsIn } from './connection-strings.ts';
import { readHaproxyConfig, readNginxConfig } from './proxy-config.ts';

/** A folder or file of configuration and whose it is; a proxy's own file names the proxy where nothing else does. */
export interface ConfiguredPath {
  path: string;
  service?: string | undefined;
}

const mostFiles = 300;
const mostBytes = 256 * 1024;
const deepest = 5;
const refreshMs = 5 * 60_000;
const skipped = new Set(['node_modules', '.git', 'vendor', 'venv', '.venv', 'dist', 'build', 'target']);
const settings = /(?:^|\/)(?:\.env(?:\.[\w-]+)?|[\w.-]*\.(?:env|conf|cfg|ini|toml|properties|ya?ml))$/i;

/**
 * Who is told to speak with whom: upstreams of nginx and HAProxy, connection strings in environment and settings of a service. Ends are addresses;
 * `join-names.ts` finds who listens there. Files are read anew every five minutes, at most 300 of 256 KiB.
 */
export function createConfiguredTopology(paths: readonly ConfiguredPath[], clock: Clock): TopologySource {
  let held: { at: number; edges: Edge[] } | undefined;
  const edges = (): Edge[] => {
    const now = clock.now();
    if (held === undefined || now - held.at > refreshMs)
      held = {
        at: now,
        edges: paths.flatMap((one) => filesOf(one.path).flatMap((file) => edgesOf(file, one.service))),
      };
    return held.edges;
  };
  return {
    name: 'configuration',
    read(window) {
      const found = edges();
      const lookedAt = `configuration: ${paths.map(({ path }) => path).join(', ')}, ${window.from} to ${window.to}`;
      if (found.length === 0) return Promise.resolve({ status: 'no-data', lookedAt });
      const ids = [...new Set(found.flatMap(({ from, to }) => [from, to]))].sort();
      const entities = ids.map((id): Entity => ({ id, kind: entityKindOf(id), name: entityNameOf(id) }));
      return Promise.resolve({ status: 'ok', items: [{ entities, edges: found }], truncated: false, notes: [] });
    },
  };
}

function filesOf(path: string): string[] {
  const found: string[] = [];
  const visit = (at: string, depth: number): void => {
    if (found.length >= mostFiles || depth > deepest) return;
    const facts = statSync(at, { throwIfNoEntry: false });
    if (facts?.isFile() === true && facts.size <= mostBytes && (depth === 0 || settings.test(at))) found.push(at);
    if (facts?.isDirectory() !== true) return;
    for (const name of readdirSync(at).sort()) if (!skipped.has(name)) visit(join(at, name), depth + 1);
  };
  try {
    visit(path, 0);
  } catch {
    // A folder that cannot be read tells nothing.
  }
  return found;
}

function edgesOf(file: string, service: string | undefined): Edge[] {
  const text = readFileSync(file, 'utf8');
  const edges = new Map<string, Edge>();
  const add = (owner: string, to: EntityId, kind: EdgeKind): void => {
    const from = entityIdOf('service', owner);
    edges.set(`${to} ${kind}`, { from, to, kind, source: `configuration ${basename(file)}`, confidence: 0.8 });
  };
  const proxy = proxyOf(file, text);
  if (proxy !== undefined) {
    const { groups, targets } = proxy.config;
    for (const target of targets)
      for (const address of groups.get(target) ?? [target])
        if (isAddress(address)) add(service ?? proxy.name, entityIdOf('endpoint', address), 'calls');
  } else if (service !== undefined)
    for (const { address, kind } of connectionStringsIn(text)) add(service, entityIdOf('endpoint', address), kind);
  return [...edges.values()];
}

function proxyOf(file: string, text: string): { name: string; config: ReturnType<typeof readNginxConfig> } | undefined {
  if (
    /(?:^|\n)[ \t]*(?:backend|listen)[ \t]+\S+[ \t]*\n/.test(text) &&
    /(?:^|\n)[ \t]*server[ \t]+\S+[ \t]+\S+:\d/.test(text)
  )
    return { name: 'haproxy', config: readHaproxyConfig(text) };
  if (!/\.conf$|nginx/i.test(file) || !/\b(?:proxy|grpc|fastcgi|uwsgi)_pass\b/.test(text)) return undefined;
  return { name: 'nginx', config: readNginxConfig(text) };
}

function isAddress(text: string): boolean {
  return /^[\w.-]{1,253}(?::\d{1,5})?$/.test(text);
}
