import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { endWhenNobodyReads } from './end-when-nobody-reads.ts';

it('ends without a word when the reader of the output has gone', () => {
  const main = join(import.meta.dirname, '..', 'main.ts');
  const command = `("$0" "$1" --help; echo "status $?" >&2) | true`;
  const { stderr } = spawnSync('sh', ['-c', command, process.execPath, main], { encoding: 'utf8' });
  expect(stderr).toBe('status 0\n');
});

it('throws what is no closed pipe', () => {
  const output = new PassThrough();
  const statuses: number[] = [];
  endWhenNobodyReads(output, (status) => statuses.push(status));
  output.emit('error', Object.assign(new Error('gone'), { code: 'EPIPE' }));
  expect(statuses).toEqual([0]);
  expect(() => output.emit('error', Object.assign(new Error('full'), { code: 'ENOSPC' }))).toThrow('full');
});
