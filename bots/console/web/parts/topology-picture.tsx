import { useEffect, useRef } from 'preact/hooks';
import type { Topology } from '../../../../domain/entity.ts';
import type { EntityHealth } from '../../server/console-deps.ts';
import { hrefOf } from '../state/route.ts';
import { kindOf, nameOf } from '../state/words.ts';
import { healthWords } from './health-mark.tsx';
import { isBend, layeredLayout } from './layered-layout.ts';

const box = { width: 154, height: 44, gapX: 58, gapY: 18, margin: 10, bend: 14 };

/** The letters of health as lines around the middle of their circle. */
const signs = {
  ok: 'M-3.500 0.300-1 2.800 3.500-2.500',
  warn: 'M0-4v4.500M0 3.600v0.100',
  bad: 'M-2.800-2.800 2.800 2.800M2.800-2.800-2.800 2.800',
  unknown: 'M-2-2.200a2.050 2.050 0 1 1 2.900 2.050Q0 0.300 0 1.200M0 3.800v0.100',
} as const;

interface TopologyPictureProps {
  topology: Topology;
  health: Record<string, EntityHealth>;
  selected?: string | undefined;
}

/** Who depends on whom, drawn from left to right. Kinds differ by shape, health by colour and letter; each entity is a link that selects it. */
export function TopologyPicture({ topology, health, selected }: TopologyPictureProps) {
  const { layers, edges } = layeredLayout(topology);
  const { width, height, corners } = place(layers);
  const near = new Set(
    edges.filter(({ from, to }) => from === selected || to === selected).flatMap(({ from, to }) => [from, to]),
  );
  const frame = useRef<HTMLDivElement>(null);
  const chosen = selected === undefined ? undefined : corners.get(selected);
  useEffect(() => {
    const view = frame.current;
    if (view === null || chosen === undefined) return;
    view.scrollTo({
      left: chosen.x - (view.clientWidth - box.width) / 2,
      top: chosen.y - (view.clientHeight - box.height) / 2,
    });
  }, [selected, chosen?.x, chosen?.y]);
  return (
    <div ref={frame} class="picture" role="region" aria-label="Picture of who depends on whom" tabIndex={0}>
      <svg
        viewBox={`0 0 ${width} ${height}`}
        width={width}
        height={height}
        class={selected === undefined ? '' : 'has-selected'}
      >
        <g class="edges" aria-hidden="true">
          {edges.map(({ from, to, via }) => {
            const state = health[from]?.state === 'bad' && health[to]?.state === 'bad' ? 'edge-bad' : '';
            const lit = from === selected || to === selected ? 'edge-near' : '';
            return <path key={`${from} ${to}`} class={`edge ${state} ${lit}`} d={line(via, corners)} />;
          })}
        </g>
        {[...corners]
          .filter(([id]) => !isBend(id))
          .map(([id, { x, y }]) => (
            <Node
              key={id}
              id={id}
              x={x}
              y={y}
              state={health[id]?.state ?? 'unknown'}
              lit={selected === undefined || id === selected || near.has(id)}
              chosen={id === selected}
            />
          ))}
      </svg>
    </div>
  );
}

function Node({
  id,
  x,
  y,
  state,
  lit,
  chosen,
}: {
  id: string;
  x: number;
  y: number;
  state: EntityHealth['state'];
  lit: boolean;
  chosen: boolean;
}) {
  const kind = kindOf(id);
  const name = nameOf(id);
  const tall = kind === 'database' || kind === 'volume';
  const middle = box.height / 2 + (tall ? 4 : 0);
  const shown = name.length > 16 ? `${name.slice(0, 15)}\u2026` : name;
  return (
    <a
      href={hrefOf('services', id)}
      class={`node node-${state} kind-${kind} ${lit ? '' : 'node-far'} ${chosen ? 'node-chosen' : ''}`}
      aria-label={`${shown} ${kind} ${healthWords[state]}`}
      aria-current={chosen ? 'true' : undefined}
    >
      <g transform={`translate(${x} ${y})`}>
        <path class="node-shape" d={shapeOf(kind)} />
        {tall && <path class="node-rim" d={`M0 7c0 9 ${box.width} 9 ${box.width} 0`} />}
        <circle class="node-sign" cx="18" cy={middle} r="8.5" />
        <path class="node-letter" transform={`translate(18 ${middle})`} d={signs[state]} />
        {/* The spaces keep the words apart for who hears them; nothing draws them. */}
        <text class="node-name" x="34" y={middle - 2}>
          {shown}
        </text>{' '}
        <text class="node-kind" x="34" y={middle + 12}>
          {kind}
        </text>{' '}
      </g>
    </a>
  );
}

function shapeOf(kind: string): string {
  const { width: w, height: h } = box;
  if (kind === 'database' || kind === 'volume') return `M0 7C0-2 ${w}-2 ${w} 7V${h - 7}c0 9-${w} 9-${w} 0z`;
  if (kind === 'cache' || kind === 'config')
    return `M10 0H${w - 10}L${w} 10V${h - 10}L${w - 10} ${h}H10L0 ${h - 10}V10z`;
  if (kind === 'queue') return roundRect(w, h, h / 2);
  return roundRect(w, h, kind === 'external' ? 2 : 9);
}

function roundRect(w: number, h: number, r: number): string {
  return `M${r} 0H${w - r}a${r} ${r} 0 0 1 ${r} ${r}V${h - r}a${r} ${r} 0 0 1-${r} ${r}H${r}a${r} ${r} 0 0 1-${r}-${r}V${r}a${r} ${r} 0 0 1 ${r}-${r}z`;
}

interface Corner {
  x: number;
  y: number;
}

function place(layers: readonly string[][]): { width: number; height: number; corners: Map<string, Corner> } {
  const heightOf = (id: string): number => (isBend(id) ? box.bend : box.height);
  const lengthOf = (ids: readonly string[]): number =>
    ids.reduce((sum, id) => sum + heightOf(id) + box.gapY, -box.gapY);
  const tallest = Math.max(box.height, ...layers.map(lengthOf));
  const corners = new Map<string, Corner>();
  for (const [layer, ids] of layers.entries()) {
    const spare = (tallest - lengthOf(ids)) / (ids.length + 1);
    let y = box.margin + spare;
    for (const id of ids) {
      corners.set(id, { x: box.margin + layer * (box.width + box.gapX), y });
      y += heightOf(id) + box.gapY + spare;
    }
  }
  const width = layers.length * (box.width + box.gapX) - box.gapX + box.margin * 2;
  return { width, height: tallest + box.margin * 2, corners };
}

function line(via: readonly string[], corners: ReadonlyMap<string, Corner>): string {
  let path = '';
  let end: Corner | undefined;
  for (const id of via) {
    const corner = corners.get(id);
    if (corner === undefined) continue;
    const y = corner.y + (isBend(id) ? box.bend : box.height) / 2;
    if (end === undefined) path += `M${corner.x + box.width} ${y}`;
    else path += curve(end, { x: corner.x, y });
    if (isBend(id)) path += `H${corner.x + box.width}`;
    end = { x: corner.x + box.width, y };
  }
  return path;
}

function curve(start: Corner, end: Corner): string {
  const bend = Math.max(26, Math.abs(end.x - start.x) / 2);
  return `C${start.x + bend} ${start.y} ${end.x - bend} ${end.y} ${end.x} ${end.y}`;
}
