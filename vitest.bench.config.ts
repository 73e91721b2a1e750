import { defineConfig } from 'vitest/config';

/** Benchmarks: one file at a time, so that they do not disturb each other. */
export default defineConfig({
  test: { include: ['**/*.bench.ts'], exclude: ['**/node_modules/**'], testTimeout: 600_000, fileParallelism: false },
});
