import { z } from 'zod';
import { isoOf, msOf } from '../../infra/runtime/clock.ts';
import type { Database } from '../../infra/runtime/database.ts';
import type { SourceReport } from './source-reader.ts';

const report = z.object({
  source: z.string(),
  read: z.number(),
  unchanged: z.number(),
  removed: z.number(),
  failed: z.array(z.object({ uri: z.string(), reason: z.string() })),
  elapsedMs: z.number(),
});
const mostFailures = 50;

/** When a source was last read, and what came of it. */
export interface SourceRun {
  source: string;
  at: string;
  report: SourceReport;
}

/** The last result of every source, kept in the knowledge file. */
export interface SourceRuns {
  keep(result: SourceReport, atMs: number): void;
  /** By name. Sources that are read no longer are among them until `forget`. */
  all(): SourceRun[];
  forget(sources: readonly string[]): void;
}

export function createSourceRuns(database: Database): SourceRuns {
  const { sql } = database;
  const put = sql.prepare('INSERT OR REPLACE INTO source_runs (source, at, result) VALUES (?, ?, ?)');
  const remove = sql.prepare('DELETE FROM source_runs WHERE source = ?');
  return {
    keep: (result, atMs) => {
      const kept = { ...result, failed: result.failed.slice(0, mostFailures) };
      put.run(result.source, isoOf(atMs), JSON.stringify(kept));
    },
    all: () =>
      sql
        .prepare('SELECT source, at, result FROM source_runs ORDER BY source')
        .all()
        .flatMap((row): SourceRun[] => {
          const parsed = report.safeParse(JSON.parse(String(row['result']))).data;
          return parsed === undefined ? [] : [{ source: String(row['source']), at: String(row['at']), report: parsed }];
        }),
    forget: (sources) => {
      for (const source of sources) remove.run(source);
    },
  };
}

/** Names of the sources that are due now, and in how many milliseconds the next one is. A source is due when it was never read or `everyMs` ago. */
export function dueSources(
  sources: readonly { name: string; everyMs: number }[],
  runs: readonly SourceRun[],
  nowMs: number,
): { due: string[]; nextMs: number } {
  const last = new Map(runs.map(({ source, at }) => [source, msOf(at)]));
  const waits = sources.map(({ name, everyMs }) => {
    const at = last.get(name);
    // A clock that was set back makes a source due, not silent.
    return { name, everyMs, wait: at === undefined || at > nowMs ? 0 : Math.max(0, at + everyMs - nowMs) };
  });
  const due = waits.filter(({ wait }) => wait === 0).map(({ name }) => name);
  return {
    due,
    nextMs: Math.min(...waits.map(({ wait, everyMs }) => (wait === 0 ? everyMs : wait)), 24 * 60 * 60_000),
  };
}
