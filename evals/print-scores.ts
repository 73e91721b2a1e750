import type { Prediction, ScoreReport } from './suite.ts';

const percentile = (values: readonly number[], quantile: number): number => {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(quantile * sorted.length))] ?? Number.NaN;
};

/** The score table and failures as plain text for a terminal. */
export function printScores(suite: string, predictions: readonly Prediction[], report: ScoreReport): string {
  const header = ['metric', 'score', '95 % interval', 'baseline', 'cases'];
  const rows = report.scores.map((row) => [
    row.metric,
    row.score.toFixed(3),
    Number.isNaN(row.low) ? '' : `${row.low.toFixed(3)} to ${row.high.toFixed(3)}`,
    row.baseline === undefined ? '' : row.baseline.toFixed(3),
    String(row.cases),
  ]);
  const lines = [`suite ${suite}`, ...alignRows([header, ...rows]), ''];
  if (predictions.length > 0) {
    const seconds = predictions.map((prediction) => prediction.elapsedMs / 1000);
    const sum = (pick: (prediction: Prediction) => number): number =>
      predictions.reduce((total, prediction) => total + pick(prediction), 0);
    lines.push(
      `${predictions.length} cases; seconds a case p50 ${percentile(seconds, 0.5).toFixed(2)}, p95 ${percentile(seconds, 0.95).toFixed(2)}; tool calls ${sum((prediction) => prediction.calls)}; tokens ${sum((prediction) => prediction.tokens)}; dollars ${sum((prediction) => prediction.dollars).toFixed(4)}`,
    );
    const cpu = predictions.flatMap(({ cpuMs }) => (cpuMs === undefined ? [] : [cpuMs / 1000]));
    if (cpu.length > 0)
      lines.push(
        `processor seconds of an answer, case loaded: p50 ${percentile(cpu, 0.5).toFixed(2)}, p95 ${percentile(cpu, 0.95).toFixed(2)}; most memory of this process ${Math.round(process.resourceUsage().maxRSS / 1024)} MB`,
      );
  }
  const ladder = ladderTable(report);
  for (const table of [...(ladder === undefined ? [] : [ladder]), ...(report.tables ?? [])])
    lines.push('', table.title, ...alignRows([table.header, ...table.rows]));
  if (report.failures.length > 0) lines.push('', `not right (${report.failures.length}):`);
  for (const failure of report.failures) {
    lines.push(
      `  ${failure.case}: expected ${failure.expected}, got ${failure.got}${failure.replay === undefined ? '' : `\n    ${failure.replay}`}`,
    );
  }
  return `${lines.join('\n')}\n`;
}

/** Every score beside what it was without each signal; undefined where the ladder was not climbed. */
export function ladderTable({ scores, ladder }: ScoreReport): NonNullable<ScoreReport['tables']>[number] | undefined {
  if (ladder === undefined) return undefined;
  return {
    title: 'what each signal is worth: scores without it',
    header: ['metric', 'all', ...ladder.map(({ without }) => `no ${without}`)],
    rows: scores.map(({ metric, score }) => [
      metric,
      score.toFixed(3),
      ...ladder.map((rung) => rung.scores.find((one) => one.metric === metric)?.score.toFixed(3) ?? ''),
    ]),
  };
}

/** Pads the cells of a table to columns. */
export function alignRows(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows)
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, cell.length);
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
