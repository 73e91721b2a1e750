import { calibrationOf, claimsOf } from './calibration.ts';
import { ladderTable } from './print-scores.ts';
import type { Prediction, ScoreReport, Suite } from './suite.ts';

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** One self-contained HTML page: scores with intervals and baselines, calibration, further tables, and every failure with its replay command. */
export function htmlReport(suite: Suite, predictions: readonly Prediction[], report: ScoreReport): string {
  const scores = report.scores.map((row) => [
    row.metric,
    row.score.toFixed(3),
    Number.isNaN(row.low) ? '' : `${row.low.toFixed(3)} to ${row.high.toFixed(3)}`,
    row.baseline?.toFixed(3) ?? '',
    String(row.cases),
  ]);
  const claims = claimsOf(report.outcomes ?? []);
  const ladder = ladderTable(report);
  const parts = [
    `<h1>${escape(suite.name)}</h1><p>${escape(suite.description)} ${predictions.length} cases.</p>`,
    table('Scores', ['metric', 'score', '95 % interval', 'baseline', 'cases'], scores),
    ...(claims.length === 0 ? [] : [calibrationPlot(claims)]),
    ...[...(ladder === undefined ? [] : [ladder]), ...(report.tables ?? [])].map((entry) =>
      table(entry.title, entry.header, entry.rows),
    ),
    table(
      `Not right (${report.failures.length})`,
      ['case', 'expected', 'got', 'replay'],
      report.failures.map((failure) => [failure.case, failure.expected, failure.got, failure.replay ?? '']),
    ),
  ];
  const style =
    'body{font:15px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;color:#1c2430}table{border-collapse:collapse;margin:1rem 0}td,th{border-bottom:1px solid #d5dbe3;padding:.3rem .7rem;text-align:left;vertical-align:top}caption{text-align:left;font-weight:600;padding:.5rem 0}td:last-child{font-family:ui-monospace,monospace;font-size:.85em}';
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>${escape(suite.name)}</title><style>${style}</style><body>${parts.join('\n')}</body></html>\n`;
}

function table(title: string, header: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = (tag: string, row: readonly string[]): string =>
    `<tr>${row.map((cell) => `<${tag}>${escape(cell)}</${tag}>`).join('')}</tr>`;
  return `<table><caption>${escape(title)}</caption><thead>${cells('th', header)}</thead><tbody>${rows.map((row) => cells('td', row)).join('')}</tbody></table>`;
}

/** Stated confidence against the share that was right, one dot a tenth, larger with more answers. */
export function calibrationPlot(pairs: readonly { confidence: number; right: boolean }[]): string {
  const { bins, expectedCalibrationError, brier } = calibrationOf(pairs);
  const dots = bins
    .filter((bin) => bin.count > 0)
    .map(
      (bin) =>
        `<circle cx="${20 + bin.confidence * 260}" cy="${280 - bin.accuracy * 260}" r="${3 + Math.sqrt(bin.count)}" fill="#3b6fd4" fill-opacity=".7"><title>${bin.count} cases</title></circle>`,
    )
    .join('');
  return `<figure><svg width="300" height="300" role="img" aria-label="calibration: stated confidence against share right"><rect x="20" y="20" width="260" height="260" fill="none" stroke="#d5dbe3"/><line x1="20" y1="280" x2="280" y2="20" stroke="#9aa5b4" stroke-dasharray="4"/>${dots}</svg><figcaption>Calibration: expected calibration error ${expectedCalibrationError.toFixed(3)}, Brier score ${brier.toFixed(3)}, ${pairs.length} answers.</figcaption></figure>`;
}
