import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Advisory } from '../../../domain/signal.ts';
import { CerebroError } from '../../../infra/runtime/errors.ts';
import { stopIfAborted } from '../stop-if-aborted.ts';
import type { AdvisorySource } from '../source.ts';
import { fixFor, isAffected, type OsvRecord, osvRecord, severityOf } from './osv-record.ts';
import { type Dependency, readManifest } from './read-manifest.ts';

export interface OsvOptions {
  /** Folder of OSV records, one JSON file each, subfolders included. */
  folder: string;
  /** Which entity declares its dependencies in which manifest. */
  manifests: readonly { entity: string; path: string }[];
}

/** Records by ecosystem and package. Files that are no OSV record are counted, not fatal. */
export interface OsvIndex {
  find(dependency: Dependency): { record: OsvRecord; fixedIn?: string }[];
  records: number;
  unreadable: number;
}

/** Reads a folder of OSV records. Linear in its files; a few thousand take about a second. Throws BACKEND_UNAVAILABLE without the folder. */
export function readOsvFolder(folder: string): OsvIndex {
  const byPackage = new Map<string, OsvRecord[]>();
  let records = 0;
  let unreadable = 0;
  for (const path of jsonFiles(folder)) {
    const record = readRecord(path);
    if (record === undefined) {
      unreadable += 1;
      continue;
    }
    records += 1;
    for (const key of new Set(
      record.affected.flatMap((one) =>
        one.package === undefined ? [] : [keyOf(one.package.ecosystem, one.package.name)],
      ),
    )) {
      byPackage.set(key, [...(byPackage.get(key) ?? []), record]);
    }
  }
  return {
    records,
    unreadable,
    find: ({ ecosystem, name, version }) => {
      const key = keyOf(ecosystem, name);
      return (byPackage.get(key) ?? []).flatMap((record) => {
        if (record.withdrawn !== undefined) return [];
        const hit = record.affected.find(
          (one) =>
            one.package !== undefined &&
            keyOf(one.package.ecosystem, one.package.name) === key &&
            isAffected(one, version),
        );
        if (hit === undefined) return [];
        const fixedIn = fixFor(hit, version);
        return [{ record, ...(fixedIn === undefined ? {} : { fixedIn }) }];
      });
    },
  };
}

/** Known advisories of what the manifests declare. The folder is read when first asked. */
export function createOsvAdvisories(options: OsvOptions): AdvisorySource {
  let index: OsvIndex | undefined;
  return {
    name: 'osv',
    list: (entities, signal) => {
      stopIfAborted(signal);
      index ??= readOsvFolder(options.folder);
      const notes: string[] = [];
      const items: Advisory[] = [];
      for (const { entity, path } of options.manifests) {
        if (entities.length > 0 && !entities.includes(entity)) continue;
        for (const dependency of readManifest(path)) {
          for (const { record, fixedIn } of index.find(dependency)) {
            items.push({
              id: record.id,
              package: dependency.name,
              installed: dependency.version,
              summary: `${entity}: ${(record.summary ?? record.details ?? 'no summary').slice(0, 300)}`,
              severity: severityOf(record),
              ...(fixedIn === undefined ? {} : { fixedIn }),
            });
          }
        }
      }
      if (index.unreadable > 0) notes.push(`${index.unreadable} files of the advisory folder are no OSV records`);
      if (items.length === 0) {
        return Promise.resolve({
          status: 'no-data',
          lookedAt: `${index.records} advisories against ${options.manifests.length} manifests`,
        });
      }
      return Promise.resolve({ status: 'ok', items, truncated: false, notes });
    },
  };
}

function keyOf(ecosystem: string, name: string): string {
  return `${ecosystem.split(':')[0]} ${name}`;
}

function jsonFiles(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.json'))
      .sort()
      .map((name) => join(folder, name));
  } catch (cause) {
    throw new CerebroError('BACKEND_UNAVAILABLE', `The advisory folder ${folder} cannot be read.`, { cause });
  }
}

function readRecord(path: string): OsvRecord | undefined {
  try {
    return osvRecord.safeParse(JSON.parse(readFileSync(path, 'utf8'))).data;
  } catch {
    return undefined;
  }
}
