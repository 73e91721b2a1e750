import type { MetricKnowledge } from './metric-knowledge.ts';
import type { Technology } from './technology.ts';
import { technologies } from './technologies.ts';

/** By exact name, and by the first word before a pattern's `*`; made once, at the first question. */
interface Index {
  exact: Map<string, { technology: string; row: MetricKnowledge }[]>;
  patterns: Map<string, { technology: string; before: string; pieces: readonly string[]; row: MetricKnowledge }[]>;
}
let index: Index | undefined;
const partEndings = /_(bucket|sum|count|total|created)$/;

/** The row of a metric: the name as it is, without a histogram's ending, with dots as underscores; undefined where no table has it. Constant in the number of rows. */
export function lookUp(metric: string, without?: (technology: string) => boolean): MetricKnowledge | undefined {
  index ??= indexOf(technologies());
  const plain = metric.slice(0, 300).replaceAll(/[.:-]/g, '_');
  const names = new Set([metric, plain, plain.replace(partEndings, ''), squashed(plain)]);
  for (const name of names) {
    const found = index.exact.get(name)?.find((one) => without?.(one.technology) !== true);
    if (found !== undefined && fits(found.row, plain, name)) return found.row;
  }
  for (const start of [firstWordOf(plain), '']) {
    for (const { technology, before, pieces, row } of index.patterns.get(start) ?? []) {
      if (without?.(technology) === true) continue;
      if (matches(plain, before, pieces) || matches(plain.replace(partEndings, ''), before, pieces)) return row;
    }
  }
  return undefined;
}

/** Endings are a histogram's or a summary's parts; a gauge `x` is no `x_count`. */
function fits(row: MetricKnowledge, plain: string, name: string): boolean {
  return (
    plain.length === name.length ||
    !partEndings.test(plain) ||
    /_(total|created)$/.test(plain) ||
    ['histogram', 'summary'].includes(row.type) ||
    name === squashed(plain)
  );
}

/** CloudWatch's names as exporters write them: `aws_rds_cpuutilization_average` is CPUUtilization of AWS/RDS. */
function squashed(plain: string): string {
  const match = /^aws_([a-z0-9]+)_(\w+?)_(average|sum|maximum|minimum|sample_count|p\d+)$/.exec(plain);
  return match === null ? plain : `aws:${(match[2] ?? '').replaceAll('_', '')}`;
}

function indexOf(all: readonly Technology[]): Index {
  const made: Index = { exact: new Map(), patterns: new Map() };
  for (const { name: technology, exact, patterns } of all) {
    for (const [name, row] of exact) {
      for (const key of new Set([
        name,
        name.replaceAll(/[.:-]/g, '_'),
        ...(/^[A-Z][A-Za-z0-9]+$/.test(name) ? [`aws:${name.toLowerCase()}`] : []),
      ])) {
        const rows = made.exact.get(key);
        if (rows === undefined) made.exact.set(key, [{ technology, row }]);
        else rows.push({ technology, row });
      }
    }
    for (const pattern of patterns) {
      const key = firstWordOf(pattern.before);
      const rows = made.patterns.get(key) ?? [];
      rows.push({ technology, ...pattern });
      made.patterns.set(key, rows);
    }
  }
  for (const rows of made.patterns.values())
    rows.sort((left, right) => right.row.metric.length - left.row.metric.length);
  return made;
}

function firstWordOf(name: string): string {
  const at = name.indexOf('_');
  return at < 0 ? '' : name.slice(0, at);
}

function matches(name: string, before: string, pieces: readonly string[]): boolean {
  if (!name.startsWith(before)) return false;
  let from = before.length;
  for (const [place, piece] of pieces.entries()) {
    if (place === pieces.length - 1) return name.length - piece.length >= from && name.endsWith(piece);
    const found = name.indexOf(piece, from);
    if (found < 0) return false;
    from = found + piece.length;
  }
  return true;
}
