import { defineConfig } from 'vitest/config';

/** Tests against real processes and servers: each probes for what it needs and reports itself as skipped where it is absent. */
export default defineConfig({
  test: {
    include: ['**/*.int.test.ts'],
    exclude: ['**/node_modules/**'],
    testTimeout: 180_000,
    hookTimeout: 120_000,
    fileParallelism: false,
  },
});
