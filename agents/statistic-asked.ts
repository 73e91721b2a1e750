/** A form of a metric that a question names: the statistic of query_metrics, where there is one, and how a person would say it. */
export interface StatisticAsked {
  statistic?: string;
  words: string;
}

const percentile = /\bp(\d{2,4})s?\b|\b(\d{2})(?:st|nd|rd|th)[ -]percentile\b|\b(median)\b/iu;
const workedOut = new Set(['50', '90', '95', '99']);
const whatIsLeft = /\b(?:left|free|available|remaining|remains|headroom|spare|unused)\b/iu;
const rolesWithLimit = new Set(['memory', 'disk', 'pool', 'cpu', 'file-handles', 'queue']);

/** The percentile that a question asks for, or that it asks for what is left of something that has a limit; undefined where it says neither. */
export function statisticAsked(text: string, metric: string | undefined): StatisticAsked | undefined {
  const found = percentile.exec(text);
  if (found !== null) {
    const share = found[3] === undefined ? (found[1] ?? found[2] ?? '') : '50';
    return { words: found[0], ...(workedOut.has(share) ? { statistic: `p${share}` } : {}) };
  }
  if (metric !== undefined && rolesWithLimit.has(metric) && whatIsLeft.test(text))
    return { words: 'figure of what is left', statistic: 'left' };
  return undefined;
}
