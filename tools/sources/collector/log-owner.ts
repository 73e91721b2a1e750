import { basename, dirname } from 'node:path';

/** What files of logs are called when their folder says whose they are. */
const plain = new Set(
  'access error errors err out stdout stderr output console log logs app application main server service current messages default slow audit general debug info warn all combined 0'.split(
    ' ',
  ),
);
/** What is put behind an owner's name. */
const endings = new Set(
  'access error errors err out stdout stderr slow audit general main server json log logs'.split(' '),
);
const folders = new Set(['log', 'logs', 'var', 'tmp', 'data', 'home', 'root', 'opt', 'srv', 'containers', 'pods', '']);

/**
 * Whose log a file is, by its name or, where that says only what kind of log it is, its folder's: `nginx/access.log` and `nginx-error.log.1` are nginx',
 * `postgresql-15-main.log` is postgresql's, Kubernetes' `<pod>_<namespace>_<container>-<id>.log` the container's.
 */
export function ownerOfLog(path: string): string {
  const parts = dirname(path).split('/').toReversed();
  // /var/log/pods/<namespace>_<pod>_<uid>/<container>/0.log
  if (parts[1]?.split('_').length === 3 && parts[2] === 'pods') return parts[0] ?? 'unknown';
  const pod = basename(path)
    .replace(/\.log$/, '')
    .split('_');
  if (pod.length === 3 && parts[0] === 'containers') return (pod[2] ?? '').replace(/-[0-9a-f]{12,}$/, '');
  const words = basename(path)
    .toLowerCase()
    .replace(/\.(?:gz|\d+|log|json|jsonl|txt|csv|out|err)(?=\.|$)/g, '')
    .replace(/[-_.]?\d{4}-?\d{2}-?\d{2}.*$/, '')
    .split(/[-_.]/)
    .filter((word) => word !== '');
  while (words.length > 1 && (endings.has(words.at(-1) ?? '') || /^\d+$/.test(words.at(-1) ?? ''))) words.pop();
  const name = words.join('-');
  if (name !== '' && !plain.has(name)) return name;
  return parts.find((part) => !folders.has(part.toLowerCase())) ?? (name === '' ? 'unknown' : name);
}
