import { globSync } from 'node:fs';
import { ownerOfLog } from './log-owner.ts';

/** Logs to follow: a file or a glob (`*`, `**`, `?`), and whose they are; without `service` the file's name or folder tells. */
export interface LogPath {
  path: string;
  service?: string | undefined;
}

const mostFiles = 500;
/** What was rotated away: packed, or numbered behind the name that goes on. */
const past = /\.(?:gz|xz|zst|bz2|zip|\d{1,3})$/;

/** The files that paths name now, each once, in order of the paths; files named outright count whether they are there or not. At most 500. */
export function logFilesOf(logs: readonly LogPath[]): { service: string; path: string }[] {
  const files = new Map<string, string>();
  for (const { path, service } of logs) {
    const found = /[*?[{]/.test(path)
      ? globSync(path)
          .filter((one) => !past.test(one))
          .sort()
      : [path];
    for (const one of found) if (!files.has(one) && files.size < mostFiles) files.set(one, service ?? ownerOfLog(one));
  }
  return [...files].map(([path, service]) => ({ service, path }));
}
