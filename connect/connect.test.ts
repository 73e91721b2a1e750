import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { alignNames } from './align-names.ts';
import { findGrafanaSources } from './find-grafana-sources.ts';
import { recogniseServer } from './find-servers.ts';
import type { Found } from './found.ts';
import { readListeners } from './listeners.ts';
import { lookAround } from './look-around.ts';
import { makeConfig } from './make-config.ts';

const servers: Server[] = [];
afterAll(() => servers.forEach((server) => server.close()));

/** A server with fixed replies by path; everything else is 404. */
async function serve(replies: Record<string, unknown>, status = 404): Promise<string> {
  const server = createServer((request, response) => {
    const reply = replies[request.url ?? ''];
    response.statusCode = reply === undefined ? status : 200;
    response.end(typeof reply === 'string' ? reply : JSON.stringify(reply ?? {}));
  });
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
}

const prometheus = { '/api/v1/status/buildinfo': { status: 'success', data: { version: '2.42.0' } } };
const nothing: Found = { servers: [], logs: [], checkouts: [], clusters: [], notes: [] };

describe('recogniseServer', () => {
  it('tells servers by what they say of themselves, whatever their port', async () => {
    const told = async (replies: Record<string, unknown>): Promise<string | undefined> => {
      const found = await recogniseServer(await serve(replies));
      return found && `${found.kind}: ${found.about}`;
    };
    expect(await told(prometheus)).toBe('prometheus: Prometheus 2.42.0');
    expect(await told({ '/api/v2/status': { cluster: {}, versionInfo: { version: '0.25.0' } } })).toBe(
      'alertmanager: Alertmanager 0.25.0',
    );
    expect(await told({ '/api/services': { data: ['a', 'b'], total: 2 } })).toBe('jaeger: Jaeger, 2 services');
    expect(await told({ '/': { version: { number: '2.1', distribution: 'opensearch' } } })).toBe(
      'opensearch: OpenSearch 2.1',
    );
    expect(await told({ '/metrics': '# HELP up Up.\n# TYPE up gauge\nup 1\n' })).toBe(
      'exposition: metrics in text form',
    );
    expect(await told({ '/': '<html>a shop</html>' })).toBeUndefined();
  });

  it('says what to give where a log-in is asked for', async () => {
    const found = await recogniseServer(await serve({}, 401));
    expect(found?.needs).toMatch(/CEREBRO_PROMETHEUS_TOKEN/);
  });

  it('finds nothing where nobody listens', async () => {
    expect(await recogniseServer('http://127.0.0.1:1')).toBeUndefined();
  });
});

describe('readListeners', () => {
  it('reads ports, folder and logs from what the kernel tells', () => {
    const root = mkdtempSync(join(tmpdir(), 'cerebro-proc-'));
    const logs = mkdtempSync(join(tmpdir(), 'cerebro-logs-'));
    writeFileSync(join(logs, 'shop.log'), 'x');
    mkdirSync(join(root, 'net'));
    writeFileSync(
      join(root, 'net/tcp'),
      'sl local rem st\n 0: 0100007F:1388 00000000:0000 0A 0:0 00:0 0 0 0 4711 1\n 1: 0100007F:0016 0:0 01 0:0 00:0 0 0 0 4712 1\n',
    );
    mkdirSync(join(root, '42/fd'), { recursive: true });
    writeFileSync(join(root, '42/comm'), 'python\n');
    symlinkSync('/srv/shop', join(root, '42/cwd'));
    symlinkSync('socket:[4711]', join(root, '42/fd/3'));
    symlinkSync('socket:[4712]', join(root, '42/fd/4'));
    symlinkSync(join(logs, 'shop.log'), join(root, '42/fd/1'));
    symlinkSync('/dev/null', join(root, '42/fd/0'));
    expect(readListeners(root)).toEqual([
      { pid: 42, program: 'python', ports: [5_000], folder: '/srv/shop', logs: [join(logs, 'shop.log')] },
    ]);
    expect(readListeners(join(root, 'nowhere'))).toEqual([]);
  });
});

describe('lookAround', () => {
  it('finds a Prometheus by its address, the logs of what listens, and the work tree that it runs from', async () => {
    const url = await serve(prometheus);
    const tree = mkdtempSync(join(tmpdir(), 'cerebro-tree-'));
    mkdirSync(join(tree, '.git'));
    mkdirSync(join(tree, 'src'));
    const found = await lookAround({
      addresses: [url, '127.0.0.1:1'],
      checkouts: [],
      listeners: [{ pid: 1, program: 'shop', ports: [], folder: join(tree, 'src'), logs: ['/var/log/shop/app.log'] }],
      environment: { KUBECONFIG: '/nowhere/config', AWS_REGION: 'eu-west-1' },
      folder: '/',
      ownPorts: new Set(),
      ask: (input, init) =>
        input instanceof URL && input.href.startsWith(url) ? fetch(input, init) : Promise.reject(new Error('refused')),
    });
    expect(found.servers.map((one) => one.kind)).toEqual(['prometheus']);
    expect(found.logs).toEqual([{ path: '/var/log/shop/app.log', service: 'shop' }]);
    expect(found.checkouts.map(({ path }) => path)).toEqual([tree]);
    expect(found.notes.join('\n')).toMatch(/127\.0\.0\.1:1: nothing that is known answers/);
    expect(found.notes.join('\n')).toMatch(/\/nowhere\/config: cannot be read/);
    const { sources, notes } = makeConfig(found);
    expect(sources).toEqual({
      prometheus: { url },
      collector: { logs: [{ service: 'shop', path: '/var/log/shop/app.log' }], otlpPort: 4_318 },
      git: [{ path: tree }],
    });
    expect(notes.join('\n')).toMatch(/eu-west-1/);
  });

  it("reads Grafana's data sources, or says which leave is missing", async () => {
    const grafana = await serve({
      '/api/datasources': [
        { uid: 'loki1', name: 'logs', type: 'loki' },
        { uid: 'prom1', name: 'metrics', type: 'prometheus', isDefault: true },
        { uid: '../x', name: 'odd', type: 'prometheus' },
        { uid: 'm', name: 'sql', type: 'mssql' },
      ],
    });
    const told = await findGrafanaSources(grafana, 'token');
    expect(told.servers.map(({ kind, url }) => [kind, url.slice(grafana.length)])).toEqual([
      ['prometheus', '/api/datasources/proxy/uid/prom1'],
      ['loki', '/api/datasources/proxy/uid/loki1'],
    ]);
    expect(told.notes.join('\n')).toMatch(/mssql/);
    expect((await findGrafanaSources(await serve({}, 401), undefined)).notes[0]).toMatch(/datasources:read/);
  });
});

describe('makeConfig', () => {
  it('scrapes endpoints itself only where there is no Prometheus, and tells what it leaves out', () => {
    const endpoint = { kind: 'exposition' as const, url: 'http://127.0.0.1:5000', about: 'metrics in text form' };
    const one = { kind: 'prometheus' as const, url: 'http://p:9090', about: 'Prometheus 3' };
    expect(makeConfig({ ...nothing, servers: [endpoint] }).sources['collector']).toMatchObject({
      scrape: [{ job: 'port-5000', url: 'http://127.0.0.1:5000/metrics' }],
    });
    const shop = { ...endpoint, program: 'shop' };
    expect(
      makeConfig({ ...nothing, servers: [shop, { ...shop, url: 'http://127.0.0.1:5001' }] }).sources,
    ).toMatchObject({
      collector: { scrape: [{ job: 'shop' }, { job: 'shop-5001' }] },
    });
    const both = makeConfig({ ...nothing, servers: [one, endpoint, { ...one, url: 'http://q:9090' }] });
    expect(both.sources['collector']).toEqual({ otlpPort: 4_318 });
    expect(both.notes).toEqual(['http://q:9090 (Prometheus 3) is left out: there is one prometheus already']);
  });
});

describe('alignNames', () => {
  it('says which names the sources share, and which are likely the same', () => {
    const probe = (kind: string, entities: string[]) =>
      ({ name: kind, kind, address: '', state: 'ok', says: '', entities }) as const;
    const { shared, alone } = alignNames([
      probe('metrics', ['service:shop', 'service:payments']),
      probe('logs', ['service:Shop', 'service:payments-api']),
    ]);
    expect(shared).toEqual([{ name: 'shop', kinds: ['logs', 'metrics'] }]);
    expect(alone).toContainEqual({ name: 'payments-api', kind: 'logs', likely: 'payments' });
    expect(alignNames([probe('metrics', ['service:a'])])).toEqual({ shared: [], alone: [] });
  });
});
