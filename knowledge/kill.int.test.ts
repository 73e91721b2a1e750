import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../infra/runtime/random.ts';
import { openKnowledgeFile } from './stores/knowledge-file.ts';
import { openSqliteKeywordIndex } from './stores/sqlite-keyword-index.ts';

const rounds = Number(process.env['KILLS'] ?? 50);
const pages = 1_500;
const random = createRandom(11);
const words = Array.from({ length: 400 }, (_, index) => `word${index}`);
const page = (index: number, edition: number): string =>
  `# Page ${index}\n\nedition${edition} ${Array.from({ length: 120 }, () => random.pick(words)).join(' ')}\n\n## Steps\n\n${Array.from({ length: 60 }, () => random.pick(words)).join(' ')}\n`;

/** Runs the ingesting process, kills it after `ms` (never, when undefined), and gives the last count that it reported. */
function ingest(
  folder: string,
  source: string,
  ms: number | undefined,
): Promise<{ reported: number; killed: boolean }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'fake-ingest-main.ts'), folder, source], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let reported = 0;
    let timer: NodeJS.Timeout | undefined;
    child.stdout.on('data', (data: Buffer) => {
      // Counted from the first batch, so that kills fall into the work and not into the start of the process.
      if (ms !== undefined) timer ??= setTimeout(() => child.kill('SIGKILL'), ms);
      reported = Number(data.toString().trim().split('\n').at(-1));
    });
    child.on('error', reject);
    child.on('exit', (_, signal) => {
      clearTimeout(timer);
      resolve({ reported, killed: signal === 'SIGKILL' });
    });
  });
}

/** Every indexed passage is in the keyword index and, where there are vectors, among these, once; nothing else is, but for what is marked to be forgotten. */
async function check(folder: string): Promise<{ indexed: number }> {
  const database = openKnowledgeFile(join(folder, 'knowledge.db'));
  const ask = (query: string): string[] =>
    database.sql
      .prepare(query)
      .all()
      .map((row) => String(Object.values(row)[0]));
  expect(ask('PRAGMA integrity_check')).toEqual(['ok']);
  expect(ask('SELECT uri FROM documents GROUP BY source, uri HAVING count(*) > 1')).toEqual([]);
  const index = openSqliteKeywordIndex({ database });
  const held = new Set(await index.ids('', 1_000_000));
  const indexed = ask('SELECT c.id FROM chunks c JOIN documents d ON d.id = c.document WHERE d.indexed = 1');
  const accounted = new Set([...ask('SELECT id FROM chunks'), ...ask('SELECT id FROM stale_chunks')]);
  expect(indexed.filter((id) => !held.has(id))).toEqual([]);
  expect([...held].filter((id) => !accounted.has(id))).toEqual([]);
  const [space] = ask("SELECT CAST(value AS TEXT) FROM settings WHERE name = 'space'");
  if (space !== undefined) {
    const placed = database.sql.prepare('SELECT id FROM vector_rows WHERE space = ?').all(space);
    const vectors = new Set(placed.map((row) => String(row['id'])));
    expect(vectors.size).toBe(placed.length);
    expect(indexed.filter((id) => !vectors.has(id))).toEqual([]);
    expect([...vectors].filter((id) => !accounted.has(id))).toEqual([]);
  }
  const documents = Number(ask('SELECT count(*) FROM documents WHERE indexed = 1')[0]);
  database.close();
  return { indexed: documents };
}

describe('kill -9 during ingest', () => {
  it(`loses no committed document and leaves no duplicate, ${rounds} times`, { timeout: 600_000 }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'kill-'));
    const source = join(folder, 'pages');
    mkdirSync(source);
    try {
      let kills = 0;
      for (let round = 0; round < rounds; round += 1) {
        // Some pages are new editions each round, so that replacing is cut short too.
        for (let index = 0; index < pages; index += 1 + Math.floor(round / 5))
          writeFileSync(join(source, `${index}.md`), page(index, round));
        const { reported, killed } = await ingest(folder, source, random.integer(150));
        if (killed) kills += 1;
        const { indexed } = await check(folder);
        if (round === 0) expect(indexed).toBeGreaterThanOrEqual(reported);
      }
      expect(kills).toBeGreaterThan(rounds / 2);
      await ingest(folder, source, undefined);
      expect(await check(folder)).toEqual({ indexed: pages });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
