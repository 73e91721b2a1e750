import { isoOf } from '../../../infra/runtime/clock.ts';
import type { ValidationReport } from './validate-table.ts';

const marks = { good: 'ok  ', warning: 'warn', bad: 'BAD ' } as const;

/** The report for a person, one line a check. */
export function renderReport(report: ValidationReport): string {
  const span = report.from === null || report.to === null ? '' : `, ${isoOf(report.from)} to ${isoOf(report.to)}`;
  const head = `${report.source}: ${report.rows} rows of ${report.entities} ${report.entities === 1 ? 'entity' : 'entities'}, ${report.columns.length} columns${span}`;
  const lines = report.checks.map(
    ({ name, verdict, count, share, message }) =>
      `  ${marks[verdict]} ${name.padEnd(10)} ${name === 'labels' || count === 0 ? (name === 'labels' || name === 'drift' ? message : 'none') : `${count} (${percent(share)}) ${message}`}`,
  );
  const set = report.quarantined === 0 ? '' : `, ${report.quarantined} rows set aside`;
  return `${head}\n${lines.join('\n')}\n  quality ${report.quality.toFixed(2)}${set}\n`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(share < 0.01 ? 2 : 1)} %`;
}
