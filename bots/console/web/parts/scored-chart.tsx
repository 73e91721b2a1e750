import { useMemo } from 'preact/hooks';
import type { ChartSeries } from '../../server/chart-series.ts';
import type { ScoredSeries } from '../../server/series-book.ts';
import { hrefOf } from '../state/route.ts';
import { dayTimeOf, nameOf, numberOf, oddsOf, shortOddsOf, timeOf } from '../state/words.ts';
import { LineChart } from './line-chart.tsx';

type Line = ChartSeries['samples'];

/** A series beside what is usual, how abnormal each point is below it, and each alarm with its reasons and the investigation that it opened. */
export function ScoredChart({ one, threshold }: { one: ScoredSeries; threshold: number }) {
  const { values, odds } = useMemo(() => linesOf(one, threshold), [one, threshold]);
  const labels = Object.entries(one.labels)
    .map(([name, value]) => `${name} ${nameOf(value)}`)
    .join(', ');
  return (
    <section class="panel scored">
      <h2>
        <a href={hrefOf('services', one.entity)}>{nameOf(one.entity)}</a>: {one.measure}
        {labels !== '' && <span class="muted"> {labels}</span>}
      </h2>
      <LineChart lines={values} name={one.measure} marked={one.alarms} />
      <p class="label">How abnormal: so rare is it in ordinary noise</p>
      <LineChart lines={odds} name="How abnormal" marked={one.alarms} tell={shortOddsOf} wholeTo={6} />
      {one.alarms.length === 0 ? (
        <p class="muted">
          Nothing here would have alarmed; {one.learned} points are known.
          {!one.judged && ' That is too few to judge.'}
        </p>
      ) : (
        <ul class="alarm-list">
          {one.alarms.slice(-6).map((alarm) => (
            <li key={alarm.from}>
              <b>
                {alarm.to - alarm.from > 86_400_000
                  ? dayTimeOf(new Date(alarm.from).toISOString())
                  : timeOf(alarm.from)}{' '}
                to {timeOf(alarm.to)}
              </b>
              : {numberOf(alarm.value)} {one.unit === 'count' ? '' : (one.unit ?? '')} where {numberOf(alarm.usual)} is
              usual; of ordinary noise {oddsOf(alarm.score)} looks as abnormal.
              <span class="muted"> {alarm.because.map(({ feature }) => feature).join(', ')}</span>
              {alarm.investigation === undefined ? (
                <span class="muted"> Alone it opened nothing.</span>
              ) : (
                <>
                  {' '}
                  <a href={hrefOf('investigations', alarm.investigation.id)}>
                    {alarm.investigation.title} ({alarm.investigation.status})
                  </a>
                </>
              )}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** Values with the usual ones; and scores as how many noughts stand in "one in 1000". */
function linesOf(one: ScoredSeries, threshold: number): { values: ChartSeries[]; odds: ChartSeries[] } {
  const line = (metric: string, samples: Line, unit?: string): ChartSeries => ({
    metric,
    entity: one.entity,
    labels: {},
    ...(unit === undefined ? {} : { unit }),
    samples,
  });
  const limit = one.scores.map(([at]): [number, number] => [at, threshold]);
  const noughts = ([at, score]: readonly [number, number]): [number, number] => [
    at,
    -Math.log10(Math.max(1e-12, 1 - score)),
  ];
  return {
    values: [line('measured', [...one.values], one.unit), line('usual', [...one.usual], one.unit)],
    odds: [line('each point', one.scores.map(noughts)), line('alarms where three of five reach', limit.map(noughts))],
  };
}
