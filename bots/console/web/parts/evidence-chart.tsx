import type { ChartSeries } from '../../server/chart-series.ts';
import { openEvidence } from '../state/drawer.ts';
import { useLoad } from '../state/use-load.ts';
import { nameOf } from '../state/words.ts';
import { LineChart } from './line-chart.tsx';

const mostLines = 6;

interface EvidenceChartProps {
  id: string;
  title?: string;
  /** Entities to show first; all when empty. */
  entities?: readonly string[];
  onset?: string | undefined;
}

/** A chart drawn from the raw result behind evidence. Keeps its height while it loads. */
export function EvidenceChart({ id, title, entities = [], onset }: EvidenceChartProps) {
  const { value, problem, reload } = useLoad<{ series: ChartSeries[]; total: number }>(
    `/api/evidence/${id}/series?points=400`,
  );
  const lines = value === undefined ? [] : pick(value.series, entities);
  const left = (value?.total ?? 0) - lines.length;
  return (
    <figure class="chart">
      {title !== undefined && (
        <figcaption>
          <button type="button" class="chart-title" onClick={() => openEvidence(id, onset)}>
            {title}
          </button>
        </figcaption>
      )}
      <div class="chart-body">
        {lines.length > 0 && <LineChart lines={lines} onset={onset} name={title ?? lines.map(nameOfLine).join(', ')} />}
        {value !== undefined && lines.length === 0 && <p class="chart-note">No series in this evidence.</p>}
        {problem !== undefined && value === undefined && (
          <p class="chart-note">
            {problem}{' '}
            <button type="button" class="link" onClick={reload}>
              Try again
            </button>
          </p>
        )}
      </div>
      {left > 0 && title === undefined && <p class="chart-note muted">and {left} more series</p>}
    </figure>
  );
}

/** How a line is called in a legend: its entity, and what tells it from its neighbours. */
export function nameOfLine(line: ChartSeries): string {
  const labels = Object.entries(line.labels).map(([key, value]) => `${key}=${value}`);
  return [nameOf(line.entity), ...labels].join(' ');
}

function pick(series: readonly ChartSeries[], entities: readonly string[]): ChartSeries[] {
  const wanted = entities.length === 0 ? series : series.filter((one) => entities.includes(one.entity));
  return (wanted.length === 0 ? series : wanted).slice(0, mostLines);
}
