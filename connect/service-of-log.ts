import { basename, dirname } from 'node:path';

/** File names that say what is in a file and not whose it is. */
const plain = new Set([
  'access',
  'error',
  'errors',
  'out',
  'stdout',
  'stderr',
  'log',
  'logs',
  'main',
  'server',
  'app',
  'application',
  'current',
  'output',
  'console',
  'messages',
  'slow',
  'other',
  'vhosts',
]);

/** Folders that hold logs of many. */
const shared = new Set(['log', 'logs', 'var', 'tmp', 'data', 'run', '']);

/** Whose log a file is, by its name or, where that is plain ("access.log"), by its folder's: `nginx/error.log` is nginx's, `logs/shop.out` shop's. */
export function serviceOfLog(path: string): string {
  const parts = basename(path)
    .replace(/(\.(log|out|err|json|jsonl|csv|txt|gz|\d+))+$/i, '')
    .toLowerCase()
    .split(/[._\s-]+/)
    .filter((part) => part !== '' && !/^\d+$/.test(part));
  const telling = parts.filter((part) => !plain.has(part));
  if (telling.length > 0) return telling.join('-');
  for (let folder = dirname(path); folder !== dirname(folder); folder = dirname(folder)) {
    const name = basename(folder).toLowerCase();
    if (!shared.has(name) && !/^\d+$/.test(name)) return name;
  }
  return parts.join('-') || 'unknown';
}
