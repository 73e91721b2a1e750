import type { ScoredSeries, SeriesAlarm, SeriesBook, SeriesName } from '../bots/console/server/series-book.ts';
import type { Derived } from '../detection/evidence/signals/derived-series.ts';
import { formatValue, measureName, plainName } from '../detection/evidence/signals/describe-shift.ts';
import { derivedOf } from '../detection/evidence/signals/detect-anomalies.ts';
import { plainLevel } from '../detection/evidence/signals/plain-level.ts';
import { scoreStream } from '../detection/models/streams/score-stream.ts';
import { leastWatched } from '../detection/models/streams/series-watch.ts';
import { relevanceOf, watchedRoles } from '../detection/models/streams/stream-watch.ts';
import { entityId } from '../domain/entity.ts';
import type { Investigation } from '../domain/run.ts';
import type { Series } from '../domain/signal.ts';
import { type Clock, isoOf, msOf } from '../infra/runtime/clock.ts';
import { unknownSeries } from '../tools/read/readable-series.ts';
import type { Sources } from '../tools/sources/source.ts';
import type { Watch } from './watch.ts';

export interface SeriesBookDeps {
  sources: Pick<Sources, 'metrics'>;
  investigations: { list(limit: number): Investigation[] };
  clock: Clock;
  watch(): Watch | undefined;
  threshold: number;
}

const shownSeries = 12;
/** History before the span, in its lengths: enough to know what is usual. */
const historyLengths = 3;
/** More points than this are thinned by the source. */
const mostPoints = 6_000;
const nearMs = 300_000;

/** Series of the connected sources, scored as the standing watch scores them. Rejects with what the source throws. */
export function createSeriesBook(deps: SeriesBookDeps): SeriesBook {
  return {
    async names() {
      const now = deps.clock.now();
      const listed = await deps.sources.metrics?.list({ from: isoOf(now - 900_000), to: isoOf(now) });
      return listed?.status === 'ok' ? listed.items.map(nameOf) : [];
    },
    async scores(request) {
      const metrics = deps.sources.metrics;
      if (metrics === undefined) return { series: [], total: 0, threshold: deps.threshold };
      const [from, to] = [msOf(request.from), msOf(request.to)];
      const read = { from: isoOf(from - historyLengths * (to - from)), to: request.to };
      const found = await metrics.query({
        metrics: namesOf(request.metric),
        entities: request.entity === undefined ? [] : [entityId.parse(request.entity)],
        window: read,
        stepMs: stepFor((1 + historyLengths) * (to - from)),
        maxSeries: 2_000,
      });
      if (found.status === 'no-data') return { series: [], total: 0, threshold: deps.threshold };
      const wanted = derivedFrom(found.items).filter(
        ({ role, samples }) =>
          (request.metric !== undefined || watchedRoles.includes(role)) && (samples.at(-1)?.[0] ?? 0) >= from,
      );
      const judged = request.metric === undefined ? wanted.filter((one) => relevanceOf(one) !== undefined) : wanted;
      judged.sort((left, right) => watchedRoles.indexOf(left.role) - watchedRoles.indexOf(right.role));
      const opened = deps.investigations.list(200);
      const scored: ScoredSeries[] = [];
      for (const one of judged.slice(0, 60)) {
        scored.push(scoreOf(one, from, { opened, threshold: deps.threshold }));
        await new Promise((resolve) => setImmediate(resolve));
      }
      const worst = (one: ScoredSeries): number => Math.max(0, ...one.alarms.map(({ score }) => score));
      const series = scored.toSorted((left, right) => worst(right) - worst(left)).slice(0, shownSeries);
      return { series, total: judged.length, threshold: deps.threshold };
    },
    standing() {
      const watch = deps.watch();
      if (watch === undefined) return undefined;
      const problem = watch.stale();
      const gaps = watch.gaps();
      const alarms = watch.alarms().map(({ entity, signal, statement, onset }) => ({
        entity,
        metric: signal.name,
        statement,
        since: onset ?? deps.clock.iso(),
      }));
      const { foremost, ...streams } = watch.streams();
      return {
        ...streams,
        threshold: deps.threshold,
        alarms,
        foremost: foremost.map(({ series, value, usual, score, since }) => ({
          entity: series.entity,
          ...(series.peer === undefined ? {} : { peer: series.peer }),
          metric: series.metric,
          measure: measureName(series),
          value: formatValue(value, series.unit),
          usual: formatValue(usual, series.unit),
          score,
          since: isoOf(since),
        })),
        ...(problem === undefined ? {} : { problem }),
        ...(gaps.length === 0 ? {} : { gaps }),
      };
    },
  };
}

function nameOf({ metric, unit, entities }: { metric: string; unit?: string; entities: string[] }): SeriesName {
  return { metric, entities, ...(unit === undefined ? {} : { unit }) };
}

/** A histogram is asked for by its own name and held as its parts. */
function namesOf(metric: string | undefined): string[] {
  if (metric === undefined) return ['*'];
  return metric.includes('*') ? [metric] : [metric, `${metric}_bucket`, `${metric}_sum`, `${metric}_count`];
}

/** As the source holds them for a few hours, else so that no series has more points than can be read. */
function stepFor(spanMs: number): number {
  const step = spanMs / mostPoints;
  return step <= 1_000 ? 0 : Math.ceil(step / 1_000) * 1_000;
}

/** What the engine can judge, and every other series as a level of unknown meaning. */
function derivedFrom(items: readonly Series[]): Derived[] {
  const known = derivedOf(items);
  return [...known, ...unknownSeries(items, 'auto', known).map(plainLevel)];
}

function scoreOf(
  one: Derived,
  from: number,
  { opened, threshold }: { opened: readonly Investigation[]; threshold: number },
): ScoredSeries {
  const { scores, usual, alarms, learned } = scoreStream(one.samples, {
    relevant: relevanceOf(one) ?? (() => true),
    threshold,
    from,
  });
  return {
    metric: one.metric,
    measure: one.role === 'other' ? plainName(one.metric) : measureName(one),
    entity: one.entity,
    labels: { ...one.labels, ...(one.peer === undefined ? {} : { peer: one.peer }) },
    ...(one.role === 'other' ? {} : { unit: one.unit }),
    values: one.samples.filter(([at]) => at >= from),
    usual,
    scores,
    alarms: alarms.map((alarm): SeriesAlarm => {
      const investigation = investigationOf(one, alarm, opened);
      return { ...alarm, ...(investigation === undefined ? {} : { investigation }) };
    }),
    learned,
    judged: learned >= leastWatched,
  };
}

/** The investigation that this series' alarm opened or joined; else one that was open about the same entity then. */
function investigationOf(
  { entity, metric }: Derived,
  { from, to }: { from: number; to: number },
  opened: readonly Investigation[],
): SeriesAlarm['investigation'] {
  const during = opened.filter(({ alerts }) =>
    alerts.some(({ startsAt, labels }) => labels['entity'] === entity && near(msOf(startsAt), from, to)),
  );
  const named = during.find(({ alerts }) =>
    alerts.some(({ labels }) => labels['entity'] === entity && labels['signal'] === metric),
  );
  const found = named ?? during[0];
  return found === undefined ? undefined : { id: found.id, title: found.title, status: found.status };
}

function near(at: number, from: number, to: number): boolean {
  return at >= from - nearMs && at <= to + nearMs;
}
