import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

test('template miner: 300,000 lines a second of processor time on one core, memory bounded over 10 million lines', () => {
  const script = fileURLToPath(new URL('./measure-miner.ts', import.meta.url));
  const printed = execFileSync(process.execPath, ['--expose-gc', script], { encoding: 'utf8', timeout: 590_000 });
  process.stdout.write(printed);
  const figures: unknown = JSON.parse(printed.trim().split('\n').at(-1)!);
  expect(figures).toMatchObject({ rate: expect.any(Number), heap: expect.any(Number) });
  expect(figures).toSatisfy(({ rate, heap }: { rate: number; heap: number }) => rate > 300_000 && heap < 400);
});
