import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { z } from 'zod';
import { CerebroError } from '../../../infra/runtime/errors.ts';

/** A dependency as a manifest declares it, in OSV's words for the ecosystem. */
export interface Dependency {
  ecosystem: 'npm' | 'Go' | 'PyPI';
  name: string;
  version: string;
}

const npmLock = z.object({
  packages: z.record(z.string(), z.object({ version: z.string().optional(), link: z.boolean().optional() })),
});

/** Reads package-lock.json (v2, v3), go.mod or requirements.txt (pinned lines only). Throws BACKEND_MALFORMED for anything else or a damaged file. */
export function readManifest(path: string): Dependency[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new CerebroError('BACKEND_UNAVAILABLE', `The manifest ${path} cannot be read.`, { cause });
  }
  const name = basename(path);
  if (name === 'package-lock.json' || name === 'npm-shrinkwrap.json') return readNpmLock(path, text);
  if (name === 'go.mod') return readGoMod(text);
  if (name.endsWith('.txt')) return readRequirements(text);
  throw new CerebroError(
    'BACKEND_MALFORMED',
    `${name} is no manifest that is known: package-lock.json, go.mod or a requirements .txt.`,
  );
}

function readNpmLock(path: string, text: string): Dependency[] {
  let parsed: z.infer<typeof npmLock>;
  try {
    parsed = npmLock.parse(JSON.parse(text));
  } catch (cause) {
    throw new CerebroError('BACKEND_MALFORMED', `${path} is no package-lock.json of version 2 or 3.`, { cause });
  }
  return Object.entries(parsed.packages).flatMap(([place, { version, link }]): Dependency[] => {
    const at = place.lastIndexOf('node_modules/');
    if (at === -1 || version === undefined || link === true) return [];
    return [{ ecosystem: 'npm', name: place.slice(at + 'node_modules/'.length), version }];
  });
}

function readGoMod(text: string): Dependency[] {
  const found: Dependency[] = [];
  let block = false;
  for (const raw of text.split('\n')) {
    const line = raw.replace(/\/\/.*$/, '').trim();
    if (/^require\s*\($/.test(line)) block = true;
    else if (line === ')') block = false;
    const match = /^(?:require\s+)?(\S+)\s+(v\d\S*)$/.exec(line);
    if (match !== null && (block || line.startsWith('require')))
      found.push({ ecosystem: 'Go', name: match[1] ?? '', version: (match[2] ?? '').replace(/^v/, '') });
    const go = /^go\s+(\d+\.\d+(?:\.\d+)?)$/.exec(line);
    // The language line is the least toolchain that builds it, so its standard library is what is declared.
    if (go?.[1] !== undefined)
      found.push({ ecosystem: 'Go', name: 'stdlib', version: go[1].split('.').length === 2 ? `${go[1]}.0` : go[1] });
  }
  return found;
}

function readRequirements(text: string): Dependency[] {
  return text.split('\n').flatMap((line): Dependency[] => {
    const match = /^\s*([A-Za-z0-9][\w.-]*)(?:\[[^\]]*\])?\s*==\s*([^\s;#]+)/.exec(line);
    return match === null
      ? []
      : [
          {
            ecosystem: 'PyPI',
            name: (match[1] ?? '').toLowerCase().replaceAll(/[-_.]+/g, '-'),
            version: match[2] ?? '',
          },
        ];
  });
}
