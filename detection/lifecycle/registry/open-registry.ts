import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bytesHash, canonicalJson } from '../../../infra/runtime/canonical-json.ts';
import type { Clock } from '../../../infra/runtime/clock.ts';
import { type Database, openDatabase } from '../../../infra/runtime/database.ts';
import { CerebroError } from '../../../infra/runtime/errors.ts';
import { type ModelStage, modelVersion, type ModelVersion, type NewModel } from './model-version.ts';
import { defaultPromotionRules, objectionsTo, type PromotionRules } from './promotion-rules.ts';

/** What happened to a model, newest last. */
export interface RegistryEvent {
  at: string;
  version: number;
  what: string;
}

/**
 * Models by name and version. Where a reference is asked for, it is a number, a stage (`production`, `staging`), `latest`, or an
 * alias; without one it is production, else the latest.
 */
export interface ModelRegistry {
  add(model: NewModel): ModelVersion;
  /** Throws NOT_FOUND that lists what there is. */
  get(name: string, reference?: string | number): ModelVersion;
  /** All versions, by name and then newest first. */
  list(name?: string): ModelVersion[];
  /** A file of a version. Throws STORE_DAMAGED when its bytes are not those that were registered. */
  read(version: ModelVersion, file: string): Uint8Array;
  /** Moves a version to a stage; production and staging hold one version, the one before is archived. Throws CONFLICT when a rule objects and `force` is not given. */
  promote(name: string, version: number, stage: ModelStage, options?: { force?: boolean }): ModelVersion;
  /** Puts the version that was in production before back. Throws NOT_FOUND when there was none. */
  rollback(name: string): ModelVersion;
  /** Points an alias at a version; the alias leaves the version that had it. */
  setAlias(name: string, alias: string, version: number): void;
  events(name: string): RegistryEvent[];
  close(): void;
}

const migrations = [
  `CREATE TABLE models (name TEXT NOT NULL, version INTEGER NOT NULL, stage TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (name, version));
   CREATE TABLE aliases (name TEXT NOT NULL, alias TEXT NOT NULL, version INTEGER NOT NULL, PRIMARY KEY (name, alias));
   CREATE TABLE events (id INTEGER PRIMARY KEY, name TEXT NOT NULL, version INTEGER NOT NULL, what TEXT NOT NULL, stage TEXT NOT NULL, at TEXT NOT NULL);`,
];
const namePattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;
const reserved = new Set(['latest', 'none', 'staging', 'production', 'archived']);

/** Opens (and makes) a registry: `registry.db` and one folder a version. Two processes may use it at once. */
export function openRegistry(
  folder: string,
  deps: { clock: Clock },
  rules: PromotionRules = defaultPromotionRules,
): ModelRegistry {
  mkdirSync(folder, { recursive: true });
  const database = openDatabase(join(folder, 'registry.db'), migrations);
  const store = rowsOf(database);
  const pathOf = (name: string, version: number): string => join(folder, name, String(version));

  const registry: ModelRegistry = {
    add(model) {
      checkName(model.name);
      for (const [metric, value] of Object.entries(model.metrics))
        if (!Number.isFinite(value))
          throw new CerebroError('INPUT_INVALID', `The metric ${metric} of ${model.name} is ${value}; leave it out.`);
      return database.transaction(() => {
        const version = store.lastVersion(model.name) + 1;
        const target = pathOf(model.name, version);
        const partial = `${target}.partial`;
        for (const path of [target, partial]) rmSync(path, { recursive: true, force: true });
        mkdirSync(partial, { recursive: true });
        const files = Object.entries(model.files).map(([file, bytes]) => {
          checkName(file);
          writeFileSync(join(partial, file), bytes);
          return [file, { sha256: bytesHash(bytes), bytes: bytes.length }] as const;
        });
        renameSync(partial, target);
        const { name, method, role, lineage, metrics, options } = model;
        store.insert({
          name,
          version,
          stage: 'none',
          aliases: [],
          method,
          role,
          createdAt: deps.clock.iso(),
          lineage,
          metrics: { ...metrics },
          options: { ...options },
          files: Object.fromEntries(files),
        });
        store.note(name, version, `registered as ${role}`, 'none', deps.clock.iso());
        return registry.get(name, version);
      });
    },
    get(name, reference) {
      const versions = registry.list(name);
      const found = find(versions, reference);
      if (found !== undefined) return found;
      const known = versions.length > 0 ? versions.map(({ version }) => version).join(', ') : undefined;
      throw new CerebroError(
        'NOT_FOUND',
        known === undefined
          ? `There is no model ${name}; there are: ${store.names().join(', ') || 'none yet (train one with `cerebro train <file>`)'}.`
          : `${name} has no version ${reference}; it has ${known}.`,
      );
    },
    list: (name) => store.all(name),
    read(version, file) {
      const known = version.files[file];
      if (known === undefined)
        throw new CerebroError(
          'NOT_FOUND',
          `${version.name} ${version.version} has no file ${file}; it has ${Object.keys(version.files).join(', ')}.`,
        );
      const path = join(pathOf(version.name, version.version), file);
      let bytes: Uint8Array;
      try {
        bytes = readFileSync(path);
      } catch (thrown) {
        throw damaged(version, `${path} cannot be read`, thrown);
      }
      if (bytesHash(bytes) !== known.sha256)
        throw damaged(version, `${path} is not the file that was registered (its checksum differs)`);
      return bytes;
    },
    promote(name, version, stage, options = {}) {
      return database.transaction(() => {
        const candidate = registry.get(name, version);
        const production = registry.list(name).find((one) => one.stage === 'production');
        if (stage === 'production') {
          const objections = objectionsTo(candidate, production, rules);
          if (objections.length > 0 && options.force !== true)
            throw new CerebroError(
              'CONFLICT',
              `${name} ${version} was not promoted: ${objections.join('; ')}. Use --force to do it all the same.`,
            );
          for (const file of Object.keys(candidate.files)) registry.read(candidate, file);
        }
        if (stage === 'production' || stage === 'staging')
          for (const other of registry.list(name))
            if (other.stage === stage && other.version !== version) {
              store.setStage(name, other.version, 'archived');
              store.note(name, other.version, `archived: ${version} took ${stage}`, 'archived', deps.clock.iso());
            }
        store.setStage(name, version, stage);
        store.note(name, version, `${stage}${options.force === true ? ' (forced)' : ''}`, stage, deps.clock.iso());
        return registry.get(name, version);
      });
    },
    rollback(name) {
      return database.transaction(() => {
        const now = registry.list(name).find(({ stage }) => stage === 'production');
        const earlier = store.productions(name).filter((version) => version !== now?.version);
        const before = earlier.at(-1);
        if (before === undefined)
          throw new CerebroError('NOT_FOUND', `${name} has no earlier production version to go back to.`);
        return registry.promote(name, before, 'production', { force: true });
      });
    },
    setAlias(name, alias, version) {
      checkName(alias);
      if (reserved.has(alias) || /^\d+$/.test(alias))
        throw new CerebroError('INPUT_INVALID', `${alias} cannot be an alias: it already means something.`);
      registry.get(name, version);
      store.setAlias(name, alias, version);
    },
    events: (name) => store.events(name),
    close: () => database.close(),
  };
  return registry;
}

function find(versions: readonly ModelVersion[], reference: string | number | undefined): ModelVersion | undefined {
  if (reference === undefined) return versions.find(({ stage }) => stage === 'production') ?? versions[0];
  if (reference === 'latest') return versions[0];
  return versions.find(
    ({ version, stage, aliases }) =>
      String(version) === String(reference) || stage === reference || aliases.includes(String(reference)),
  );
}

function rowsOf(database: Database) {
  const { sql } = database;
  const asVersion = (row: Record<string, unknown>): ModelVersion => {
    const aliases = sql.prepare('SELECT alias FROM aliases WHERE name = ? AND version = ? ORDER BY alias');
    try {
      const body: unknown = JSON.parse(String(row['body']));
      const version = modelVersion.parse(Object.assign({}, body, { stage: row['stage'] }));
      return { ...version, aliases: aliases.all(version.name, version.version).map(({ alias }) => String(alias)) };
    } catch (thrown) {
      throw new CerebroError(
        'STORE_DAMAGED',
        `The registry's row of ${String(row['name'])} ${String(row['version'])} cannot be read; restore registry.db from a backup.`,
        { cause: thrown },
      );
    }
  };
  return {
    names: () =>
      sql
        .prepare('SELECT DISTINCT name FROM models ORDER BY name')
        .all()
        .map(({ name }) => String(name)),
    lastVersion: (name: string) =>
      Number(sql.prepare('SELECT max(version) AS last FROM models WHERE name = ?').get(name)?.['last'] ?? 0),
    insert: (model: ModelVersion) =>
      sql
        .prepare('INSERT INTO models VALUES (?, ?, ?, ?)')
        .run(model.name, model.version, model.stage, canonicalJson(model)),
    all: (name: string | undefined) =>
      (name === undefined
        ? sql.prepare('SELECT * FROM models ORDER BY name, version DESC').all()
        : sql.prepare('SELECT * FROM models WHERE name = ? ORDER BY version DESC').all(name)
      ).map(asVersion),
    setStage: (name: string, version: number, stage: ModelStage) =>
      sql.prepare('UPDATE models SET stage = ? WHERE name = ? AND version = ?').run(stage, name, version),
    setAlias: (name: string, alias: string, version: number) =>
      sql
        .prepare(
          'INSERT INTO aliases VALUES (?, ?, ?) ON CONFLICT (name, alias) DO UPDATE SET version = excluded.version',
        )
        .run(name, alias, version),
    note: (...[name, version, what, stage, at]: [string, number, string, ModelStage, string]) =>
      sql
        .prepare('INSERT INTO events (name, version, what, stage, at) VALUES (?, ?, ?, ?, ?)')
        .run(name, version, what, stage, at),
    events: (name: string) =>
      sql
        .prepare('SELECT at, version, what FROM events WHERE name = ? ORDER BY id')
        .all(name)
        .map(({ at, version, what }) => ({ at: String(at), version: Number(version), what: String(what) })),
    productions: (name: string) =>
      sql
        .prepare("SELECT version FROM events WHERE name = ? AND stage = 'production' ORDER BY id")
        .all(name)
        .map(({ version }) => Number(version)),
  };
}

function checkName(name: string): void {
  if (!namePattern.test(name))
    throw new CerebroError(
      'INPUT_INVALID',
      `"${name}" cannot be a name here: letters, digits, dot, dash and underscore only.`,
    );
}

function damaged(version: ModelVersion, what: string, cause?: unknown): CerebroError {
  return new CerebroError(
    'STORE_DAMAGED',
    `${what}. Roll ${version.name} back to another version (\`cerebro models rollback ${version.name}\`) or train it again.`,
    cause === undefined ? {} : { cause },
  );
}
