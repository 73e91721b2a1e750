import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type JavaServer, missingForJava, runningServer, startServer, stopServer } from './java-server.ts';

/** Addresses of what runs, and for the rest the reason why it does not. */
export interface Services {
  urls: Partial<Record<ServiceName, string>>;
  missing: Partial<Record<ServiceName, string>>;
}
export type ServiceName = 'qdrant' | 'neo4j' | 'opensearch';

const containerMs = 120_000;
const compose = ['compose', '-f', join(import.meta.dirname, 'compose.yaml')];
const composed: Record<ServiceName, string> = {
  qdrant: 'http://127.0.0.1:16333',
  neo4j: 'bolt://127.0.0.1:17687',
  opensearch: 'http://127.0.0.1:19200',
};

const opened = ['java.nio', 'java.io', 'sun.nio.ch', 'java.util.concurrent', 'java.lang'].map(
  (name) => `--add-opens=java.base/${name}=ALL-UNNAMED`,
);

const neo4j: JavaServer = {
  name: 'neo4j',
  command: (home, ports) => {
    const config = join(home, 'conf');
    mkdirSync(config, { recursive: true });
    const lines = [
      `server.bolt.listen_address=127.0.0.1:${ports[0]}`,
      'server.http.enabled=false',
      'dbms.security.auth_enabled=false',
      'server.memory.pagecache.size=64m',
      'dbms.usage_report.enabled=false',
    ];
    writeFileSync(join(config, 'neo4j.conf'), `${lines.join('\n')}\n`);
    return [...opened, 'org.neo4j.server.CommunityEntryPoint', `--home-dir=${home}`, `--config-dir=${config}`];
  },
  url: (ports) => `bolt://127.0.0.1:${ports[0]}`,
  answers: (url) => greets(Number(new URL(url).port)),
};

const opensearch: JavaServer = {
  name: 'opensearch',
  command: (home, ports) => [
    join(import.meta.dirname, 'opensearch', 'OpenSearchServer.java'),
    home,
    ...ports.map((port) => `${port}`),
  ],
  url: (ports) => `http://127.0.0.1:${ports[0]}`,
  answers: async (url) =>
    (await fetch(`${url}/_cluster/health?wait_for_status=yellow&timeout=2s`, { signal: AbortSignal.timeout(5_000) }))
      .ok,
};

const servers = { neo4j, opensearch };

/** Starts what this machine can run: all of it in Docker, or Neo4j and OpenSearch from Maven's artifacts. What runs already stays. */
export async function startServices(folder: string): Promise<Services> {
  if (spawnSync('docker', ['info'], { timeout: 10_000 }).status === 0) {
    const { status, stderr } = spawnSync('docker', [...compose, 'up', '-d'], { encoding: 'utf8', timeout: 300_000 });
    if (status === 0) return waitForContainers();
    const reason = `docker compose failed: ${stderr.slice(-300)}`;
    return { urls: {}, missing: { qdrant: reason, neo4j: reason, opensearch: reason } };
  }
  const services: Services = { urls: {}, missing: { qdrant: 'it needs Docker, or QDRANT_URL of one that runs' } };
  const reason = missingForJava();
  for (const server of Object.values(servers)) {
    try {
      if (reason !== undefined) throw new Error(reason);
      services.urls[server.name] = (await startServer(server, folder)).url;
    } catch (thrown) {
      services.missing[server.name] = thrown instanceof Error ? thrown.message : String(thrown);
    }
  }
  return services;
}

const probes: Record<ServiceName, (url: string) => Promise<boolean>> = {
  qdrant: async (url) => (await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(5_000) })).ok,
  neo4j: (url) => neo4j.answers(url),
  opensearch: (url) => opensearch.answers(url),
};

async function waitForContainers(): Promise<Services> {
  const services: Services = { urls: {}, missing: {} };
  for (const name of ['qdrant', 'neo4j', 'opensearch'] as const) {
    services.missing[name] = 'its container did not answer within two minutes';
    for (let waited = 0; waited < containerMs; waited += 500) {
      if (await probes[name](composed[name]).catch(() => false)) {
        services.urls[name] = composed[name];
        delete services.missing[name];
        break;
      }
      await sleep(500);
    }
  }
  return services;
}

/** Whether a Bolt server shakes hands: a port alone may be a proxy's. */
function greets(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, timeout: 5_000 });
    const end = (answer: boolean) => (): void => {
      socket.destroy();
      resolve(answer);
    };
    // The magic number and the versions that we would speak: 5.4 down to 5.0, then 4.4.
    socket.once('connect', () => socket.write(Buffer.from('6060b01700040405000004040000000000000000', 'hex')));
    socket.once('data', end(true));
    for (const event of ['error', 'timeout', 'close'] as const) socket.once(event, end(false));
  });
}

/** Stops what `startServices` started with this folder. */
export async function stopServices(folder: string): Promise<void> {
  if (spawnSync('docker', ['info'], { timeout: 10_000 }).status === 0) spawnSync('docker', [...compose, 'down']);
  for (const server of Object.values(servers)) await stopServer(server, folder);
}

/** What runs now. */
export async function describeServices(
  folder: string,
): Promise<{ name: string; url: string; pid: number; answers: boolean }[]> {
  const found = [];
  for (const server of Object.values(servers)) {
    const state = runningServer(server, folder);
    if (state === undefined) continue;
    const answers = await server.answers(state.url).catch(() => false);
    found.push({ name: server.name, url: state.url, pid: state.pid, answers });
  }
  return found;
}

/** Kills a server as a crash would and starts it again: what was acknowledged must be there. Its address changes. */
export async function crashService(name: 'neo4j' | 'opensearch', folder: string): Promise<string> {
  await stopServer(servers[name], folder, 'SIGKILL');
  return (await startServer(servers[name], folder)).url;
}
