import type { ChartSeries } from '../../server/chart-series.ts';
import { openEvidence } from '../state/drawer.ts';
import { useLoad } from '../state/use-load.ts';
import { chartsOf } from './charts-of.ts';
import { LineChart } from './line-chart.tsx';

interface EvidenceChartProps {
  id: string;
  title: string;
  /** Entities to show first; all when empty. */
  entities: readonly string[];
  onset?: string | undefined;
}

interface Drawn {
  series: ChartSeries[];
  total: number;
}

/** A chart drawn from the raw result behind evidence: what the asked entities have, with two units one above the other. Keeps its height while it loads. */
export function EvidenceChart({ id, title, entities, onset }: EvidenceChartProps) {
  const { value, problem, reload } = useLoad<Drawn>(pathOf(id));
  const charts = value === undefined ? undefined : chartsOf(value.series, entities).slice(0, 2);
  return (
    <figure class="chart">
      <figcaption>
        <button type="button" class="chart-title" onClick={() => openEvidence(id, onset)}>
          {title}
        </button>
      </figcaption>
      <div class="chart-body">
        {charts?.map((lines, index) => (
          <LineChart key={index} lines={lines} onset={onset} name={title} />
        ))}
        {charts?.length === 0 && <p class="chart-note">No series in this evidence.</p>}
        {problem !== undefined && charts === undefined && (
          <p class="chart-note">
            {problem}{' '}
            <button type="button" class="link" onClick={reload}>
              Try again
            </button>
          </p>
        )}
      </div>
    </figure>
  );
}

/** All series behind evidence, one chart for each unit; nothing where it holds none. */
export function EvidenceCharts({ id, onset }: { id: string; onset: string | undefined }) {
  const { value } = useLoad<Drawn>(pathOf(id));
  const { value: scores } = useLoad<Drawn>(pathOf(id, 'scores'));
  if (value === undefined) return null;
  const charts = chartsOf(value.series, []).slice(0, 4);
  const drawn = charts.reduce((sum, lines) => sum + lines.length, 0);
  return (
    <>
      {charts.map((lines, index) => (
        <figure key={index} class="chart">
          <div class="chart-body">
            <LineChart lines={lines} onset={onset} name={lines[0]?.metric ?? ''} />
          </div>
        </figure>
      ))}
      {drawn > 0 && scores !== undefined && scores.series.length > 0 && (
        <figure class="chart">
          <figcaption class="label">How abnormal, from 0 to 1</figcaption>
          <div class="chart-body">
            <LineChart lines={scores.series} onset={onset} name="Scores" />
          </div>
        </figure>
      )}
      {value.total > drawn && (
        <p class="muted">
          {drawn} of {value.total} series are drawn.
        </p>
      )}
    </>
  );
}

function pathOf(id: string, what: 'series' | 'scores' = 'series'): string {
  return `/api/evidence/${encodeURIComponent(id)}/${what}?points=400`;
}
