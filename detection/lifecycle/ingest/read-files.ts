import { readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { CerebroError } from '../../../infra/runtime/errors.ts';
import { type ColumnRoles, rolesOf } from './column-roles.ts';
import { type Duck, explaining, identifier, literal, openDuck } from './duck.ts';
import { epochMs, parseTime } from './parse-time.ts';
import { createGrowingArray, type TelemetryTable } from './telemetry-table.ts';

const suffixes = /\.(csv|tsv|txt|csv\.gz|tsv\.gz|parquet)$/i;
const missing = ['', 'NA', 'N/A', 'NaN', 'nan', 'null', 'NULL', 'None', '-'];

/** The CSV and Parquet files at a path: the file itself, or all below the folder, sorted by path. Throws NOT_FOUND, or INPUT_INVALID for an empty file. */
export function telemetryFiles(path: string): string[] {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) throw new CerebroError('NOT_FOUND', `There is no file or folder ${path}.`);
  if (stat.isFile() && stat.size === 0) throw new CerebroError('INPUT_INVALID', `${path} is empty.`);
  if (!stat.isDirectory()) return [path];
  const files = readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && suffixes.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  if (files.length === 0) throw new CerebroError('NOT_FOUND', `${path} holds no CSV or Parquet file.`);
  return files;
}

/**
 * Reads a CSV or Parquet file, or a folder of one of them (`key=value` folders become columns), through DuckDB. Cells that are no
 * number in a value column, times that cannot be read and lines that do not fit the file's shape are reported as faults, with the
 * text that was there. Roles of columns are told from their names unless declared. Throws NOT_FOUND and INPUT_INVALID.
 * Memory: 8 bytes a cell.
 */
export async function readFiles(path: string, declared: Partial<ColumnRoles> = {}): Promise<TelemetryTable> {
  return readFileList(path, telemetryFiles(path), declared);
}

/** The same for named files of one folder. */
export async function readFileList(
  path: string,
  files: readonly string[],
  declared: Partial<ColumnRoles> = {},
): Promise<TelemetryTable> {
  const parquet = files.every((file) => /\.parquet$/i.test(file));
  if (!parquet && files.some((file) => /\.parquet$/i.test(file)))
    throw new CerebroError('INPUT_INVALID', `${path} holds both CSV and Parquet files; name a folder of one kind.`);
  const duck = await openDuck();
  try {
    return await explaining(path, () => readWith(duck, { path, files, parquet }, declared));
  } finally {
    duck.close();
  }
}

async function readWith(
  duck: Duck,
  input: { path: string; files: readonly string[]; parquet: boolean },
  declared: Partial<ColumnRoles>,
): Promise<TelemetryTable> {
  const { connection } = duck;
  const hive = `hive_partitioning = ${input.files.some((file) => file.includes('='))}`;
  // One scan a CSV file, because DuckDB keeps rejected lines only for scans that do not unite columns themselves.
  const scans = input.parquet
    ? [`read_parquet([${input.files.map(literal).join(', ')}], union_by_name = true, ${hive})`]
    : input.files.map(
        (file) => `read_csv(${literal(file)}, header = true, all_varchar = true, store_rejects = true, ${hive},
          nullstr = [${missing.map(literal).join(', ')}])`,
      );
  await connection.run(
    `CREATE TEMP TABLE source AS ${scans.map((scan) => `SELECT * FROM ${scan}`).join(' UNION ALL BY NAME ')}`,
  );
  const described = (await connection.runAndReadAll('DESCRIBE source')).getRowsJS().map((row) => ({
    name: textOf(row[0]),
    type: textOf(row[1]),
  }));
  const columns = await Promise.all(
    described.map(async ({ name, type }) => {
      const cell = identifier(name);
      if (type !== 'VARCHAR')
        return { name, type, numeric: /INT|DOUBLE|FLOAT|DECIMAL|BOOL/.test(type), time: /TIMESTAMP|DATE/.test(type) };
      const [row] = (
        await connection.runAndReadAll(
          `SELECT count(${cell}), count(TRY_CAST(${cell} AS DOUBLE)), any_value(${cell}) FROM source`,
        )
      ).getRowsJS();
      const [filled, numbers, example] = row ?? [];
      return {
        name,
        type,
        numeric: Number(filled) === 0 || Number(numbers) * 2 > Number(filled),
        time: typeof example === 'string' && !Number.isFinite(Number(example)) && !Number.isNaN(parseTime(example)),
      };
    }),
  );
  const folders = new Set(
    input.files.flatMap((file) => [...file.matchAll(/(?:^|\/)([^/=]+)=[^/]*(?=\/)/g)].map(([, key]) => key)),
  );
  // Folder names such as day= and hour= say where rows lie, they are no measurement.
  const roles = rolesOf(
    columns.map((column) => (folders.has(column.name) ? { ...column, numeric: false, time: false } : column)),
    declared,
  );
  const typeOf = (name: string): string => described.find((column) => column.name === name)?.type ?? 'VARCHAR';
  return fill(connection, { source: basename(input.path), roles, typeOf, csv: !input.parquet });
}

async function fill(
  connection: Duck['connection'],
  plan: { source: string; roles: ColumnRoles; typeOf: (name: string) => string; csv: boolean },
): Promise<TelemetryTable> {
  const { roles, typeOf } = plan;
  const time = identifier(roles.time);
  const timeType = typeOf(roles.time);
  const text = (name: string | undefined): string =>
    name === undefined ? 'NULL' : `CAST(${identifier(name)} AS VARCHAR)`;
  const bad = roles.values
    .filter((name) => typeOf(name) === 'VARCHAR')
    .map((name) => {
      const cell = identifier(name);
      return `CASE WHEN ${cell} IS NOT NULL AND coalesce(isfinite(TRY_CAST(${cell} AS DOUBLE)), false) = false THEN ${literal(`${name}=`)} || ${cell} END`;
    });
  const result = await connection.stream(
    `SELECT ${/TIMESTAMP|DATE/.test(timeType) ? `CAST(epoch_ms(CAST(${time} AS TIMESTAMP)) AS DOUBLE)` : time} AS t,
      ${text(roles.entity)} AS e, ${text(roles.label)} AS l, ${bad.length === 0 ? "''" : `concat_ws('; ', ${bad.join(', ')})`} AS bad,
      ${roles.values.map((name) => `TRY_CAST(${identifier(name)} AS DOUBLE)`).join(', ')} FROM source`,
  );
  const isTimestamp = /TIMESTAMP|DATE/.test(timeType);
  const timeOf = (cell: unknown): number => {
    if (typeof cell === 'string') return parseTime(cell);
    return isTimestamp ? Number(cell ?? NaN) : epochMs(Number(cell ?? NaN));
  };
  const at = createGrowingArray();
  const entityOf = createGrowingArray();
  const values = roles.values.map(() => createGrowingArray());
  const labels: string[] = [];
  const entities = new Map<string, number>();
  const faults: { row: number; text: string; reason: string }[] = [];
  let row = 0;
  const take = (cells: readonly unknown[]): void => {
    const [time, entityCell, label, bad, ...numbers] = cells;
    const when = timeOf(time);
    at.push(when);
    const entity = textOf(entityCell) || 'series';
    if (!entities.has(entity)) entities.set(entity, entities.size);
    entityOf.push(entities.get(entity)!);
    if (roles.label !== undefined) labels.push(textOf(label));
    if (Number.isNaN(when)) faults.push({ row, text: `${roles.time}=${textOf(time)}`, reason: 'time cannot be read' });
    else if (bad !== '') faults.push({ row, text: textOf(bad), reason: 'not a number' });
    for (let c = 0; c < values.length; c += 1) values[c]!.push(Number(numbers[c] ?? NaN));
    row += 1;
  };
  for (let chunk = await result.fetchChunk(); chunk !== null && chunk.rowCount > 0; chunk = await result.fetchChunk())
    for (const cells of chunk.getRows()) take(cells);
  if (plan.csv) faults.push(...(await rejectedLines(connection)));
  return {
    source: plan.source,
    names: roles.values,
    at: at.done(),
    values: values.map((value) => value.done()),
    entities: [...entities.keys()],
    entityOf: Int32Array.from(entityOf.done()),
    ...(roles.label === undefined ? {} : { labels }),
    faults,
  };
}

/** A cell as text; nothing for a missing one. */
function textOf(cell: unknown): string {
  if (typeof cell === 'string') return cell;
  return typeof cell === 'number' || typeof cell === 'bigint' || typeof cell === 'boolean' ? String(cell) : '';
}

async function rejectedLines(connection: Duck['connection']): Promise<{ row: number; text: string; reason: string }[]> {
  const rows = await connection.runAndReadAll(
    'SELECT line, csv_line, min(error_message) FROM reject_errors GROUP BY ALL ORDER BY line',
  );
  return rows.getRowsJS().map(([line, text, message]) => ({
    row: -1,
    text: textOf(text),
    reason: `line ${textOf(line)}: ${textOf(message).split('\n')[0]}`,
  }));
}
