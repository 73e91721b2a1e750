import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { failureOf } from './failure-of.ts';
import { lineCasesOf } from './fixtures-lines.ts';
import { createLineJoiner } from './join-lines.ts';
import { lineFactsOf } from './line-facts.ts';
import { readTime } from './log-time.ts';
import { readLogText } from './read-log-text.ts';

const near = Date.UTC(2026, 2, 3);

function recordsOf(text: string): string[] {
  const joiner = createLineJoiner();
  const records: string[] = [];
  for (const line of text.split('\n')) {
    if (joiner.continues(line, readLogText(line, near)) && records.length > 0)
      records.push(`${records.pop()}\n${line}`);
    else records.push(line);
  }
  return records;
}

describe('readLogText', () => {
  it.each([...lineCasesOf('fixtures-lines.txt'), ...lineCasesOf('fixtures-lines-kept.txt')])(
    'reads $tech: $line',
    ({ line, level, status, durationMs }) => {
      const read = readLogText(line, near);
      const facts = lineFactsOf(read.fields);
      expect(read.level).toBe(level);
      if (status !== undefined) expect(facts.status).toBe(status);
      if (durationMs !== undefined) expect(facts.durationMs).toBeCloseTo(durationMs, 3);
    },
  );

  it('takes the request, the upstream and its status out of access logs', () => {
    const line =
      '10.0.0.9 - - [01/Mar/2026:10:00:01 +0100] "POST /o?x=1 HTTP/1.1" 502 7 "-" "a \\" b" 0.010 0.004 10.0.0.4:80 502';
    expect(readLogText(line)).toMatchObject({
      at: Date.UTC(2026, 2, 1, 9, 0, 1),
      message: 'POST /o 502 from 10.0.0.4:80',
      fields: {
        method: 'POST',
        path: '/o',
        durationMs: 10,
        upstream: '10.0.0.4:80',
        upstreamMs: 4,
        upstreamStatus: 502,
      },
    });
  });

  it('reads times of many writers', () => {
    for (const [text, at] of [
      ['2026-03-01 11:00:01,5 CET', Date.UTC(2026, 2, 1, 10, 0, 1, 500)],
      ['Sun Mar  1 10:00:01 2026', Date.UTC(2026, 2, 1, 10, 0, 1)],
      ['Mar 31 10:00:01', Date.UTC(2025, 2, 31, 10, 0, 1)],
      ['260301 10:00:01', Date.UTC(2026, 2, 1, 10, 0, 1)],
      ['1772359201.25', 1_772_359_201_250],
      ['23:59:59.5', Date.UTC(2026, 2, 2, 23, 59, 59, 500)],
    ] as const)
      expect(readTime(text, 0, near)?.ms).toBe(at);
    expect(readTime('10.0.0.9 - -', 0, near)).toBeUndefined();
  });

  it('joins traces, statements and what the server attaches', () => {
    const java =
      'ERROR order failed\njava.lang.IllegalStateException: no stock\n\tat a.B.c(B.java:7)\nCaused by: java.io.IOException: x\n\tat d.E.f(E.java:9)\n\t... 3 more';
    const python =
      'ERROR in app\nTraceback (most recent call last):\n  File "a.py", line 3, in f\n    g()\nKeyError: 7';
    const slow =
      '# Time: 2026-03-01T10:00:00Z\n# User@Host: a[a] @ [10.0.0.7]\n# Query_time: 2.5  Lock_time: 0.1 Rows_examined: 900\nSET timestamp=1772359200;\nSELECT 1;';
    const go = 'panic: boom\n\ngoroutine 1 [running]:\nmain.work(0x1)\n\t/src/a.go:12 +0x1d\nexit status 2';
    const stamp = '2026-03-01 10:00:00 ';
    const file = [stamp + java, stamp + python, slow, go, `${stamp}INFO ok`].join('\n');
    const records = recordsOf(file);
    expect(records).toEqual([stamp + java, stamp + python, slow, go, `${stamp}INFO ok`]);
    expect(records.slice(0, 4).map((record) => readLogText(record, near))).toMatchObject([
      { level: 'error', fields: { exception: 'java.io.IOException', frames: ['E.java:9:d.E.f'] } },
      { level: 'error', fields: { exception: 'KeyError', frames: ['a.py:3:f'] } },
      { at: Date.UTC(2026, 2, 1, 10), fields: { durationMs: 2_500, statement: 'SELECT 1;', rowsExamined: 900 } },
      { level: 'fatal', fields: { exception: 'panic', frames: ['/src/a.go:12:main.work'] } },
    ]);
  });

  it('reads frames of .NET and Node', () => {
    expect(failureOf('TypeError: x\n    at place (/app/o.js:7:3)\n    at /app/i.js:1:1')?.frames).toEqual([
      '/app/o.js:7:place',
      '/app/i.js:1:',
    ]);
    expect(failureOf('System.Exception: x\n   at A.B() in /a/B.cs:line 12')?.frames).toEqual(['/a/B.cs:12:A.B()']);
    expect(failureOf('no exception here')).toBeUndefined();
  });

  it('takes any text, in time linear in its length', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        expect(typeof readLogText(text, near).message).toBe('string');
      }),
      { numRuns: 500 },
    );
    for (const piece of [
      '[',
      '%',
      '"',
      '{"a":',
      'a=b ',
      'at (',
      ': ',
      '2026-03-01 10:00:00 ',
      '# Query_time: ',
      ',"',
    ]) {
      const started = performance.now();
      readLogText(piece.repeat(50_000), near);
      expect(performance.now() - started).toBeLessThan(500);
    }
  });
});
