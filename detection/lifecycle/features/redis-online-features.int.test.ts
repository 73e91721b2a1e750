import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../infra/runtime/clock.ts';
import { createSecret } from '../../../infra/runtime/secret.ts';
import { freePort } from '../../../infra/runtime/free-port.ts';
import { describeOnlineFeatures } from './online-features.conformance.ts';
import { openRedisOnlineFeatures } from './redis-online-features.ts';

const isInstalled = spawnSync('redis-server', ['--version']).status === 0;
const dir = mkdtempSync(join(tmpdir(), 'cerebro-redis-'));
let port = 0;
let server: ChildProcess;

/** Starts a real server, on the port of the one before, and waits until it answers. */
async function start(...more: string[]): Promise<void> {
  const options = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', dir, ...more];
  server = spawn('redis-server', options, { stdio: 'ignore' });
  for (let tries = 0; tries < 100; tries += 1) {
    if ((await command('PING')) !== '') return;
    await delay(50);
  }
  throw new Error('redis-server did not answer');
}

async function stop(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
  const ended = new Promise((resolve) => server.once('exit', resolve));
  server.kill(signal);
  await ended;
}

/** A command by a plain socket; the empty text when nobody listens. */
function command(text: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.once('connect', () => socket.write(`${text}\r\n`));
    socket.once('data', (data: Buffer) => {
      socket.destroy();
      resolve(data.toString());
    });
    socket.once('error', () => resolve(''));
  });
}

describe.skipIf(!isInstalled)(`Redis${isInstalled ? '' : ' (skipped: redis-server is not installed)'}`, () => {
  beforeAll(async () => {
    port = await freePort();
    await start();
  });
  afterAll(async () => {
    await stop();
    rmSync(dir, { recursive: true });
  });
  const url = () => `redis://127.0.0.1:${port}`;
  const now = () => ({ at: Date.now(), values: Float32Array.of(1, 2) });

  describeOnlineFeatures('Redis', async (deps, ages) => {
    await command('FLUSHALL');
    return openRedisOnlineFeatures({ url: url() }, deps, ages);
  });

  it('lets a row expire by itself', async () => {
    const store = openRedisOnlineFeatures({ url: url() }, { clock: systemClock }, { lifeMs: 400 });
    await store.put('host@1', 'short', now());
    const key = 'cerebro:features:host%401:short';
    expect(await command(`EXISTS ${key}`)).toBe(':1\r\n');
    await delay(500);
    expect(await command(`EXISTS ${key}`)).toBe(':0\r\n');
    await store.close();
  });

  it('is shared by processes: what one puts, another gets', async () => {
    const [one, other] = [1, 2].map(() => openRedisOnlineFeatures({ url: url() }, { clock: systemClock }));
    const row = now();
    await one!.put('host@1', 'shared', row);
    expect(await other!.get('host@1', 'shared')).toMatchObject(row);
    await one!.close();
    await other!.close();
  });

  it('fails at once while the server is away, and works again when it is back', async () => {
    const store = openRedisOnlineFeatures({ url: url() }, { clock: systemClock });
    await store.put('host@1', 'a', now());
    await stop();
    await delay(100);
    const asked = performance.now();
    for (let i = 0; i < 5; i += 1)
      await expect(store.get('host@1', 'a')).rejects.toMatchObject({ code: 'BACKEND_UNAVAILABLE' });
    expect(performance.now() - asked).toBeLessThan(1_000);
    await start();
    let kept;
    for (let tries = 0; tries < 50 && kept === undefined; tries += 1) {
      await delay(100);
      kept = await store.put('host@1', 'a', now()).then(
        () => store.get('host@1', 'a'),
        () => undefined,
      );
    }
    expect(kept?.values).toEqual(Float32Array.of(1, 2));
    await store.close();
  });

  it('gives up on a server that hangs, and says when a password is wrong', async () => {
    server.kill('SIGSTOP');
    const hung = openRedisOnlineFeatures({ url: url(), timeoutMs: 300 }, { clock: systemClock });
    await expect(hung.get('host@1', 'a')).rejects.toMatchObject({ code: 'BACKEND_UNAVAILABLE' });
    server.kill('SIGCONT');
    await hung.close();
    await command('CONFIG SET requirepass right');
    const open = (password: string) =>
      openRedisOnlineFeatures({ url: url(), password: createSecret(password) }, { clock: systemClock });
    const wrong = open('wrong');
    await expect(wrong.get('host@1', 'a')).rejects.toMatchObject({ code: 'BACKEND_REJECTED' });
    await wrong.close();
    const right = open('right');
    await right.put('host@1', 'a', now());
    await right.close();
  });
});
