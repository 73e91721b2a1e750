import { describe, expect, it } from 'vitest';
import { faultCatalogue } from '../../faults/fault-catalogue.ts';
import { lineCasesOf } from './formats/fixtures-lines.ts';
import { readLogText } from './formats/read-log-text.ts';
import { hintOfLine } from './hint-of-line.ts';
import { hintRows } from './hint-table.ts';
import { peerAddressIn } from './peer-address.ts';

const near = Date.UTC(2026, 2, 3);
const hintOf = (line: string) => hintOfLine(readLogText(line, near));

describe('hintOfLine', () => {
  it.each([...lineCasesOf('fixtures-lines.txt'), ...lineCasesOf('fixtures-lines-kept.txt')])(
    'of $tech: $line',
    ({ line, kind, of }) => {
      const hint = hintOf(line);
      expect(hint?.faultKind).toBe(kind);
      if (of !== undefined) expect(hint?.of).toBe(of);
    },
  );

  it.each([
    ['write failed: ENOSPC: no space left on device', 'disk-full'],
    ['EMFILE: too many open files, open /etc/hosts', 'handle-leak'],
    ['statement failed: database is locked', 'database-lock'],
    ["TypeError: Cannot read properties of undefined (reading 'x')", 'bad-deploy-errors'],
    ['dial tcp 10.0.0.3:443: connect: connection refused', 'dependency-down'],
    ['getaddrinfo ENOTFOUND stock', 'dns-failure'],
    ['x509: certificate has expired or is not yet valid', 'certificate-expired'],
    ['ERROR 1040 (HY000): Too many connections', 'connection-limit'],
    ['query failed (SQLSTATE 40P01)', 'database-lock'],
    ['open failed, os error 28', 'disk-full'],
  ])('reads "%s" as %s', (text, faultKind) => {
    expect(hintOf(text)?.faultKind).toBe(faultKind);
  });

  it.each([
    'redis cache timeout=30 pool.exhausted=wait',
    'retry.on=connection-refused,reset',
    '# too many open files are refused',
    'no connection refused since start',
    'loaded OutOfMemoryErrorHandler',
    'lock timeout is 30 s, disk quota is 5 GB',
    'DEBUG connect ECONNREFUSED, will try again',
    '2026-03-01 10:00:00 INFO user logged in from rate limit page',
  ])('reads nothing into "%s"', (text) => {
    expect(hintOf(text)).toBeUndefined();
  });

  it('lays a lost client to nobody who serves, and a full server to itself', () => {
    expect(
      hintOf('2026-03-01 10:00:00 UTC [7] LOG:  could not receive data from client: Connection reset by peer')?.of,
    ).toBe('client');
    expect(hintOf('ERROR psycopg2.OperationalError: FATAL:  sorry, too many clients already')?.of).toBe('peer');
  });

  it('names faults of the catalogue only', () => {
    const kinds = new Set(faultCatalogue.map(({ kind }) => kind));
    // Slowness of statements is a clue of other kinds.
    expect(hintRows.map(({ faultKind }) => faultKind).filter((kind) => !kinds.has(kind))).toEqual(['slow-query']);
  });
});

describe('peerAddressIn', () => {
  it.each([
    ['Error: connect ECONNREFUSED 127.0.0.1:6379', '127.0.0.1:6379'],
    ["HTTPConnectionPool(host='stock', port=8080): Max retries", 'stock:8080'],
    ['connection to server at "127.0.0.1", port 5432 failed', '127.0.0.1:5432'],
    ['Get "http://stock:8080/": dial tcp: lookup stock on 10.0.0.10:53: no such host', 'stock:8080'],
    ["Can't connect to MySQL server on '10.0.0.3:3306' (111)", '10.0.0.3:3306'],
    ['connection to server lost', undefined],
  ])('of "%s" is %s', (text, address) => {
    expect(peerAddressIn(text)).toBe(address);
  });
});
