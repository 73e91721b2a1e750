import { CerebroError } from '../../../infra/runtime/errors.ts';

/** What each column of a file is for. */
export interface ColumnRoles {
  time: string;
  entity?: string;
  label?: string;
  values: readonly string[];
}

const timeNames = [
  'timestamp',
  'time',
  'ts',
  'datetime',
  'date',
  '@timestamp',
  'at',
  'ds',
  '_time',
  'time_stamp',
  'timeunixnano',
];
const entityNames = ['entity', 'host', 'hostname', 'instance', 'service', 'node', 'pod', 'server', 'device', 'machine'];
const labelNames = [
  'label',
  'labels',
  'is_anomaly',
  'isanomaly',
  'anomaly',
  'is_abnormal',
  'abnormal',
  'cause',
  'fault',
  'class',
];

/**
 * Tells roles from names where nobody declared them: the usual words for time, entity and label, any letter case; all other columns
 * that hold numbers are values. Throws INPUT_INVALID when no time or no value column is found, with what to write instead.
 */
export function rolesOf(
  columns: readonly { name: string; numeric: boolean; time: boolean }[],
  declared: Partial<ColumnRoles> = {},
): ColumnRoles {
  const find = (words: readonly string[]): string | undefined =>
    words
      .map((word) => columns.find(({ name }) => name.toLowerCase() === word)?.name)
      .find((name) => name !== undefined);
  for (const name of [declared.time, declared.entity, declared.label, ...(declared.values ?? [])])
    if (name !== undefined && !columns.some((column) => column.name === name)) throw absent(name, columns);
  const time = declared.time ?? find(timeNames) ?? columns.find((column) => column.time)?.name;
  if (time === undefined) {
    throw new CerebroError(
      'INPUT_INVALID',
      `None of the columns ${names(columns)} is a time; name one \`timestamp\`, or say which with --time.`,
    );
  }
  const label = declared.label ?? find(labelNames);
  const entity = declared.entity ?? find(entityNames);
  const values =
    declared.values ??
    columns
      .filter(({ name, numeric }) => numeric && name !== time && name !== label && name !== entity)
      .map(({ name }) => name);
  if (values.length === 0)
    throw new CerebroError('INPUT_INVALID', `No column of ${names(columns)} besides the time holds numbers.`);
  return { time, values, ...(entity === undefined ? {} : { entity }), ...(label === undefined ? {} : { label }) };
}

function absent(name: string, columns: readonly { name: string }[]): CerebroError {
  return new CerebroError('INPUT_INVALID', `There is no column ${name}; the columns are ${names(columns)}.`);
}

function names(columns: readonly { name: string }[]): string {
  return columns.map(({ name }) => name).join(', ');
}
