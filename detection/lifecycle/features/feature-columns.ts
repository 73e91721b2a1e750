import { CerebroError } from '../../../infra/runtime/errors.ts';
import type { FeatureGroup, FeatureSet, TimePart, WindowStatistic } from './feature-set.ts';

/** One computed column: its name, and where it comes from. `from` index the data's columns. */
export type FeatureColumn = { name: string; lineage: string } & (
  | { kind: 'raw'; from: number }
  | { kind: 'time'; part: TimePart; timeZone: string }
  | { kind: 'window'; from: number; steps: number; statistic: WindowStatistic }
  | { kind: 'lag' | 'change' | 'departure'; from: number; steps: number }
  | { kind: 'interaction' | 'ratio'; left: number; right: number }
  | { kind: 'count'; from: number; steps: number; above: number }
);

/**
 * What a set gives over these columns, in the order of its declaration. `lineage` says in words what each is made of. Throws
 * INPUT_INVALID when the set names a column that is not there, or names one feature twice.
 */
export function columnsOf(set: FeatureSet, names: readonly string[]): FeatureColumn[] {
  const columns = set.groups.flatMap((group) => groupColumns(group, names));
  const seen = new Set<string>();
  for (const { name } of columns) {
    if (seen.has(name)) throw new CerebroError('INPUT_INVALID', `The feature set ${set.name} gives ${name} twice.`);
    seen.add(name);
  }
  return columns;
}

function groupColumns(group: FeatureGroup, names: readonly string[]): FeatureColumn[] {
  const indexOf = (name: string): number => {
    const index = names.indexOf(name);
    if (index < 0)
      throw new CerebroError('INPUT_INVALID', `A feature needs the column ${name}; the data has ${names.join(', ')}.`);
    return index;
  };
  const chosen = (of: '*' | string[]): [string, number][] =>
    of === '*' ? names.map((name, index) => [name, index]) : of.map((name) => [name, indexOf(name)]);
  switch (group.kind) {
    case 'raw':
      return chosen(group.of).map(([name, from]) => ({ kind: 'raw', name, lineage: name, from }));
    case 'time': {
      const { timeZone } = group;
      return group.parts.map((part) => ({
        kind: 'time',
        name: `time:${part}`,
        lineage: `${part} in ${timeZone}`,
        part,
        timeZone,
      }));
    }
    case 'window':
      return chosen(group.of).flatMap(([name, from]) =>
        group.steps.flatMap((steps) =>
          group.statistics.map((statistic): FeatureColumn => ({
            kind: 'window',
            name: `${name}:${statistic}:${steps}`,
            lineage: `${statistic} of ${name} over ${steps} samples`,
            from,
            steps,
            statistic,
          })),
        ),
      );
    case 'lag':
    case 'change':
    case 'departure': {
      const { kind } = group;
      const words = {
        lag: (name: string, steps: number) => `${name} ${steps} samples before`,
        change: (name: string, steps: number) => `change of ${name} a sample over ${steps}`,
        departure: (name: string, steps: number) =>
          `${name} in deviations from the mean of the ${steps} samples before it`,
      }[kind];
      return chosen(group.of).flatMap(([name, from]) =>
        group.steps.map((steps): FeatureColumn => ({
          kind,
          name: `${name}:${kind}:${steps}`,
          lineage: words(name, steps),
          from,
          steps,
        })),
      );
    }
    case 'interaction':
    case 'ratio': {
      const { kind } = group;
      const sign = kind === 'ratio' ? '/' : '*';
      return group.pairs.map(([left, right]) => ({
        kind,
        name: `${left}${sign}${right}`,
        lineage: `${left} ${sign} ${right}`,
        left: indexOf(left),
        right: indexOf(right),
      }));
    }
    case 'count':
      break;
  }
  const { above } = group;
  return chosen(group.of).flatMap(([name, from]) =>
    group.steps.map((steps): FeatureColumn => ({
      kind: 'count',
      name: `${name}:count:${steps}`,
      lineage: `samples of the last ${steps} in which ${name} exceeds ${above}`,
      from,
      steps,
      above,
    })),
  );
}
