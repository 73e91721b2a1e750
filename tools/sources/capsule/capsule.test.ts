import { createHash } from 'node:crypto';
import { createWriteStream, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createZstdCompress } from 'node:zlib';
import fc from 'fast-check';
import { pack } from 'tar-stream';
import type { Header } from 'tar-stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Series } from '../../../domain/signal.ts';
import { isoOf } from '../../../infra/runtime/clock.ts';
import { CerebroError } from '../../../infra/runtime/errors.ts';
import { createRedactor } from '../../../infra/runtime/redact.ts';
import { createDataSources, loadersOf } from '../data-sources.ts';
import type { SourceData } from '../data-sources.ts';
import type { Sources } from '../source.ts';
import { packCapsule, unpackCapsule } from './capsule-archive.ts';
import { openCapsule } from './open-capsule.ts';
import { createRecorder } from './recorder.ts';
import { createSeriesReader, writeSeriesLines } from './series-lines.ts';
import { writeCapsule } from './write-capsule.ts';

const start = Date.parse('2026-03-01T10:00:00.000Z');
const window = { from: isoOf(start), to: isoOf(start + 60_000) };
const manifest = { title: 'a test', created: isoOf(start), window, question: 'why?', askedAt: isoOf(start) };
const redactor = createRedactor('key');
const secret = `Bearer ${'abcdef0123456789'.repeat(2)}`;

const data: SourceData = {
  metrics: [
    {
      metric: 'a_total',
      type: 'counter',
      entity: 'service:checkout',
      labels: { route: '/x' },
      samples: [
        [start, 1],
        [start + 1_000, 2.5],
      ],
    },
    {
      metric: 'b',
      type: 'gauge',
      entity: 'service:cart',
      labels: {},
      unit: 'bytes',
      samples: [
        [start, 7],
        [start + 1_000, 8],
      ],
    },
  ],
  logs: [
    {
      at: isoOf(start + 5),
      entity: 'service:cart',
      level: 'error',
      message: `call failed, authorization: ${secret}`,
      fields: { password: 'hunter2hunter2' },
    },
  ],
  spans: [
    {
      traceId: 't',
      spanId: 's',
      entity: 'service:cart',
      name: 'GET',
      kind: 'server',
      startMs: start,
      durationMs: 3,
      status: 'error',
      attributes: { n: 1 },
    },
  ],
  changes: [
    { id: 'c1', at: isoOf(start + 1), kind: 'deploy', entity: 'service:cart', title: 'deploy 2', diff: '-1\n+2' },
  ],
  resources: [{ kind: 'Pod', name: 'p', namespace: 'shop', object: { status: {} } }],
  topology: { entities: [{ id: 'service:cart', kind: 'service', name: 'cart' }], edges: [] },
  advisories: [],
};
const live: Sources = createDataSources(loadersOf(data), 'live');
const query = { metrics: ['a_*'], entities: [], window, stepMs: 0, maxSeries: 10 };

describe('capsule', () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'capsule-'));
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  it('gives back all data that was written', async () => {
    writeCapsule(dir, { manifest, data }, { redactValue: (value) => value });
    const { sources, question, manifest: read } = await openCapsule(dir);
    expect(question).toBe('why?');
    expect(read.sources.metrics).toEqual({ name: 'capsule', items: 2 });
    expect(await sources.metrics?.query({ ...query, metrics: [] })).toMatchObject({
      status: 'ok',
      items: [data.metrics[1], data.metrics[0]],
    });
    expect(await sources.logs?.search({ entities: [], window, limit: 9 })).toMatchObject({ items: data.logs });
    expect(await sources.traces?.search({ entities: [], window, limit: 9, onlyErrors: true })).toMatchObject({
      items: data.spans,
    });
    expect(await sources.changes?.show('c1')).toMatchObject({ items: data.changes });
    expect(await sources.cluster?.list({ kinds: ['pod'], limit: 9 })).toMatchObject({ items: data.resources });
    expect(await sources.topology?.read(window)).toMatchObject({ items: [data.topology] });
  });

  it('says no-data and where it looked for what it never saw, and leaves out what was never connected', async () => {
    writeCapsule(dir, { manifest, data: { metrics: data.metrics } }, redactor);
    const { sources } = await openCapsule(dir);
    expect(sources.logs).toBeUndefined();
    const result = await sources.metrics?.query({ ...query, metrics: ['absent'] });
    expect(result?.status === 'no-data' && result.lookedAt).toMatch(/capsule "a test": 2 series.*absent/);
    expect(await sources.metrics?.expression?.('up', window, 0)).toMatchObject({ status: 'no-data' });
  });

  it('holds no secret, and the same token for the same secret', async () => {
    const recorder = createRecorder(live);
    await recorder.sources.logs?.search({ entities: [], window, limit: 9 });
    await recorder.save(dir, { ...manifest, question: `why does ${secret} fail?` }, redactor);
    const all = readdirSync(dir, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
      .join('\n');
    expect(all).not.toContain(secret.slice(7));
    expect(all).not.toContain('hunter2');
    const tokens = [...all.matchAll(/\[secret:[0-9a-f]{8}\]/g)].map(([token]) => token);
    expect(new Set(tokens).size).toBe(2);
  });

  it('answers recorded calls byte for byte, failures too, and others from what was seen', async () => {
    const failing: Sources = {
      ...live,
      changes: { ...live.changes!, list: () => Promise.reject(new CerebroError('TIMEOUT', 'too slow')) },
    };
    const recorder = createRecorder(failing);
    const answers = [
      await recorder.sources.metrics?.query(query),
      await recorder.sources.traces?.search({ entities: [], window, limit: 1 }),
    ];
    await expect(recorder.sources.changes?.list({ entities: [], window, limit: 5 })).rejects.toThrow('too slow');
    await recorder.save(dir, manifest, redactor);
    const file = `${dir}.tar.zst`;
    await packCapsule(dir, file);
    for (const path of [dir, file]) {
      const { sources } = await openCapsule(path);
      const again = [
        await sources.metrics?.query(query),
        await sources.traces?.search({ entities: [], window, limit: 1 }),
      ];
      expect(JSON.stringify(again)).toBe(JSON.stringify(answers));
      await expect(sources.changes?.list({ entities: [], window, limit: 5 })).rejects.toMatchObject({
        code: 'TIMEOUT',
      });
      expect(await sources.metrics?.query({ ...query, metrics: ['a_total'], maxSeries: 1 })).toMatchObject({
        items: [data.metrics[0]],
      });
      expect(await sources.metrics?.query({ ...query, metrics: ['b'] })).toMatchObject({ status: 'no-data' });
    }
    rmSync(file);
  });

  it('packs equal folders into equal bytes and unpacks them unchanged', async () => {
    writeCapsule(join(dir, 'a'), { manifest, data }, redactor);
    writeCapsule(join(dir, 'b'), { manifest, data }, redactor);
    for (const name of ['a', 'b']) await packCapsule(join(dir, name), join(dir, `${name}.tar.zst`));
    const hashOf = (name: string): string =>
      createHash('sha256')
        .update(readFileSync(join(dir, name)))
        .digest('hex');
    expect(hashOf('a.tar.zst')).toBe(hashOf('b.tar.zst'));
    await unpackCapsule(join(dir, 'a.tar.zst'), join(dir, 'c'));
    expect(readdirSync(join(dir, 'c')).sort()).toEqual(readdirSync(join(dir, 'a')).sort());
    expect(hashOf('c/logs.ndjson')).toBe(hashOf('a/logs.ndjson'));
  });

  it.each<[string, Pick<Header, 'name'> & Partial<Header>, RegExp]>([
    ['a path upwards', { name: '../evil' }, /leads out/],
    ['an absolute path', { name: '/etc/evil' }, /leads out/],
    ['a link', { name: 'link', type: 'symlink', linkname: '/etc' }, /symlink/],
    ['too much', { name: 'big' }, /more than 100 bytes/],
  ])('refuses an archive with %s', async (_what, header, message) => {
    const file = join(dir, 'bad.tar.zst');
    const archive = pack();
    if (header.type === 'symlink') archive.entry(header);
    else archive.entry(header, 'x'.repeat(200));
    archive.finalize();
    await pipeline(Readable.from(archive), createZstdCompress(), createWriteStream(file));
    await expect(unpackCapsule(file, join(dir, 'out'), { maxBytes: 100 })).rejects.toThrow(message);
  });

  it.each([
    ['another version', (text: string) => text.replace('"version": 1', '"version": 2'), /version is 2/],
    ['no JSON', () => 'oh', /not JSON/],
  ])('refuses a manifest of %s', async (_what, spoil, message) => {
    writeCapsule(dir, { manifest, data }, redactor);
    const file = join(dir, 'manifest.json');
    writeFileSync(file, spoil(readFileSync(file, 'utf8')));
    await expect(openCapsule(dir)).rejects.toThrow(message);
  });

  it('names the damaged line of a data file', async () => {
    writeCapsule(dir, { manifest, data }, redactor);
    writeFileSync(join(dir, 'logs.ndjson'), '{"at":"2026-03-01T10:00:00Z"}\n');
    const { sources } = await openCapsule(dir);
    await expect(sources.logs?.search({ entities: [], window, limit: 1 })).rejects.toThrow(/logs.ndjson, line 1/);
  });

  it('keeps series exactly through its compact lines', () => {
    const samples = fc.uniqueArray(
      fc.tuple(
        fc.oneof(fc.integer({ min: 0 }), fc.double({ min: 0, max: 1e15, noNaN: true })),
        fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
      ),
      { selector: ([time]) => time },
    );
    fc.assert(
      fc.property(fc.array(samples, { maxLength: 5 }), (lists) => {
        const all = lists.map((list, index): Series => ({
          metric: `m${index}`,
          type: 'gauge',
          entity: 'service:a',
          labels: {},
          samples: list.toSorted(([left], [right]) => left - right),
        }));
        const read = createSeriesReader();
        const again = writeSeriesLines(all)
          .map((line) => read(JSON.parse(line)))
          .filter((one) => one !== undefined);
        expect(again).toEqual(JSON.parse(JSON.stringify(all)));
      }),
    );
  });
});
