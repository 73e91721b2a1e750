import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runPackageFile, startConformanceServer } from './conformance-process.ts';

/** What the official suite says, a line per scenario: `✓ tools-list: 3 passed, 0 failed`. */
function countsOf(text: string): { scenario: string; passed: number; failed: number }[] {
  return [...text.matchAll(/^[✓✗] ([a-z0-9-]+): (\d+) passed, (\d+) failed/gm)].map(
    ([, scenario = '', passed, failed]) => ({
      scenario,
      passed: Number(passed),
      failed: Number(failed),
    }),
  );
}

describe('official MCP conformance suite', () => {
  let server: Awaited<ReturnType<typeof startConformanceServer>>;
  let results: string;
  beforeAll(async () => {
    server = await startConformanceServer();
    results = mkdtempSync(join(tmpdir(), 'conformance-'));
  });
  afterAll(async () => {
    await server.stop();
    rmSync(results, { recursive: true, force: true });
  });
  const suite = async (revision: string) => {
    const args = ['server', '--url', server.url, '--requirements', revision, '-o', results];
    const { text } = await runPackageFile('@modelcontextprotocol/conformance', 'dist/index.js', args);
    return countsOf(text);
  };

  it('passes every server check of 2025-11-25', async () => {
    const counts = await suite('2025-11-25');
    expect(counts.filter(({ failed }) => failed > 0)).toEqual([]);
    expect(counts.reduce((sum, { passed }) => sum + passed, 0)).toBeGreaterThanOrEqual(84);
  });

  it('passes every server check of 2026-07-28 but for the tasks extension', async () => {
    const counts = await suite('2026-07-28');
    expect(counts.filter(({ scenario, failed }) => failed > 0 && !scenario.startsWith('tasks-'))).toEqual([]);
    expect(counts.reduce((sum, { passed }) => sum + passed, 0)).toBeGreaterThanOrEqual(164);
  });
});
