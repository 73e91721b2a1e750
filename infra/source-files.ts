import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';

/** The root of the checkout. */
export const rootFolder = resolve(import.meta.dirname, '..');

const skipped = new Set(['node_modules', '.git', 'coverage', 'dist', 'out', '.cerebro', '.ci', '.github']);

/** Every file of ours whose name ends in one of `endings`, as paths relative to the root with forward slashes, sorted. */
export function sourceFiles(endings: readonly string[]): string[] {
  const found: string[] = [];
  const walk = (folder: string): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (entry.isDirectory()) {
        if (!skipped.has(entry.name)) walk(join(folder, entry.name));
      } else if (endings.some((ending) => entry.name.endsWith(ending))) {
        found.push(relative(rootFolder, join(folder, entry.name)).replaceAll('\\', '/'));
      }
    }
  };
  walk(rootFolder);
  return found.sort();
}

/** The text of a file, by its path relative to the root. */
export function textOf(path: string): string {
  return readFileSync(join(rootFolder, path), 'utf8');
}

/** Module specifiers that a TypeScript text imports or re-exports, types and lazy imports included. */
export function importsOf(text: string): string[] {
  const pattern =
    /(?:^|[\s;}])(?:import|export)\s+(?:type\s+)?(?:[\w*{}\s,$]+\s+from\s+)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/g;
  return [...text.matchAll(pattern)].map((match) => match[1] ?? match[2] ?? '');
}
