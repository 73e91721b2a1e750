import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { CerebroError } from '../../infra/runtime/errors.ts';
import type { SuiteOptions } from '../suite.ts';

/** A case of a set that holds several systems: `<system>/cases/<id>` below the data folder. */
export interface SystemCase {
  /** `<system>/<id>`, as predictions name it. */
  name: string;
  system: string;
  systemPath: string;
  path: string;
}

/** All cases of all systems below the data folder, in order of their names; those asked for only (by whole name or by id). Throws CONFIG_INVALID without a folder. */
export function systemCases({ data, cases }: Pick<SuiteOptions, 'data' | 'cases'>): SystemCase[] {
  if (data === undefined)
    throw new CerebroError('CONFIG_INVALID', 'this suite needs --data, the folder that holds <system>/cases/<id>.');
  return foldersOf(data).flatMap((system) =>
    foldersOf(join(data, system, 'cases'))
      .map((id) => ({
        name: `${system}/${id}`,
        system,
        systemPath: join(data, system),
        path: join(data, system, 'cases', id),
      }))
      .filter(
        ({ name }) => cases.length === 0 || cases.includes(name) || cases.some((one) => name.endsWith(`/${one}`)),
      ),
  );
}

/** The system of a case by its name. */
export function systemOf(name: string): string {
  return name.slice(0, Math.max(0, name.indexOf('/')));
}

function foldersOf(path: string): string[] {
  if (!existsSync(path)) return [];
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}
