import type { Finding } from '../../../domain/finding.ts';
import type { Series } from '../../../domain/signal.ts';
import type { Window } from '../../../domain/time.ts';
import { isoOf, msOf } from '../../../infra/runtime/clock.ts';
import { sampleStepOf } from '../propagation/sample-step.ts';
import { deriveRatios } from './derive-ratios.ts';
import { deriveSeries } from './derive-series.ts';
import type { Derived } from './derived-series.ts';
import { describeShift } from './describe-shift.ts';
import type { Shift, Spans } from './shift.ts';
import { judgeShift } from './judge-shift.ts';
import { makeFinding, roundSignificant } from './make-finding.ts';
import type { Misreading } from './set-aside-misreadings.ts';
import { setAsideMisreadings } from './set-aside-misreadings.ts';
import { watchProcesses } from './watch-processes.ts';

export interface Windows {
  baseline: Window;
  observed: Window;
  /** Where the record that holds the incident begins, if a hole parts it from history: levels are then matched with what it shows before the departure. */
  own?: string;
}

/** At most this many findings, the most severe first; least severity that is told at all. */
export interface DetectOptions {
  maxFindings?: number;
  leastSeverity?: number;
  /** `derivedOf(series)`, where the caller has it already. */
  derived?: readonly Derived[];
}

/**
 * The departures of series from their baseline as findings, most severe first: what moved, since when (onset by change-point detection, to
 * the sample), how far (robust standardised size). Conservative, because many series are tested. Pure and deterministic; never throws on
 * gaps, NaN, resets, constants, single samples or nothing. Cost linear in samples but for sorting.
 */
export function detectAnomalies(series: readonly Series[], windows: Windows, options: DetectOptions = {}): Finding[] {
  const spans = spansOf(windows);
  const derived = withoutGap(options.derived ?? derivedOf(series), spans);
  const findings: Finding[] = [];
  for (const one of derived) {
    const shift = judgeShift(one, spans);
    if (shift !== undefined && shift.severity >= (options.leastSeverity ?? 0.15)) findings.push(findingOf(one, shift));
  }
  findings.push(...watchProcesses(series, spans).filter((one) => !isOf(one, [spans.baseline[1], spans.observed[0]])));
  const unique = [...new Map(findings.map((finding) => [finding.id, finding])).values()];
  unique.sort((left, right) => right.severity - left.severity || (left.id < right.id ? -1 : 1));
  return unique.slice(0, options.maxFindings ?? 400);
}

/** Everything that can be judged about the series: what each shows and what pairs of them show, without what cannot be. */
export function derivedOf(series: readonly Series[]): Derived[] {
  return readingsOf(series).kept;
}

/** The same, with what was set aside because it cannot be. */
export function readingsOf(series: readonly Series[]): { kept: Derived[]; misread: Misreading[] } {
  const derived = deriveSeries(series);
  return setAsideMisreadings([...derived, ...deriveRatios(derived)]);
}

/** The series without what lies between the two spans: another incident may have been there, and it is neither normal nor now. */
export function withoutGap(derived: readonly Derived[], { baseline, observed }: Spans): readonly Derived[] {
  const [from, to] = [baseline[1], observed[0]];
  if (to <= from) return derived;
  return derived.map((one): Derived => {
    const keeps = one.samples.map(([at]) => at < from || at >= to);
    const made: Derived = { ...one, samples: one.samples.filter((_, index) => keeps[index]) };
    if (one.weights !== undefined) made.weights = one.weights.filter((_, index) => keeps[index]);
    return made;
  });
}

/** Whether a finding began and ended within a span. */
function isOf({ onset, until }: Finding, [from, to]: readonly [number, number]): boolean {
  return onset !== undefined && until !== undefined && msOf(onset) >= from && msOf(until) <= to;
}

/** Windows as milliseconds. */
export function spansOf(windows: Windows): Spans {
  return {
    baseline: [msOf(windows.baseline.from), msOf(windows.baseline.to)],
    observed: [msOf(windows.observed.from), msOf(windows.observed.to)],
    ...(windows.own === undefined ? {} : { own: msOf(windows.own) }),
  };
}

function findingOf(derived: Derived, shift: Shift): Finding {
  const data: Record<string, unknown> = {
    aspect: derived.aspect,
    side: derived.side,
    unit: derived.unit,
    quantity: derived.quantity,
    ...sampleStepOf(derived.samples),
  };
  if (shift.rising) data['rising'] = true;
  if (derived.aspect === 'saturation' || derived.aspect === 'capacity') data['last'] = roundSignificant(shift.last);
  if (derived.reasons !== undefined) data['reasons'] = reasonsSince(derived, shift.onsetMs);
  const labels = Object.keys(derived.labels).length === 0 ? {} : { labels: derived.labels };
  return makeFinding({
    kind: derived.aspect === 'edge-gap' ? 'edge-shift' : 'anomaly',
    entity: derived.entity,
    ...(derived.peer === undefined ? {} : { peer: derived.peer }),
    signal: { type: 'metric', role: derived.role, name: derived.metric, ...labels },
    statement: describeShift(derived, shift),
    direction: shift.direction,
    onset: isoOf(shift.onsetMs),
    ...(shift.endMs === undefined ? {} : { until: isoOf(shift.endMs) }),
    effect: shift.effect,
    severity: shift.severity,
    data,
  });
}

function reasonsSince(derived: Derived, onsetMs: number): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const [reason, samples] of [...(derived.reasons ?? [])]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .slice(0, 12)) {
    const total = samples.filter(([at]) => at >= onsetMs).reduce((all, [, growth]) => all + growth, 0);
    if (total > 0) counts[reason.slice(0, 40)] = roundSignificant(total);
  }
  return counts;
}
