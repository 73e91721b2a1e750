import type { EntityId } from '../../../domain/entity.ts';
import { entityNameOf } from '../../../domain/entity.ts';
import type { Finding } from '../../../domain/finding.ts';
import type { Series } from '../../../domain/signal.ts';
import { isoOf } from '../../../infra/runtime/clock.ts';
import type { MetricMeaning } from './classify-metric.ts';
import { classifyMetric } from './classify-metric.ts';
import { readTimes } from './counter-deltas.ts';
import type { Spans } from './shift.ts';
import { makeFinding } from './make-finding.ts';
import { resolverOf } from './peer-of.ts';
import { median } from './robust-statistics.ts';
import { createSubjects } from './subject-of.ts';

/** Findings about life and death: entities whose metrics stopped or had a hole, processes that started anew, versions that changed. */
export function watchProcesses(series: readonly Series[], spans: Spans): Finding[] {
  const found: Finding[] = [];
  const meanings = new Map<string, MetricMeaning>();
  for (const { metric } of series) if (!meanings.has(metric)) meanings.set(metric, classifyMetric(metric));
  const own = series.filter(({ metric }) => meanings.get(metric)?.role !== 'availability');
  const reads = readTimes(own);
  const last = Math.min(spans.observed[1], Math.max(0, ...[...reads.values()].map((times) => times.at(-1) ?? 0)));
  const silent = [...reads].flatMap(([entity, times]) => silences(entity, times, last, spans));
  found.push(...silent.filter((one) => !isBlind(one, silent, reads.size)));
  const subjectOf = createSubjects(series, resolverOf(reads.keys()));
  for (const raw of series) {
    const meaning = meanings.get(raw.metric) ?? classifyMetric(raw.metric);
    const one = { ...raw, entity: subjectOf(raw, meaning) };
    const { quantity, role } = meaning;
    if (quantity === 'start-time') found.push(...starts(one, spans));
    if (role === 'version' && one.samples.length > 0) found.push(...versions(one, reads.get(raw.entity) ?? [], spans));
    if (role === 'restarts' && quantity === 'count') found.push(...counted(one, spans));
  }
  return found;
}

/** When most of what is watched falls silent over the same stretch, it is the watcher that did not look: no entity is to blame. */
function isBlind(one: Finding, silent: readonly Finding[], watched: number): boolean {
  const [from, to] = stretchOf(one);
  const alike = new Set(
    silent
      .filter((other) => {
        const [start, end] = stretchOf(other);
        return Math.min(to, end) - Math.max(from, start) > 0.5 * Math.max(to - from, end - start);
      })
      .map(({ entity }) => entity),
  );
  return watched >= 4 && alike.size >= 0.6 * watched;
}

function stretchOf({ onset, until }: Finding): [number, number] {
  return [Date.parse(onset ?? ''), until === undefined ? Number.MAX_SAFE_INTEGER : Date.parse(until)];
}

function silences(entity: EntityId, times: readonly number[], last: number, spans: Spans): Finding[] {
  if (times.length < 4) return [];
  const step = median(times.slice(1).map((at, index) => at - times[index]!));
  const long = Math.max(3.5 * step, step + 2_500);
  const found: Finding[] = [];
  const oldest = spans.observed[0] - (spans.observed[0] - spans.baseline[0]) * 0.34;
  for (const [index, at] of times.entries()) {
    const next = times[index + 1];
    const until = next ?? last;
    if (until - at <= long || at < oldest || at >= spans.observed[1]) continue;
    found.push(
      makeFinding({
        kind: 'anomaly',
        entity,
        signal: { type: 'metric', role: 'availability', name: 'metrics-present' },
        statement:
          next === undefined
            ? `${entityNameOf(entity)} stopped answering and has not come back`
            : `${entityNameOf(entity)} did not answer for ${Math.round((until - at) / 1000)} s`,
        direction: 'gone',
        onset: isoOf(at + step / 2),
        ...(next === undefined ? {} : { until: isoOf(next) }),
        severity: next === undefined ? 0.9 : 0.75,
        data: { aspect: 'up', silentMs: until - at, back: next !== undefined },
      }),
    );
  }
  return found.slice(-3);
}

function starts(series: Series, spans: Spans): Finding[] {
  const found: Finding[] = [];
  for (let index = 1; index < series.samples.length; index += 1) {
    const [at, value] = series.samples[index]!;
    const before = series.samples[index - 1]!;
    if (at < spans.baseline[0] || at >= spans.observed[1] || value - before[1] < 0.5) continue;
    found.push(restart(series, at, `${entityNameOf(series.entity)} was started anew`));
  }
  return found.slice(-3);
}

function counted(series: Series, spans: Spans): Finding[] {
  for (let index = 1; index < series.samples.length; index += 1) {
    const [at, value] = series.samples[index]!;
    if (at >= spans.observed[0] && at < spans.observed[1] && value > series.samples[index - 1]![1])
      return [restart(series, at, `restarts of ${entityNameOf(series.entity)} were counted`)];
  }
  return [];
}

function restart(series: Series, at: number, statement: string): Finding {
  return makeFinding({
    kind: 'anomaly',
    entity: series.entity,
    signal: { type: 'metric', role: 'restarts', name: series.metric },
    statement,
    direction: 'changed',
    onset: isoOf(at),
    severity: 0.55,
    data: { aspect: 'start-time' },
  });
}

function versions(series: Series, reads: readonly number[], spans: Spans): Finding[] {
  const born = series.samples[0]![0];
  const first = reads[0];
  if (first === undefined || born <= first || born < spans.baseline[0] || born >= spans.observed[1]) return [];
  const version = series.labels['version'] ?? series.labels['revision'] ?? series.labels['image'] ?? '';
  return [
    makeFinding({
      kind: 'anomaly',
      entity: series.entity,
      signal: { type: 'metric', role: 'version', name: series.metric, labels: series.labels },
      statement: `${entityNameOf(series.entity)} began to run another version`,
      ...(version === '' ? {} : { excerpt: version.slice(0, 80) }),
      direction: 'changed',
      onset: isoOf(born),
      severity: 0.4,
      data: { aspect: 'info' },
    }),
  ];
}
