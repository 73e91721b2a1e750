import { useEffect, useRef, useState } from 'preact/hooks';
import uPlot from 'uplot';
import type { ChartSeries } from '../../server/chart-series.ts';
import { theme } from '../state/theme.ts';
import { numberOf, timeOf } from '../state/words.ts';
import { lineNames } from './line-names.ts';
import { alignSeries } from './align-series.ts';

const dashes = [[], [6, 3], [2, 3], [8, 3, 2, 3], [1, 4], [12, 4]];
const height = 166;
const shortUnits: Record<string, string> = { seconds: 's', milliseconds: 'ms', bytes: 'B', count: '', ratio: '' };

interface LineChartProps {
  lines: readonly ChartSeries[];
  name: string;
  onset?: string | undefined;
}

/** Lines over time with the onset marked. Lines differ by colour and dash; the legend tells the value under the pointer, else the last. */
export function LineChart({ lines, name, onset }: LineChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState<number | undefined>(undefined);
  const colours = theme.value;
  const data = alignSeries(lines);
  useEffect(() => {
    const box = place.current;
    if (box === null) return undefined;
    const plot = new uPlot(optionsOf(lines, box.clientWidth, onset, setAt), data, box);
    const observer = new ResizeObserver(() => plot.setSize({ width: box.clientWidth, height }));
    observer.observe(box);
    return () => {
      observer.disconnect();
      plot.destroy();
    };
  }, [lines, colours, onset]);
  const names = lineNames(lines);
  return (
    <>
      <div
        class="plot"
        ref={place}
        role="img"
        aria-label={`${name}. ${lines.map((line, index) => describe(line, names[index] ?? '')).join('; ')}`}
      />
      <ul class="legend" aria-hidden="true">
        {lines.map((line, index) => (
          <li key={index}>
            <svg viewBox="0 0 18 4" class={`legend-line plot-${index + 1}`}>
              <path d="M0 2h18" stroke-dasharray={dashes[index]?.join(' ')} />
            </svg>
            <span class="clip">{names[index]}</span>
            <b>{valueAt(data[index + 1], at)}</b>
            <span class="muted">{unitOf(line)}</span>
          </li>
        ))}
        <li class="legend-time muted">{at === undefined ? '' : timeOf((data[0][at] ?? 0) * 1000)}</li>
      </ul>
    </>
  );
}

function optionsOf(
  lines: readonly ChartSeries[],
  width: number,
  onset: string | undefined,
  setAt: (at: number | undefined) => void,
): uPlot.Options {
  const ink = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const axis = {
    stroke: ink('--ink-3'),
    grid: { stroke: ink('--line'), width: 1 },
    ticks: { show: false },
    font: '11px Inter Variable, sans-serif',
  };
  return {
    width,
    height,
    padding: [18, 8, 0, 0],
    legend: { show: false },
    cursor: { points: { size: 6 }, drag: { x: false, y: false } },
    scales: { y: { range: (_plot, low, high) => [Math.min(0, low), high <= 0 ? 1 : high * 1.08] } },
    axes: [
      {
        ...axis,
        grid: { show: false },
        size: 24,
        space: 64,
        values: (_plot, times) => tickTimes(times),
      },
      { ...axis, size: 44, space: 32, values: (_plot, values) => values.map(numberOf) },
    ],
    series: [
      {},
      ...lines.map((_line, index) => ({
        stroke: ink(`--plot-${index + 1}`),
        width: 1.6,
        dash: dashes[index] ?? [],
        points: { show: false },
        spanGaps: true,
      })),
    ],
    hooks: {
      setCursor: [(plot) => setAt(plot.cursor.idx ?? undefined)],
      draw: [(plot) => markOnset(plot, onset, ink('--ink-3'))],
    },
  };
}

/** Hours and minutes, with seconds where the ticks stand closer than a minute. */
function tickTimes(times: readonly number[]): string[] {
  const close = times.length > 1 && (times[1] ?? 0) - (times[0] ?? 0) < 60;
  return times.map((time) => timeOf(time * 1000).slice(0, close ? 8 : 5));
}

function markOnset(plot: uPlot, onset: string | undefined, colour: string): void {
  if (onset === undefined) return;
  const x = Math.round(plot.valToPos(Date.parse(onset) / 1000, 'x', true));
  if (x < plot.bbox.left || x > plot.bbox.left + plot.bbox.width) return;
  const { ctx } = plot;
  ctx.save();
  ctx.strokeStyle = colour;
  ctx.fillStyle = colour;
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash([3 * devicePixelRatio, 3 * devicePixelRatio]);
  ctx.beginPath();
  ctx.moveTo(x, plot.bbox.top);
  ctx.lineTo(x, plot.bbox.top + plot.bbox.height);
  ctx.stroke();
  ctx.font = `${11 * devicePixelRatio}px Inter Variable, sans-serif`;
  ctx.textAlign = 'center';
  ctx.textBaseline = 'top';
  ctx.fillText('onset', Math.max(x, plot.bbox.left + 18 * devicePixelRatio), plot.bbox.top - 15 * devicePixelRatio);
  ctx.restore();
}

function unitOf(line: ChartSeries): string {
  const unit = line.unit ?? '';
  return `${shortUnits[unit] ?? unit}${line.per === 'second' ? '/s' : ''}`;
}

function valueAt(values: ArrayLike<number | null | undefined> | undefined, at: number | undefined): string {
  if (values === undefined) return '';
  for (let index = at ?? values.length - 1; index >= 0; index -= 1) {
    const value = values[index];
    if (value !== null && value !== undefined) return numberOf(value);
  }
  return '';
}

function describe(line: ChartSeries, name: string): string {
  const values = line.samples.map((sample) => sample[1]);
  const ends = `from ${numberOf(values[0] ?? 0)} to ${numberOf(values.at(-1) ?? 0)} ${unitOf(line)}`;
  return `${name} ${ends}, highest ${numberOf(Math.max(...values))}`;
}
