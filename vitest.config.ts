import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/*.int.test.ts', 'bots/console/dist/**', '.cerebro/**', 'out/**'],
    testTimeout: 20_000,
    expect: { requireAssertions: false },
  },
});
