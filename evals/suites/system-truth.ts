import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { z } from 'zod';

/**
 * Truth of sets that hold several systems, by `<system>/<id>`: of a folder with `<system>/truth.json`, or of one such file, whose system is
 * the folder it lies in. For scorers only. Rows that do not fit the schema throw.
 */
export function readSystemTruth<T>(path: string | undefined, row: z.ZodType<T>): Map<string, T> {
  const found = new Map<string, T>();
  if (path === undefined) return found;
  const isFolder = statSync(path).isDirectory();
  const files = isFolder
    ? readdirSync(path)
        .sort()
        .map((system) => ({ system, file: join(path, system, 'truth.json') }))
    : [{ system: path.split(/[\\/]/).at(-2) ?? '', file: path }];
  for (const { system, file } of files) {
    if (!existsSync(file)) continue;
    const table: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof table !== 'object' || table === null) continue;
    for (const [id, value] of Object.entries(table)) found.set(`${system}/${id}`, row.parse(value));
  }
  return found;
}
