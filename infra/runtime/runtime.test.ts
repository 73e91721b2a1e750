import { createServer, type Server } from 'node:http';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { canonicalJson, contentHash } from './canonical-json.ts';
import { createFakeClock, systemClock } from './clock.ts';
import { openDataFolder } from './data-folder.ts';
import { openDatabase } from './database.ts';
import { CerebroError } from './errors.ts';
import { createHttpClient } from './http.ts';
import { createLogger } from './logger.ts';
import { createMetrics } from './metrics.ts';
import { createRandom } from './random.ts';
import { createRedactor } from './redact.ts';
import { createSecret } from './secret.ts';

const folder = (): string => mkdtempSync(join(tmpdir(), 'cerebro-test-'));

describe('canonical json', () => {
  it('gives equal bytes for equal values whatever the order of members', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const reversed = Object.fromEntries(Object.entries(value).reverse());
        expect(contentHash(reversed)).toBe(contentHash(value));
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});

describe('database', () => {
  it('migrates once, rolls back a failed transaction and refuses a newer file', () => {
    const path = join(folder(), 'a.sqlite');
    const database = openDatabase(path, ['CREATE TABLE t (x INTEGER)']);
    expect(() =>
      database.transaction(() => {
        database.sql.exec('INSERT INTO t VALUES (1)');
        throw new Error('no');
      }),
    ).toThrow('no');
    database.transaction(() => {
      database.sql.exec('INSERT INTO t VALUES (2)');
      expect(() =>
        database.transaction(() => {
          database.sql.exec('INSERT INTO t VALUES (3)');
          throw new Error('inner');
        }),
      ).toThrow('inner');
    });
    expect(database.sql.prepare('SELECT x FROM t').all()).toEqual([{ x: 2 }]);
    database.close();
    openDatabase(path, ['CREATE TABLE t (x INTEGER)', 'ALTER TABLE t ADD COLUMN y TEXT']).close();
    expect(() => openDatabase(path, ['CREATE TABLE t (x INTEGER)'])).toThrow(/newer version/);
  });
});

describe('data folder', () => {
  it('refuses a second holder and is free again after closing', () => {
    const path = folder();
    const first = openDataFolder(path);
    expect(() => openDataFolder(path)).toThrow(/Another process uses/);
    first.close();
    openDataFolder(path).close();
  });
});

describe('secret', () => {
  it('prints as stars everywhere but through reveal', () => {
    const secret = createSecret('hunter2-hunter2');
    expect([String(secret), JSON.stringify({ secret }), inspect(secret)].join(' ')).not.toContain('hunter2');
    expect(secret.reveal()).toBe('hunter2-hunter2');
  });
});

describe('redactor', () => {
  const redactor = createRedactor('key');
  it.each([
    ['postgres://app:s3cr3tpass@db:5432/x', 's3cr3tpass'],
    ['Authorization: Bearer abcdef1234567890', 'abcdef1234567890'],
    ['{"password": "correct horse"}', 'correct'],
    ['DB_PASSWORD=tiger99', 'tiger99'],
    ['aws AKIAIOSFODNN7EXAMPLE used', 'AKIAIOSFODNN7EXAMPLE'],
    ['ghp_0123456789abcdefghijABCDEFGHIJ012345', 'ghp_0123456789'],
    ['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl', 'eyJzdWIiOiIxIn0'],
    ['-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----', 'MIIE'],
  ])('hides the secret in %s', (text, secret) => {
    expect(redactor.redact(text)).not.toContain(secret);
    expect(redactor.redact(text)).toContain('[secret:');
  });
  it('is stable, idempotent and keyed', () => {
    const once = redactor.redact('token: x; api_key=abcdef123456');
    expect(redactor.redact(once)).toBe(once);
    expect(createRedactor('other').redact('api_key=abcdef123456')).not.toBe(redactor.redact('api_key=abcdef123456'));
    expect(redactor.redactValue({ nested: [{ password: 'abc' }], keep: 5 })).toEqual({
      nested: [{ password: redactor.redactValue({ password: 'abc' }).password }],
      keep: 5,
    });
  });
  it('never throws and leaves plain prose alone', () => {
    fc.assert(fc.property(fc.string({ maxLength: 500 }), (text) => void redactor.redact(text)));
    expect(redactor.redact('checkout is slow since 14:05, p95 at 1.2 s')).toBe(
      'checkout is slow since 14:05, p95 at 1.2 s',
    );
  });
});

describe('random', () => {
  it('repeats itself for a seed and stays within its range', () => {
    const values = (seed: number | string): number[] => {
      const random = createRandom(seed);
      return Array.from({ length: 50 }, () => random.next());
    };
    expect(values(7)).toEqual(values(7));
    expect(values(7)).not.toEqual(values(8));
    expect(values('seven').every((value) => value >= 0 && value < 1)).toBe(true);
  });
});

describe('logger', () => {
  it('writes one JSON object a line with the bindings of its parents', () => {
    const lines: string[] = [];
    createLogger({ destination: { write: (line) => void lines.push(line) } })
      .child({ run: 'r1' })
      .info('run-start', { agent: 'x' });
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ event: 'run-start', run: 'r1', agent: 'x', level: 'info' });
  });
});

describe('metrics', () => {
  it('exposes what was counted', async () => {
    const metrics = createMetrics();
    metrics.count('cerebro_tool_calls_total', { tool: 'get_evidence', status: 'ok' });
    expect(await metrics.text()).toContain('cerebro_tool_calls_total{tool="get_evidence",status="ok"} 1');
  });
});

describe('http client', () => {
  let server: Server | undefined;
  afterEach(() => server?.close());
  const listen = async (replies: { status: number; body: string }[]): Promise<{ url: string; seen: string[] }> => {
    const seen: string[] = [];
    server = createServer((request, response) => {
      seen.push(`${request.method} ${request.url}`);
      const reply = replies[Math.min(seen.length, replies.length) - 1];
      response.writeHead(reply?.status ?? 500).end(reply?.body);
    });
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    return { url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/base`, seen };
  };

  it('tries a failed read again and keeps the base path', async () => {
    const { url, seen } = await listen([
      { status: 503, body: 'busy' },
      { status: 200, body: '{"a":1}' },
    ]);
    const client = createHttpClient({ clock: systemClock }, { name: 'x', baseUrl: url });
    expect((await client.request('api', { query: { q: ['1', '2'] } })).json()).toEqual({ a: 1 });
    expect(seen).toEqual(['GET /base/api?q=1&q=2', 'GET /base/api?q=1&q=2']);
  });
  it('says what the back end answered and does not repeat a refusal or an unsafe request', async () => {
    const { url, seen } = await listen([
      { status: 400, body: 'bad query' },
      { status: 500, body: 'x' },
    ]);
    const client = createHttpClient({ clock: systemClock }, { name: 'x', baseUrl: url });
    await expect(client.request('api')).rejects.toMatchObject({
      code: 'BACKEND_REJECTED',
    });
    await expect(client.request('api', { method: 'POST', body: {} })).rejects.toMatchObject({
      code: 'BACKEND_UNAVAILABLE',
    });
    expect(seen).toHaveLength(2);
  });
  it('refuses a reply that is too large or not JSON', async () => {
    const { url } = await listen([
      { status: 200, body: 'x'.repeat(2_000) },
      { status: 200, body: '<html>' },
    ]);
    const client = createHttpClient({ clock: systemClock }, { name: 'x', baseUrl: url, maxBytes: 1_000 });
    await expect(client.request('api')).rejects.toMatchObject({ code: 'BACKEND_MALFORMED' });
    const reply = await client.request('api');
    expect(() => reply.json()).toThrow(CerebroError);
  });
});

describe('fake clock', () => {
  it('moves by sleeping and advancing only', async () => {
    const clock = createFakeClock('2026-01-01T00:00:00.000Z');
    await clock.sleep(500);
    clock.advance(500);
    expect(clock.iso()).toBe('2026-01-01T00:00:01.000Z');
  });
});
