import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../infra/runtime/clock.ts';
import { silentLogger } from '../infra/runtime/logger.ts';
import { createMetrics } from '../infra/runtime/metrics.ts';
import { createRandom } from '../infra/runtime/random.ts';
import { openKnowledge } from './knowledge.ts';

const pages = 10_000;

describe('ingest of 10,000 Markdown pages', () => {
  it('reads, splits, indexes, learns and embeds 300 pages/s, and 5,000 unchanged pages/s, within 600 MB', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ingest-'));
    const source = join(folder, 'pages');
    const random = createRandom(1);
    const words = Array.from({ length: 20_000 }, () =>
      Array.from({ length: 3 + random.integer(8) }, () => 'abcdefghijklmnoprstuvw'[random.integer(22)]).join(''),
    );
    // Word frequencies fall as in natural text (Zipf), so that postings are long and short as in a real corpus.
    const text = (count: number): string =>
      Array.from({ length: count }, () => words[Math.floor(words.length ** random.next()) - 1]!).join(' ');
    mkdirSync(source);
    for (let index = 0; index < pages; index += 1) {
      const path = join(source, `${index}.md`);
      writeFileSync(
        path,
        `# ${text(4)}\n\n${text(80)}\n\n## Diagnosis\n\n${text(200)}\n\n\`\`\`\nkubectl get pods\n\`\`\`\n\n## Mitigation\n\n${text(150)}\n`,
      );
      utimesSync(path, 1_000, 1_000);
    }
    const deps = { clock: systemClock, logger: silentLogger, metrics: createMetrics() };
    const knowledge = openKnowledge(deps, { folder, sources: [source] });
    let most = 0;
    const watch = (): void => {
      most = Math.max(most, process.memoryUsage().rss);
    };
    let started = performance.now();
    const used = process.cpuUsage();
    const report = await knowledge.ingest({ onProgress: watch });
    watch();
    const fresh = (pages * 1_000) / (performance.now() - started);
    const { user, system } = process.cpuUsage(used);
    const worked = (pages * 1e6) / (user + system);
    started = performance.now();
    const again = await knowledge.ingest();
    const unchanged = (pages * 1_000) / (performance.now() - started);
    process.stdout.write(
      `${report.passages} passages: ${fresh.toFixed(0)} pages/s (${worked.toFixed(0)} a second of processor time, load ${loadavg()[0]?.toFixed(1)}), unchanged ${unchanged.toFixed(0)} pages/s, rss at most ${(most / 1e6).toFixed(0)} MB\n`,
    );
    expect(again.sources[0]).toMatchObject({ unchanged: pages, read: 0 });
    await knowledge.close();
    rmSync(folder, { recursive: true });
    // One thread's work: on an idle machine this is the clock's figure, on a crowded one the clock says nothing.
    expect(worked).toBeGreaterThan(300);
    expect(unchanged).toBeGreaterThan(5_000);
    expect(most).toBeLessThan(600e6);
  });
});
