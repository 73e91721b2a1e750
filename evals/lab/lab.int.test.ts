import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { faults } from './faults/catalogue.ts';
import type { Observability } from './supervisor/public-server.ts';

interface Ready {
  readonly ready: boolean;
  readonly observability: string;
  readonly control: string;
  readonly page: string;
}
interface ExportedSpan {
  readonly traceId: string;
  readonly kind: number;
}
interface Export {
  readonly resourceSpans: { scopeSpans: { spans: ExportedSpan[] }[]; resource: { attributes: object[] } }[];
}

const token = 'a-token-for-this-test';
const folder = mkdtempSync(join(tmpdir(), 'shop-'));
const spans: ExportedSpan[] = [];
const bodies: string[] = [];
let receiver: Server;
let lab: ChildProcess;
let ready: Ready;
let seen: Observability;

async function getText(url: string): Promise<string> {
  return (await fetch(url, { signal: AbortSignal.timeout(3000) })).text();
}

async function control(method: string, path: string, body?: object, bearer = token): Promise<Response> {
  const headers = { authorization: `Bearer ${bearer}` };
  return fetch(`${ready.control}${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) });
}

/** Sum of the samples of a metric over all targets that answer. */
async function total(metric: string, labels = ''): Promise<number> {
  const texts = await Promise.all(seen.scrape.map(({ url }) => getText(url).catch(() => '')));
  let sum = 0;
  for (const line of texts.join('\n').split('\n')) {
    if (!line.startsWith(metric) || !line.includes(labels)) continue;
    if (line[metric.length] === '{' || line[metric.length] === ' ')
      sum += Number(line.slice(line.lastIndexOf(' ') + 1));
  }
  return sum;
}

/** Waits until a reading of the running shop fits; fails with the last one. */
async function eventually(
  read: () => Promise<number>,
  fits: (value: number) => boolean,
  limitMs = 12_000,
): Promise<void> {
  const until = Date.now() + limitMs;
  let value = await read();
  while (!fits(value) && Date.now() < until) {
    await delay(300);
    value = await read();
  }
  expect({ value, fits: fits(value) }).toEqual({ value, fits: true });
}

function childrenOf(parent: number): number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map(Number).filter((pid) => {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === parent;
    } catch {
      return false;
    }
  });
}

const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
};

async function start(): Promise<void> {
  const address = receiver.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const args = ['--dir', folder, '--seed', '4', '--otlp', `http://127.0.0.1:${port}/v1/traces`];
  lab = spawn(process.execPath, [join(import.meta.dirname, 'main.ts'), ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, CEREBRO_LAB_TOKEN: token },
  });
  if (lab.stdout === null) throw new Error('no output');
  for await (const line of createInterface({ input: lab.stdout })) {
    ready = JSON.parse(line);
    break;
  }
  seen = JSON.parse(await getText(ready.observability));
}

beforeAll(async () => {
  receiver = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => (text += String(chunk)));
    request.on('end', () => {
      bodies.push(text);
      const sent: Export = JSON.parse(text);
      for (const resource of sent.resourceSpans) {
        for (const scope of resource.scopeSpans) spans.push(...scope.spans);
      }
      response.end('{}');
    });
  });
  receiver.listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  await start();
});

afterAll(async () => {
  lab.kill('SIGKILL');
  receiver.close();
  await delay(100);
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

describe.skipIf(process.platform !== 'linux')('the lab', () => {
  it('serves traffic with metrics, logs and spans of every kind', async () => {
    expect(seen.scrape.length).toBeGreaterThanOrEqual(12);
    expect(new Set(seen.scrape.map(({ job }) => job)).size).toBe(seen.scrape.length);
    await eventually(
      () => total('queue_consumed_total'),
      (value) => value > 2,
    );
    for (const metric of [
      'http_requests_total',
      'http_request_duration_seconds_count',
      'http_client_requests_total',
      'db_client_operations_total',
      'db_client_connections_max',
      'db_operations_total',
      'cache_requests_total',
      'process_cpu_seconds_total',
      'process_open_fds',
      'volume_capacity_bytes',
      'node_cpu_seconds_total',
      'service_up',
    ]) {
      expect([metric, (await total(metric)) > 0]).toEqual([metric, true]);
    }
    expect(await total('http_requests_total', 'status="5')).toBe(0);
    const lines = seen.logs.flatMap(({ path }) =>
      readFileSync(path, 'utf8')
        .split('\n')
        .filter((line) => line !== ''),
    );
    for (const line of lines)
      expect(JSON.parse(line)).toMatchObject({ time: expect.any(String), msg: expect.any(String) });
    await eventually(
      async () => new Set(spans.map(({ kind }) => kind)).size,
      (kinds) => kinds === 4,
    );
    const traces = Map.groupBy(spans, ({ traceId }) => traceId);
    expect(Math.max(...[...traces.values()].map((trace) => trace.length))).toBeGreaterThan(5);
  });

  it('keeps the control port behind its token', async () => {
    expect((await control('GET', '/catalogue', undefined, 'wrong')).status).toBe(401);
    expect((await fetch(ready.page)).headers.get('content-type')).toContain('text/html');
    expect(await (await control('GET', '/catalogue')).json()).toHaveLength(faults.length);
    expect((await control('POST', '/faults', { kind: 'meteor' })).status).toBe(400);
  });

  it('shows an injected fault to those who look, without naming it', async () => {
    const truth = await (await control('POST', '/faults', { kind: 'bad-deploy-errors' })).json();
    expect(truth).toMatchObject({ kind: 'bad-deploy-errors', culprit: true });
    await eventually(
      () => total('http_requests_total', 'status="500"'),
      (value) => value > 3,
    );
    const changes = await getText(`${seen.changes}?since=${truth.onset.slice(0, 19)}Z`);
    expect(changes).toContain('tax.rate');
    await delay(400);
    const log = readFileSync(seen.logs.find(({ service }) => service === truth.entity)?.path ?? '', 'utf8');
    expect(log).toContain("Cannot read properties of undefined (reading 'rate')");
    const metrics = (await Promise.all(seen.scrape.map(({ url }) => getText(url)))).join('\n');
    const logs = seen.logs.map(({ path }) => readFileSync(path, 'utf8')).join('\n');
    for (const text of [metrics, logs, changes, bodies.join('\n')]) {
      expect(text).not.toMatch(/bad-deploy|evals|\binject/i);
    }
    await control('DELETE', '/faults');
    expect(await (await control('GET', '/faults')).json()).toMatchObject([{ cleared: expect.any(String) }]);
  });

  it('leaves no process behind when its input closes, nor when it is killed', async () => {
    for (const end of [() => lab.stdin?.end(), () => lab.kill('SIGKILL')]) {
      if (lab.exitCode !== null) await start();
      const children = childrenOf(lab.pid ?? 0);
      expect(children.length).toBeGreaterThan(12);
      const gone = once(lab, 'exit');
      end();
      await gone;
      await eventually(
        async () => children.filter(alive).length,
        (count) => count === 0,
        4000,
      );
    }
  });
});
