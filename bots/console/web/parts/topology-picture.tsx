import type { Topology } from '../../../../domain/entity.ts';
import type { EntityHealth } from '../../server/console-deps.ts';
import { hrefOf } from '../state/route.ts';
import { kindOf, nameOf } from '../state/words.ts';
import { healthWords } from './health-mark.tsx';
import { layeredLayout } from './layered-layout.ts';

const box = { width: 136, height: 44, gapX: 64, gapY: 18, margin: 10 };

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
  const { layers, pairs } = layeredLayout(topology);
  const tallest = Math.max(1, ...layers.map((layer) => layer.length));
  const height = tallest * (box.height + box.gapY) - box.gapY + box.margin * 2;
  const width = layers.length * (box.width + box.gapX) - box.gapX + box.margin * 2;
  const corner = new Map<string, { x: number; y: number }>();
  for (const [layer, ids] of layers.entries()) {
    const step = (height - box.margin * 2) / ids.length;
    for (const [index, id] of ids.entries()) {
      corner.set(id, {
        x: box.margin + layer * (box.width + box.gapX),
        y: box.margin + step * (index + 0.5) - box.height / 2,
      });
    }
  }
  const near = new Set(pairs.filter((pair) => selected !== undefined && pair.includes(selected)).flat());
  return (
    <div class="picture" role="region" aria-label="Picture of who depends on whom" tabIndex={0}>
      <svg
        viewBox={`0 0 ${width} ${height}`}
        width={width}
        height={height}
        class={selected === undefined ? '' : 'has-selected'}
      >
        <g class="edges" aria-hidden="true">
          {pairs.map(([from, to]) => {
            const start = corner.get(from);
            const end = corner.get(to);
            if (start === undefined || end === undefined) return null;
            const state = health[from]?.state === 'bad' && health[to]?.state === 'bad' ? 'edge-bad' : '';
            const lit = selected !== undefined && (from === selected || to === selected) ? 'edge-near' : '';
            return <path key={`${from} ${to}`} class={`edge ${state} ${lit}`} d={curve(start, end)} />;
          })}
        </g>
        {[...corner].map(([id, { x, y }]) => (
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
  const shown = name.length > 14 ? `${name.slice(0, 13)}\u2026` : name;
  return (
    <a
      href={hrefOf('services', id)}
      class={`node node-${state} kind-${kind} ${lit ? '' : 'node-far'} ${chosen ? 'node-chosen' : ''}`}
      aria-label={`${shown} ${kind} ${healthWords[state]}`}
      aria-current={chosen ? 'true' : undefined}
    >
      <g transform={`translate(${x} ${y})`}>
        <path class="node-shape" d={shapeOf(kind)} />
        {(kind === 'database' || kind === 'volume') && (
          <path class="node-rim" d={`M0 7c0 9 ${box.width} 9 ${box.width} 0`} />
        )}
        <circle class="node-sign" cx="18" cy={box.height / 2} r="8.5" />
        <path class="node-letter" transform={`translate(18 ${box.height / 2})`} d={signs[state]} />
        {/* The spaces keep the words apart for who hears them; nothing draws them. */}
        <text class="node-name" x="34" y={box.height / 2 - 2}>
          {shown}
        </text>{' '}
        <text class="node-kind" x="34" y={box.height / 2 + 12}>
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

function curve(start: { x: number; y: number }, end: { x: number; y: number }): string {
  const x1 = start.x + box.width;
  const y1 = start.y + box.height / 2;
  const y2 = end.y + box.height / 2;
  const bend = Math.max(28, Math.abs(end.x - x1) / 2);
  return `M${x1} ${y1}C${x1 + bend} ${y1} ${end.x - bend} ${y2} ${end.x} ${y2}`;
}
