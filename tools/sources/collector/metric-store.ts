import { z } from 'zod';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { canonicalJson } from '../../../infra/runtime/canonical-json.ts';
import { metricType } from '../../../domain/signal.ts';
import type { Database } from '../../../infra/runtime/database.ts';
import type { EntityNames } from './entity-names.ts';
import { readKey, typeOf, unitOf } from './exposition.ts';
import type { FamilyFacts } from './exposition.ts';
import { createJobMemory } from './series-memory.ts';
import { optionalTextOf, textOf } from './sql-row.ts';
import type { HeldSeries, JobMemory, Layout } from './series-memory.ts';

/** What one scrape brought: sample keys as exposed with their values, and what it said of metric families. */
export interface ScrapeInput {
  keys: readonly string[];
  values: readonly number[];
  families: ReadonlyMap<string, FamilyFacts>;
}

/** Metrics in memory and on disk. */
export interface MetricStore {
  /** Takes a scrape in; says how many samples were kept and why others were not. */
  record(job: string, at: number, input: ScrapeInput): { kept: number; rejected: Map<string, number> };
  jobs(): ReadonlyMap<string, JobMemory>;
  /** Writes pending scrapes; call inside a transaction. */
  write(): void;
  trim(cutoff: number): void;
}

interface JobState {
  memory: JobMemory;
  byKey: Map<string, HeldSeries | undefined>;
  layouts: Map<string, Layout>;
  /** The order of the last scrape and where each of its samples went (-1: nowhere), so that an unchanged target costs no look-up. */
  last?: { keys: readonly string[]; layout: Layout; targets: Int32Array; rejected: Map<string, number> };
}

const labelsSchema = z.record(z.string(), z.string());
const idsSchema = z.array(z.number());
const seriesPerJob = 20_000;

/** Loads what the database holds since `cutoff`. */
export function openMetricStore(database: Database, names: EntityNames, cutoff: number): MetricStore {
  const jobs = new Map<string, JobState>();
  const pending: { at: number; layout: number; values: Float64Array }[] = [];
  const insertSeries = database.sql.prepare(
    'INSERT INTO series (job, metric, type, labels, unit, help, key) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  const insertLayout = database.sql.prepare('INSERT INTO layouts (job, series) VALUES (?, ?)');
  const insertScrape = database.sql.prepare('INSERT INTO scrapes (at, layout, vals) VALUES (?, ?, ?)');
  const stateOf = (job: string): JobState => {
    let state = jobs.get(job);
    if (state === undefined)
      jobs.set(job, (state = { memory: createJobMemory(), byKey: new Map(), layouts: new Map() }));
    return state;
  };
  load(database, stateOf, cutoff);

  const addSeries = (job: string, key: string, families: ReadonlyMap<string, FamilyFacts>): HeldSeries | undefined => {
    const read = readKey(key);
    if (read === undefined) return undefined;
    const { name, labels } = read;
    const { family, type } = typeOf(name, labels, families);
    const facts = families.get(family);
    const unit = facts?.unit ?? unitOf(name);
    // A server of data labels its own series with its own name; so do its callers, whose own name is another.
    if (labels['db'] === job) names.learn(job, 'database');
    if (labels['queue'] === job) names.learn(job, 'queue');
    const values = [job, name, type, JSON.stringify(labels), unit ?? null, facts?.help ?? null, key];
    const id = Number(insertSeries.run(...values).lastInsertRowid);
    return seriesFrom({ id, metric: name, type, labels, unit, help: facts?.help });
  };

  const planOf = (job: string, state: JobState, input: ScrapeInput): NonNullable<JobState['last']> => {
    const rejected = new Map<string, number>();
    const taken = new Map<HeldSeries, number>();
    const count = (reason: string): void => void rejected.set(reason, (rejected.get(reason) ?? 0) + 1);
    for (const [position, key] of input.keys.entries()) {
      if (!state.byKey.has(key)) {
        if (state.byKey.size >= seriesPerJob) {
          count('cardinality');
          continue;
        }
        state.byKey.set(key, addSeries(job, key, input.families));
      }
      const series = state.byKey.get(key);
      if (series === undefined) count('malformed');
      else if (taken.has(series)) count('duplicate');
      else taken.set(series, position);
    }
    const ordered = [...taken.keys()].sort((left, right) => left.id - right.id);
    const ids = JSON.stringify(ordered.map((series) => series.id));
    let layout = state.layouts.get(ids);
    if (layout === undefined) {
      layout = layoutFrom(Number(insertLayout.run(job, ids).lastInsertRowid), ordered);
      state.layouts.set(ids, layout);
    }
    const targets = new Int32Array(input.keys.length).fill(-1);
    for (const [series, position] of taken) targets[position] = layout.columns.get(series.id)!;
    return { keys: input.keys, layout, targets, rejected };
  };

  return {
    record(job, at, input) {
      const state = stateOf(job);
      const plan =
        state.last !== undefined && equal(state.last.keys, input.keys)
          ? state.last
          : database.transaction(() => planOf(job, state, input));
      state.last = plan;
      const values = new Float64Array(plan.layout.series.length).fill(Number.NaN);
      for (let index = 0; index < input.values.length; index += 1) {
        const target = plan.targets[index]!;
        if (target >= 0) values[target] = input.values[index]!;
      }
      if (!state.memory.append({ at, layout: plan.layout, values })) {
        return { kept: 0, rejected: new Map([['out-of-order', input.keys.length]]) };
      }
      pending.push({ at, layout: plan.layout.id, values });
      return { kept: values.length, rejected: new Map(plan.rejected) };
    },
    jobs: () => new Map([...jobs].map(([job, state]) => [job, state.memory])),
    write() {
      for (const { at, layout, values } of pending.splice(0)) {
        insertScrape.run(at, layout, zstdCompressSync(new Uint8Array(values.buffer)));
      }
    },
    trim(cutoff) {
      const remove = database.sql.prepare('DELETE FROM series WHERE id = ?');
      for (const state of jobs.values()) {
        state.memory.trim(cutoff);
        const live = state.memory.layouts();
        if (state.last !== undefined) live.add(state.last.layout);
        if (live.size === state.layouts.size) continue;
        for (const [ids, layout] of state.layouts) if (!live.has(layout)) state.layouts.delete(ids);
        const used = new Set([...live].flatMap((layout) => [...layout.series]));
        for (const [key, series] of state.byKey) {
          if (series !== undefined && used.has(series)) continue;
          state.byKey.delete(key);
          if (series !== undefined) remove.run(series.id);
        }
      }
    },
  };
}

function load(database: Database, stateOf: (job: string) => JobState, cutoff: number): void {
  const series = new Map<number, HeldSeries>();
  for (const row of database.sql.prepare('SELECT * FROM series').all()) {
    const held = seriesFrom({
      id: Number(row['id']),
      metric: textOf(row, 'metric'),
      type: metricType.catch('unknown').parse(row['type']),
      labels: labelsSchema.parse(JSON.parse(textOf(row, 'labels'))),
      unit: optionalTextOf(row, 'unit'),
      help: optionalTextOf(row, 'help'),
    });
    series.set(held.id, held);
    stateOf(textOf(row, 'job')).byKey.set(textOf(row, 'key'), held);
  }
  const layouts = new Map<number, { job: string; layout: Layout }>();
  for (const row of database.sql.prepare('SELECT * FROM layouts').all()) {
    const job = textOf(row, 'job');
    const ids = idsSchema.parse(JSON.parse(textOf(row, 'series')));
    const members = ids.map((id) => series.get(id)).filter((member) => member !== undefined);
    if (members.length < ids.length) continue;
    const layout = layoutFrom(Number(row['id']), members);
    stateOf(job).layouts.set(textOf(row, 'series'), layout);
    layouts.set(layout.id, { job, layout });
  }
  for (const row of database.sql
    .prepare('SELECT at, layout, vals FROM scrapes WHERE at >= ? ORDER BY at')
    .iterate(cutoff)) {
    const held = layouts.get(Number(row['layout']));
    const packed = row['vals'];
    if (held === undefined || !(packed instanceof Uint8Array)) continue;
    const bytes = zstdDecompressSync(packed);
    if (bytes.length !== held.layout.series.length * 8) continue;
    const values = new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
    stateOf(held.job).memory.append({ at: Number(row['at']), layout: held.layout, values });
  }
}

function seriesFrom(
  parts: Omit<HeldSeries, 'order' | 'unit' | 'help'> & { unit: string | undefined; help: string | undefined },
): HeldSeries {
  const { unit, help, ...rest } = parts;
  return {
    ...rest,
    ...(unit === undefined ? {} : { unit }),
    ...(help === undefined ? {} : { help }),
    order: `${rest.metric}\0${canonicalJson(rest.labels)}`,
  };
}

function layoutFrom(id: number, series: readonly HeldSeries[]): Layout {
  return { id, series, columns: new Map(series.map((one, column) => [one.id, column])) };
}

function equal(left: readonly string[], right: readonly string[]): boolean {
  if (left.length !== right.length) return false;
  for (let index = 0; index < left.length; index += 1) if (left[index] !== right[index]) return false;
  return true;
}
