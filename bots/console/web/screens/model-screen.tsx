import type { ModelCard } from '../../server/console-deps.ts';
import type { ChartSeries } from '../../server/chart-series.ts';
import { LineChart } from '../parts/line-chart.tsx';
import { Failed, Loading } from '../parts/states.tsx';
import { useLoad } from '../state/use-load.ts';
import { dayTimeOf, numberOf } from '../state/words.ts';

/** Words for what is measured of a model. */
const measured: Readonly<Record<string, string>> = {
  aucPr: 'AUC-PR',
  auroc: 'AUROC',
  calibrationError: 'calibration error',
  cvAucPr: 'AUC-PR over folds',
  cvAucPrDeviation: 'its deviation',
  dataQuality: 'quality of the data',
  f1: 'F1',
  onnxDifference: 'ONNX against native',
};

/** A model's card. `id` is `name:version`. */
export function ModelScreen({ id }: { id: string }) {
  const cut = id.lastIndexOf(':');
  const path = `/api/models/${encodeURIComponent(id.slice(0, cut))}/${encodeURIComponent(id.slice(cut + 1))}`;
  const { value, problem, reload } = useLoad<{ card: ModelCard }>(path);
  if (value === undefined)
    return (
      <div class="page">
        {problem === undefined ? <Loading rows={6} /> : <Failed message={problem} retry={reload} />}
      </div>
    );
  const { card } = value;
  return (
    <div class="page">
      <h1 class="page-title">
        {card.name} {card.version}
      </h1>
      <p class="page-line">
        {card.method}, {card.role}, {card.stage === 'none' ? 'in no stage' : `in ${card.stage}`}; trained{' '}
        {dayTimeOf(card.createdAt)}
      </p>
      <Curve card={card} />
      <section class="panel">
        <h2 class="label">Measured</h2>
        <Facts
          of={Object.fromEntries(Object.entries(card.metrics).map(([name, value]) => [measured[name] ?? name, value]))}
        />
        {card.confusion !== undefined && (
          <p>
            {card.confusion.truePositive} found, {card.confusion.falseNegative} missed, {card.confusion.falsePositive}{' '}
            false alarms, {card.confusion.trueNegative} rightly passed.
          </p>
        )}
      </section>
      {card.importance.length > 0 && (
        <section class="panel">
          <h2 class="label">What counts most</h2>
          <Importance of={card.importance.slice(0, 10)} />
        </section>
      )}
      <section class="panel">
        <h2 class="label">Where it comes from</h2>
        <Facts of={{ ...card.lineage, ...card.options }} />
      </section>
      <section class="panel">
        <h2 class="label">History</h2>
        <ul class="gaps">
          {card.events.map((event) => (
            <li key={`${event.at}${event.what}`}>
              {dayTimeOf(event.at)}, version {event.version}: {event.what}
            </li>
          ))}
        </ul>
      </section>
    </div>
  );
}

/** The score over the latest rows, and the column that it was computed from. */
function Curve({ card }: { card: ModelCard }) {
  const { entity, column, scores, values } = card.curve;
  if (scores.length === 0) return null;
  const line = (metric: string, samples: readonly [number, number][]): ChartSeries => ({
    metric,
    entity,
    labels: {},
    samples: [...samples],
  });
  const marked = stretchesAbove(scores, card.threshold);
  const limit = scores.map(([at]): [number, number] => [at, card.threshold]);
  return (
    <section class="panel">
      <h2 class="label">Scores over rows that no training saw</h2>
      <figure class="chart">
        <div class="chart-body">
          <LineChart lines={[line('score', [...scores]), line('threshold', limit)]} name="Scores" marked={marked} />
          <LineChart lines={[{ ...line(column, [...values]), entity: column }]} name={column} marked={marked} />
        </div>
      </figure>
    </section>
  );
}

/** Where the score reaches the threshold, as stretches of time. */
function stretchesAbove(
  scores: readonly (readonly [number, number])[],
  threshold: number,
): { from: number; to: number }[] {
  const stretches: { from: number; to: number }[] = [];
  let open = false;
  for (const [at, score] of scores) {
    if (score >= threshold && !open) stretches.push({ from: at, to: at });
    else if (score >= threshold) stretches.at(-1)!.to = at;
    open = score >= threshold;
  }
  return stretches;
}

/** Shares as bars, the largest fills the width. */
function Importance({ of }: { of: readonly { feature: string; share: number }[] }) {
  const most = Math.max(...of.map(({ share }) => share), 1e-9);
  return (
    <div class="bars">
      {of.map(({ feature, share }) => (
        <>
          <span key={feature}>{feature}</span>
          <span class="bar" style={{ width: `${(100 * share) / most}%` }} />
          <span>{numberOf(share)}</span>
        </>
      ))}
    </div>
  );
}

function Facts({ of }: { of: Readonly<Record<string, unknown>> }) {
  return (
    <dl class="facts">
      {Object.entries(of).map(([name, value]) => (
        <>
          <dt key={name}>{name}</dt>
          <dd>
            {typeof value === 'number' ? numberOf(value) : typeof value === 'string' ? value : JSON.stringify(value)}
          </dd>
        </>
      ))}
    </dl>
  );
}
