import type { EntityId } from '../../../domain/entity.ts';
import { entityNameOf } from '../../../domain/entity.ts';
import type { Finding, SignalRole } from '../../../domain/finding.ts';
import type { Sample } from '../../../domain/signal.ts';
import { isoOf } from '../../../infra/runtime/clock.ts';
import { classifyMetric } from '../signals/classify-metric.ts';
import { plainName } from '../signals/describe-shift.ts';
import { makeFinding } from '../signals/make-finding.ts';
import { median } from '../signals/robust-statistics.ts';
import type { FirstEvidence } from './explain-rule.ts';
import type { Comparison } from './prom-expression.ts';
import { quantityWords } from './quantity-words.ts';

/** An alert with the series that its rule watches. */
export interface WatchedAlert {
  name: string;
  entity: EntityId;
  /** What the rule says, in a line. */
  line: string;
  evidence: FirstEvidence;
  labels: Readonly<Record<string, string>>;
  /** Since when the back end says that it holds. */
  activeAt?: string;
  samples: readonly Sample[];
  /** The line to be crossed. */
  threshold: number;
  /** The time up to which was looked, in milliseconds. */
  nowMs: number;
}

const holds: Readonly<Record<Comparison, (value: number, threshold: number) => boolean>> = {
  '>': (value, threshold) => value > threshold,
  '>=': (value, threshold) => value >= threshold,
  '<': (value, threshold) => value < threshold,
  '<=': (value, threshold) => value <= threshold,
  '==': (value, threshold) => value === threshold,
  '!=': (value, threshold) => value !== threshold,
};

/** How much an alert of a severity matters, by what people call it. */
const weights: Readonly<Record<string, number>> = {
  critical: 0.85,
  page: 0.85,
  emergency: 0.9,
  high: 0.8,
  error: 0.75,
  major: 0.75,
  warning: 0.62,
  warn: 0.62,
  minor: 0.5,
  ticket: 0.5,
  low: 0.4,
  info: 0.25,
  none: 0.1,
};
const usualWeight = 0.65;
/** What has held for so long is a state that people live with, no incident of now. */
const longMs = 24 * 3_600_000;

/**
 * What an alert's own series shows: its value beside the line, since when it is crossed (to the sample), and whether it still is by the
 * newest sample. A finding that is always a symptom (`data.alert`); one that has held for a day and more weighs little. Undefined without samples.
 */
export function judgeAlert(alert: WatchedAlert): Finding | undefined {
  const { evidence, samples, threshold, nowMs } = alert;
  const last = samples.at(-1);
  if (last === undefined) return undefined;
  const beyond = (value: number): boolean => holds[evidence.op](value, threshold);
  const crossed = samples.findLastIndex(([, value]) => beyond(value));
  if (crossed < 0) return undefined;
  const first = runStart(samples, crossed, beyond);
  const since = samples.slice(first, crossed + 1);
  const end = crossed < samples.length - 2 ? samples[crossed + 1] : undefined;
  const isOver = end !== undefined;
  const began = beganAt(alert, first);
  const before = samples.slice(0, first).map(([, value]) => value);
  const observed = isOver ? median(since.map(([, value]) => value)) : last[1];
  const { role, aspect, direction } = measureOf(evidence);
  const old = nowMs - began > longMs;
  const told = quantityOf(evidence, observed);
  const name = plainName(alert.name);
  const line = `alert ${name} at ${entityNameOf(alert.entity)} ${isOver ? 'fired' : 'fires'}`;
  const baseline = before.length === 0 ? threshold : median(before);
  return makeFinding({
    kind: 'anomaly',
    entity: alert.entity,
    signal: { type: 'metric', role, name: evidence.metric },
    statement: `${line}: it ${alert.line}; ${isOver ? 'it was' : 'now it is'} ${told}`.slice(0, 600),
    direction,
    onset: isoOf(began),
    ...(end === undefined ? {} : { until: isoOf(end[0]) }),
    effect: {
      baseline: baseline * evidence.scale,
      observed: observed * evidence.scale,
      // A line that people drew is crossed: as clear as a clear departure, no clearer.
      size: direction === 'up' ? 6 : -6,
      ...(baseline > 0 ? { ratio: observed / baseline } : {}),
    },
    severity: weightOf(alert) * (old ? 0.4 : 1),
    data: { alert: name, aspect, threshold: threshold * evidence.scale, ...(old ? { always: true } : {}) },
  });
}

/** The first sample of the run that ends at `last`; one sample on the other side ends nothing. */
function runStart(samples: readonly Sample[], last: number, beyond: (value: number) => boolean): number {
  let first = last;
  while (first > 0 && (beyond(samples[first - 1]![1]) || (first > 1 && beyond(samples[first - 2]![1])))) first -= 1;
  return first;
}

/** The crossing as the samples show it; what was crossed all along since the back end says. */
function beganAt({ samples, activeAt }: WatchedAlert, first: number): number {
  const seen = samples[first]![0];
  return first === 0 && activeAt !== undefined ? Math.min(seen, Date.parse(activeAt)) : seen;
}

function weightOf({ labels }: WatchedAlert): number {
  return weights[labels['severity']?.toLowerCase() ?? ''] ?? usualWeight;
}

/** A value of a rule's series in the words of its unit. */
function quantityOf({ unit, scale }: FirstEvidence, value: number): string {
  return quantityWords(value * scale, unit);
}

function measureOf({ metric, op, unit, series }: FirstEvidence): {
  role: SignalRole;
  aspect: string;
  direction: 'up' | 'down';
} {
  const { role, quantity } = classifyMetric(metric);
  const falls = op === '<' || op === '<=' || (op === '==' && role === 'availability');
  const direction = falls ? 'down' : 'up';
  if (role === 'errors') return { role, aspect: unit === 'ratio' ? 'error-ratio' : 'rate', direction };
  if (role === 'latency' || role === 'database-latency')
    return { role, aspect: series.includes('quantile') ? 'p95' : 'mean', direction };
  if (role === 'availability') return { role, aspect: 'up', direction };
  const share = unit === 'ratio' && ['pool', 'disk', 'memory', 'file-handles'].includes(role);
  if (share) return { role, aspect: falls || quantity === 'free' ? 'left' : 'saturation', direction };
  return { role, aspect: role === 'traffic' ? 'rate' : 'level', direction };
}
