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
  /** Stretches to shade, milliseconds. */
  marked?: readonly { from: number; to: number }[];
  /** How values are told on the axis and in the legend. */
  tell?: (value: number) => string;
  /** The axis has whole steps and goes at least so far. */
  wholeTo?: number;
}

const nothingMarked: readonly { from: number; to: number }[] = [];

/** Lines over time with the onset marked and stretches shaded. Lines differ by colour and dash; the legend tells the value under the pointer, else the last. */
export function LineChart({ lines, name, onset, marked = nothingMarked, tell = numberOf, wholeTo }: LineChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState<number | undefined>(undefined);
  const colours = theme.value;
  const data = alignSeries(lines);
  useEffect(() => {
    const box = place.current;
    if (box === null) return undefined;
    const plot = new uPlot(
      optionsOf({ lines, width: box.clientWidth, onset, marked, tell, wholeTo, setAt }),
      data,
      box,
    );
    const observer = new ResizeObserver(() => plot.setSize({ width: box.clientWidth, height }));
    observer.observe(box);
    return () => {
      observer.disconnect();
      plot.destroy();
    };
  }, [lines, colours, onset, marked, tell, wholeTo]);
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
            <b>{valueAt(data[index + 1], at, tell)}</b>
            <span class="muted">{unitOf(line)}</span>
          </li>
        ))}
        <li class="legend-time muted">{at === undefined ? '' : timeOf((data[0][at] ?? 0) * 1000)}</li>
      </ul>
    </>
  );
}

function optionsOf({
  lines,
  width,
  onset,
  marked,
  tell,
  wholeTo,
  setAt,
}: Required<Pick<LineChartProps, 'lines' | 'marked' | 'tell'>> & {
  width: number;
  onset: string | undefined;
  wholeTo: number | undefined;
  setAt: (at: number | undefined) => void;
}): uPlot.Options {
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
    scales: {
      y: { range: (_plot, low, high) => [Math.min(0, low), Math.max(wholeTo ?? 0, high <= 0 ? 1 : high * 1.08)] },
    },
    axes: [
      {
        ...axis,
        grid: { show: false },
        size: 24,
        space: 64,
        values: (_plot, times) => tickTimes(times),
      },
      {
        ...axis,
        size: 44,
        space: 32,
        ...(wholeTo === undefined ? {} : { incrs: [1, 2, 3] }),
        values: (_plot, values) => values.map(tell),
      },
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
      drawClear: [(plot) => shade(plot, marked, ink('--bad'))],
      draw: [(plot) => markOnset(plot, onset, ink('--ink-3'))],
    },
  };
}

/** Hours and minutes, with seconds where the ticks stand closer than a minute. */
function tickTimes(times: readonly number[]): string[] {
  const close = times.length > 1 && (times[1] ?? 0) - (times[0] ?? 0) < 60;
  return times.map((time) => timeOf(time * 1000).slice(0, close ? 8 : 5));
}

/** Fills the stretches behind the lines; a short one is still seen. */
function shade(plot: uPlot, marked: readonly { from: number; to: number }[], colour: string): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.fillStyle = colour;
  ctx.globalAlpha = 0.14;
  for (const { from, to } of marked) {
    const left = Math.max(bbox.left, plot.valToPos(from / 1000, 'x', true));
    const right = Math.min(bbox.left + bbox.width, plot.valToPos(to / 1000, 'x', true));
    if (right >= bbox.left && left <= bbox.left + bbox.width)
      ctx.fillRect(left, bbox.top, Math.max(2 * devicePixelRatio, right - left), bbox.height);
  }
  ctx.restore();
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

function valueAt(
  values: ArrayLike<number | null | undefined> | undefined,
  at: number | undefined,
  tell: (value: number) => string,
): string {
  if (values === undefined) return '';
  for (let index = at ?? values.length - 1; index >= 0; index -= 1) {
    const value = values[index];
    if (value !== null && value !== undefined) return tell(value);
  }
  return '';
}

function describe(line: ChartSeries, name: string): string {
  const values = line.samples.map((sample) => sample[1]);
  const ends = `from ${numberOf(values[0] ?? 0)} to ${numberOf(values.at(-1) ?? 0)} ${unitOf(line)}`;
  return `${name} ${ends}, highest ${numberOf(Math.max(...values))}`;
}
