import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

test('template miner: 300,000 lines a second of processor time on one core, headers included, memory bounded over 10 million lines', () => {
  const script = fileURLToPath(new URL('./measure-miner.ts', import.meta.url));
  const printed = execFileSync(process.execPath, ['--expose-gc', script], { encoding: 'utf8', timeout: 590_000 });
  process.stdout.write(printed);
  const figures: unknown = JSON.parse(printed.trim().split('\n').at(-1)!);
  expect(figures).toMatchObject({ rate: expect.any(Number), rawRate: expect.any(Number), heap: expect.any(Number) });
  expect(figures).toSatisfy(
    ({ rate, rawRate, heap }: { rate: number; rawRate: number; heap: number }) =>
      rate > 300_000 && rawRate > 300_000 && heap < 400,
  );
});
