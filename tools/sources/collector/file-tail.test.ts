import { appendFileSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFileTail } from './file-tail.ts';
import { readLogLine } from './log-line.ts';

const beginning = { inode: '', position: 0 };

describe('file tail', () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'tail-'));
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  it('gives every line once, however the bytes arrive and wherever it is restarted', async () => {
    let round = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 6 }),
        fc.nat(5),
        async (chunks, restartAt) => {
          const path = join(dir, `${(round += 1)}.log`);
          writeFileSync(path, '');
          let tail = createFileTail(path, beginning, { maxLineBytes: 64 });
          const lengths: number[] = [];
          for (const [index, chunk] of chunks.entries()) {
            appendFileSync(path, chunk);
            const batch = await tail.poll();
            for (const line of batch.lines) lengths.push(line.length);
            for (const line of batch.oversized) lengths.push(line.bytes);
            // A line that is being passed over is not remembered across a restart, so only whole ends are restart points.
            if (index === restartAt && chunk.at(-1) === 10) {
              await tail.close();
              tail = createFileTail(path, batch.position, { maxLineBytes: 64 });
            }
          }
          await tail.close();
          const whole = Buffer.concat(chunks).toString('latin1').split('\n').slice(0, -1);
          expect(lengths.toSorted((left, right) => left - right)).toEqual(
            whole.map((line) => line.length).sort((left, right) => left - right),
          );
        },
      ),
      { numRuns: 100 },
    );
  });

  it('begins again when the file was truncated', async () => {
    const path = join(dir, 'a.log');
    writeFileSync(path, 'one\ntwo\n');
    const tail = createFileTail(path, beginning);
    expect((await tail.poll()).lines.map(String)).toEqual(['one', 'two']);
    truncateSync(path, 0);
    appendFileSync(path, 'new\n');
    expect((await tail.poll()).lines.map(String)).toEqual(['new']);
    await tail.close();
  });

  it('waits for a file that is not there yet', async () => {
    const path = join(dir, 'later.log');
    const tail = createFileTail(path, beginning);
    expect((await tail.poll()).lines).toEqual([]);
    writeFileSync(path, 'here\n');
    expect((await tail.poll()).lines.map(String)).toEqual(['here']);
    await tail.close();
  });

  it('reads more than one batch over several polls', async () => {
    const path = join(dir, 'big.log');
    writeFileSync(path, `${'x'.repeat(99)}\n`.repeat(20_000));
    const tail = createFileTail(path, beginning, { maxBatchBytes: 500_000 });
    let lines = 0;
    for (let poll = 0; poll < 6; poll += 1) lines += (await tail.poll()).lines.length;
    expect(lines).toBe(20_000);
    await tail.close();
  });
});

describe('log line', () => {
  it('never throws on 1,000 hostile lines: each is a record or has a reason', () => {
    const junk = fc.oneof(
      fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
      fc.json().map((text) => Buffer.from(text)),
      fc.object().map((value) => Buffer.from(JSON.stringify(value))),
      fc
        .record(
          { time: fc.anything(), level: fc.anything(), msg: fc.anything(), trace_id: fc.anything() },
          { requiredKeys: [] },
        )
        .map((value) => Buffer.from(textOf(value))),
    );
    fc.assert(
      fc.property(junk, (bytes) => {
        const line = readLogLine(bytes, Date.UTC(2026, 2, 1));
        expect(line.record !== undefined || line.reason !== undefined).toBe(true);
        if (line.record?.at !== undefined) expect(new Date(line.record.at).toISOString()).toMatch(/Z$/);
      }),
      { numRuns: 1_000 },
    );
  });

  it.each([
    ['{"time":"2026-03-01T10:00:00Z","level":"warn","msg":"a"}', { level: 'warn', message: 'a' }],
    ['{"time":1772359200000,"level":50,"msg":"a"}', { level: 'error', message: 'a' }],
    ['{"ts":1772359200.5,"severity":"CRITICAL","event":"a"}', { level: 'fatal', message: 'a' }],
    [
      '{"@timestamp":"2026-03-01T10:00:00.000Z","log.level":"INFO","message":"a","trace.id":"t"}',
      { level: 'info', message: 'a', traceId: 't' },
    ],
  ])('reads %s', (text, expected) => {
    const { record } = readLogLine(Buffer.from(text), 0);
    expect(record).toMatchObject(expected);
    expect(record?.at).toBeGreaterThan(0);
  });
});

function textOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    return '{}';
  }
}
