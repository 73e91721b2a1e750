import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { canonicalJson, contentHash } from '../../../infra/runtime/canonical-json.ts';
import { CerebroError } from '../../../infra/runtime/errors.ts';
import { readFiles } from '../ingest/read-files.ts';
import { writePartitions } from '../ingest/write-partitions.ts';
import { columnsOf } from './feature-columns.ts';
import { computeFeatures } from './feature-computer.ts';
import type { FeatureSet } from './feature-set.ts';
import type { Frame } from './frame.ts';

const setFile = z.object({ names: z.array(z.string()) });

/** Features on disk: Parquet in day partitions, one folder a set and version, beside a file that says what each column is made of. */
export interface OfflineFeatures {
  /** Computes and keeps the features of a frame. Writing the same frame again changes nothing. */
  write(set: FeatureSet, frame: Frame): Promise<void>;
  /** The kept features of one entity or all, each a frame in time order; `from` and `to` in milliseconds, both ends included. Throws NOT_FOUND. */
  read(
    set: Pick<FeatureSet, 'name' | 'version'>,
    range?: { entity?: string; from?: number; to?: number },
  ): Promise<Frame[]>;
}

/**
 * Opens a store in a folder. A set's name and version stand for one declaration over the same columns: another one under the same name and
 * version is refused with CONFLICT, so that nobody trains on columns that changed their meaning.
 */
export function openOfflineFeatures(folder: string): OfflineFeatures {
  const placeOf = ({ name, version }: Pick<FeatureSet, 'name' | 'version'>): string =>
    join(folder, `${name}@${version}`);
  return {
    async write(set, frame) {
      const place = placeOf(set);
      declare(place, set, frame.names);
      const { names, rows } = computeFeatures(set, frame);
      const columns = names.map((_, c) =>
        Float64Array.from({ length: rows.rows }, (_, r) => rows.values[r * rows.columns + c]!),
      );
      await writePartitions(
        {
          source: `${set.name}@${set.version} of ${frame.entity}`,
          names,
          at: frame.times,
          values: columns,
          entities: [frame.entity],
          entityOf: new Int32Array(rows.rows),
          faults: [],
        },
        join(place, 'data'),
        { by: 'day', precision: 'float32' },
      );
    },
    async read(set, range = {}) {
      const place = placeOf(set);
      if (!existsSync(join(place, 'set.json')))
        throw new CerebroError('NOT_FOUND', `No features ${set.name}@${set.version} are kept here.`);
      const { names } = setFile.parse(JSON.parse(readFileSync(join(place, 'set.json'), 'utf8')));
      const table = await readFiles(join(place, 'data'), { time: 'timestamp', entity: 'entity', values: names });
      const inside = (r: number): boolean =>
        table.at[r]! >= (range.from ?? -Infinity) && table.at[r]! <= (range.to ?? Infinity);
      return table.entities
        .map((entity, index) => ({
          entity,
          rows: Array.from(table.at, (_, r) => r).filter((r) => table.entityOf[r] === index && inside(r)),
        }))
        .filter(({ entity, rows }) => rows.length > 0 && (range.entity === undefined || range.entity === entity))
        .map(({ entity, rows }) => {
          rows.sort((left, right) => table.at[left]! - table.at[right]!);
          return {
            entity,
            times: Float64Array.from(rows, (r) => table.at[r]!),
            names: table.names,
            columns: table.values.map((values) => Float64Array.from(rows, (r) => values[r]!)),
          };
        });
    },
  };
}

/** Writes down what a set means over these columns, or checks that it still means the same. */
function declare(place: string, set: FeatureSet, columns: readonly string[]): void {
  const path = join(place, 'set.json');
  const features = columnsOf(set, columns);
  const hash = contentHash({ set, columns });
  if (existsSync(path)) {
    const known: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (known !== null && typeof known === 'object' && 'hash' in known && known.hash === hash) return;
    throw new CerebroError(
      'CONFLICT',
      `${set.name}@${set.version} is kept here with another declaration; give the new one a higher version.`,
    );
  }
  mkdirSync(place, { recursive: true });
  writeFileSync(
    path,
    canonicalJson({
      hash,
      set,
      columns,
      names: features.map(({ name }) => name),
      lineage: features.map(({ lineage }) => lineage),
    }),
  );
}
