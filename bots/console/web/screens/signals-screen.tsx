import { useMemo } from 'preact/hooks';
import type { SeriesName, ScoredSeries, WatchStanding } from '../../server/series-book.ts';
import { ScoredChart } from '../parts/scored-chart.tsx';
import { Empty, Failed, Loading } from '../parts/states.tsx';
import { hrefOf } from '../state/route.ts';
import { signalsIdOf, signalsOf } from '../state/signals-route.ts';
import { useLoad } from '../state/use-load.ts';
import { kindOf, nameOf, oddsOf, timeOf } from '../state/words.ts';

const spans = [
  [15, '15 minutes'],
  [60, 'hour'],
  [360, '6 hours'],
  [1_440, 'day'],
  [10_080, 'week'],
] as const;

/** Any series of any source with how abnormal it was, point by point; `id` says which (see `signalsOf`). Above it, how the standing watch stands. */
export function SignalsScreen({ id }: { id: string | undefined }) {
  const shown = signalsOf(id);
  const { value: named } = useLoad<{ names: SeriesName[] }>('/api/series', 60_000);
  const { value: standing } = useLoad<{ watch?: WatchStanding }>('/api/watch', 3_000);
  const query = new URLSearchParams({
    minutes: String(shown.minutes),
    ...(shown.entity === undefined ? {} : { entity: shown.entity }),
    ...(shown.metric === undefined ? {} : { metric: shown.metric }),
  });
  const path = shown.entity === undefined && shown.metric === undefined ? undefined : `/api/series/scores?${query}`;
  const scored = useLoad<{ series: ScoredSeries[]; total: number; threshold: number }>(
    path,
    shown.minutes > 60 ? 60_000 : 5_000,
  );
  return (
    <div class="page">
      <h1 class="page-title">Signals</h1>
      <Standing watch={standing?.watch} />
      <Picker names={named?.names ?? []} id={id} />
      {path === undefined ? (
        <Foremost watch={standing?.watch} />
      ) : scored.value === undefined ? (
        scored.problem === undefined ? (
          <Loading rows={6} />
        ) : (
          <Failed message={scored.problem} retry={scored.reload} />
        )
      ) : scored.value.series.length === 0 ? (
        <Empty title="No samples">
          {shown.metric === undefined
            ? 'Nothing that people feel (latency, errors, queues) was sampled of this entity in that time. Choose a metric.'
            : 'Nothing of that name was sampled in that time. Choose a longer one.'}
        </Empty>
      ) : (
        <>
          {scored.value.series.map((one) => (
            <ScoredChart
              key={`${one.entity}${one.metric}${one.measure}${JSON.stringify(one.labels)}`}
              one={one}
              threshold={scored.value?.threshold ?? 1}
            />
          ))}
          {scored.value.total > scored.value.series.length && (
            <p class="muted">
              {scored.value.series.length} of {scored.value.total} series are drawn, those that alarmed first.
            </p>
          )}
        </>
      )}
    </div>
  );
}

/** What is watched, how surely something is abnormal, and what alarms now. */
function Standing({ watch }: { watch: WatchStanding | undefined }) {
  if (watch === undefined) return <p class="page-line">Nothing is watched: no source of metrics is connected.</p>;
  return (
    <>
      <p class="page-line">
        <span>
          {watch.watched} series are watched, {watch.judged} of them long enough to be judged.
        </span>
        <span>
          {watch.judged === 0
            ? 'So nothing can be said yet.'
            : watch.score < 0.9
              ? 'Nothing stands out.'
              : `Of looks at quiet systems ${oddsOf(watch.score)} shows as much as now; an investigation is opened from ${oddsOf(watch.threshold)} on.`}
        </span>
        {watch.problem !== undefined && <span class="problem">Not fresh: {watch.problem}</span>}
        {watch.gaps?.map((gap) => (
          <span class="problem" key={gap}>
            Not known: {gap}
          </span>
        ))}
      </p>
      {watch.alarms.length > 0 && (
        <ul class="alerts" aria-label="Alarms now">
          {watch.alarms.slice(0, 6).map((alarm) => (
            <li key={`${alarm.entity}${alarm.metric}${alarm.statement}`}>
              <a href={hrefOf('signals', signalsIdOf({ entity: alarm.entity, metric: alarm.metric, minutes: 15 }))}>
                {alarm.statement}
              </a>
              <span class="muted">since {timeOf(alarm.since)}</span>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

/** What is least ordinary now, whether it alarms or not. */
function Foremost({ watch }: { watch: WatchStanding | undefined }) {
  const foremost = watch?.foremost ?? [];
  return (
    <section class="panel">
      <h2 class="label">Least ordinary now</h2>
      {foremost.length === 0 ? (
        <p class="muted">
          {watch?.judged === 0
            ? 'Too little was seen of any series to know what is usual for it; that takes some dozens of points.'
            : 'All series that can be judged look as they did before.'}{' '}
          Choose an entity or a metric to see one.
        </p>
      ) : (
        <table class="foremost">
          <thead>
            <tr>
              <th scope="col">Series</th>
              <th scope="col">Now</th>
              <th scope="col">Usual</th>
              <th scope="col">As abnormal is</th>
              <th scope="col">Since</th>
            </tr>
          </thead>
          <tbody>
            {foremost.map((one) => (
              <tr key={`${one.entity}${one.peer}${one.metric}${one.measure}`}>
                <td>
                  <a href={hrefOf('signals', signalsIdOf({ entity: one.entity, metric: one.metric, minutes: 15 }))}>
                    {nameOf(one.entity)}
                    {one.peer !== undefined && ` to ${nameOf(one.peer)}`}: {one.measure}
                  </a>
                </td>
                <td>{one.value}</td>
                <td>{one.usual}</td>
                <td>{oddsOf(one.score)}</td>
                <td>{timeOf(one.since)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <p class="muted">
        Each point is scored against all before it. An investigation is opened where series are abnormal together; the
        config says from where on (<code>watch.threshold</code>).
      </p>
    </section>
  );
}

function Picker({ names, id }: { names: readonly SeriesName[]; id: string | undefined }) {
  const shown = signalsOf(id);
  const entities = useMemo(() => [...new Set(names.flatMap((one) => one.entities))].sort(), [names]);
  const metrics = useMemo(
    () =>
      names
        .filter((one) => shown.entity === undefined || one.entities.includes(shown.entity))
        .map((one) => one.metric.replace(/_(bucket|sum|count)$/, ''))
        .filter((metric, index, all) => all.indexOf(metric) === index)
        .sort(),
    [names, shown.entity],
  );
  const go = (change: Partial<typeof shown>): void => {
    location.hash = hrefOf('signals', signalsIdOf({ ...shown, ...change }));
  };
  const chosen = (event: Event): string | undefined => {
    const { target } = event;
    return target instanceof HTMLSelectElement && target.value !== '' ? target.value : undefined;
  };
  return (
    <form class="picker" onSubmit={(event) => event.preventDefault()}>
      <label>
        Entity
        <select value={shown.entity ?? ''} onChange={(event) => go({ entity: chosen(event), metric: undefined })}>
          <option value="">all</option>
          {withChosen(entities, shown.entity).map((entity) => (
            <option key={entity} value={entity}>
              {nameOf(entity)} ({kindOf(entity)})
            </option>
          ))}
        </select>
      </label>
      <label>
        Metric
        <select value={shown.metric ?? ''} onChange={(event) => go({ metric: chosen(event) })}>
          <option value="">what people feel</option>
          {withChosen(metrics, shown.metric).map((metric) => (
            <option key={metric} value={metric}>
              {metric}
            </option>
          ))}
        </select>
      </label>
      <label>
        Of the last
        <select value={String(shown.minutes)} onChange={(event) => go({ minutes: Number(chosen(event)) })}>
          {spans.map(([minutes, name]) => (
            <option key={minutes} value={String(minutes)}>
              {name}
            </option>
          ))}
        </select>
      </label>
    </form>
  );
}

/** The names with the chosen one among them, also while the list is not here yet. */
function withChosen(names: readonly string[], chosen: string | undefined): string[] {
  return chosen === undefined || names.includes(chosen) ? [...names] : [chosen, ...names];
}
