import { entityIdOf } from '../../../domain/entity.ts';
import type { Edge, Topology } from '../../../domain/entity.ts';
import type { LogRecord, Resource } from '../../../domain/signal.ts';
import { isoOf } from '../../../infra/runtime/clock.ts';

/** Error lines of a service as recorded: patterns with a sample and a count, or lines by container. `now` dates lines that have no time. */
export function readErrorLogs(service: string, recorded: unknown, now: number): LogRecord[] {
  const value = typeof recorded === 'string' ? parsed(recorded) : recorded;
  if (typeof value !== 'object' || value === null) return [];
  const lines: string[] = [];
  for (const [key, inner] of Object.entries(value)) {
    if (!Array.isArray(inner)) continue;
    for (const item of inner) {
      if (typeof item === 'string') lines.push(item);
      else if (key === 'patterns' && typeof item === 'object' && item !== null && 'sample' in item)
        lines.push(String(item.sample));
    }
  }
  return lines
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => ({ ...dated(line, now), entity: entityIdOf('service', service), level: levelOf(line) }));
}

function dated(line: string, now: number): { at: string; message: string } {
  const match = /^(\d{4}-\d{2}-\d{2}T[\d:.]+(?:Z|[+-]\d{2}:\d{2}))\s+/.exec(line);
  const time = Date.parse(match?.[1] ?? '');
  if (match === null || !Number.isFinite(time)) return { at: isoOf(now), message: line.slice(0, 2_000) };
  return { at: isoOf(time), message: line.slice(match[0].length).slice(0, 2_000) };
}

function levelOf(line: string): LogRecord['level'] {
  return /\bWARN(ING)?\b|"severity":"warning"/.test(line) && !/\bERROR\b/.test(line) ? 'warn' : 'error';
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The calls that a dependency tree shows: each line's service calls those that are indented under it. */
export function readDependencies(text: string): Edge[] {
  const edges: Edge[] = [];
  const path: string[] = [];
  const tree = text.split('[Downstream (Calls)]:')[1] ?? '';
  for (const line of tree.split('\n')) {
    const match = /^([│ ├└─\s]*)([a-z0-9][\w.-]*)\s*$/.exec(line);
    if (match?.[2] === undefined) continue;
    const depth = Math.round((match[1] ?? '').length / 4);
    path.length = depth;
    const caller = path[depth - 1];
    path[depth] = match[2];
    if (caller !== undefined)
      edges.push({
        from: entityIdOf('service', caller),
        to: entityIdOf('service', match[2]),
        kind: 'calls',
        source: 'recorded dependencies',
        confidence: 0.9,
      });
  }
  return edges;
}

/** A topology of edges, each once. */
export function topologyOf(edges: readonly Edge[]): Topology {
  const unique = new Map(edges.map((edge) => [`${edge.from}|${edge.to}`, edge]));
  const ids = [...new Set([...unique.values()].flatMap(({ from, to }) => [from, to]))].sort();
  return {
    entities: ids.map((id) => ({ id, kind: 'service', name: id.slice(id.indexOf(':') + 1) })),
    edges: [...unique.values()],
  };
}

/** A recorded connection test as a resource: open when any test reached the port. */
export function readConnectionTest(service: string, port: number, text: string): Resource {
  const open = /succeeded|\bopen\b/i.test(text);
  return {
    kind: 'ConnectionTest',
    name: `${service}:${port}`,
    object: { service, port, result: open ? 'open' : 'failed' },
  };
}

/** Recorded alerts that state levels (`x: Normal=1ms -> Current=9ms`) as resources of kind `Alert`. `offset` is that of the recording's clock. */
export function readAlerts(recorded: unknown, offset: string): Resource[] {
  const alerts =
    typeof recorded === 'object' && recorded !== null && 'alerts' in recorded ? recorded.alerts : undefined;
  if (!Array.isArray(alerts)) return [];
  return alerts.flatMap((alert: unknown, index): Resource[] => {
    if (typeof alert !== 'object' || alert === null || !('evidence' in alert) || !Array.isArray(alert.evidence))
      return [];
    const about = 'name' in alert ? String(alert.name) : '';
    const kind = 'type' in alert ? String(alert.type) : 'Service';
    const range = 'time_range' in alert ? String(alert.time_range) : '';
    const from = Date.parse(`${range.split(' ~ ')[0]?.replace(' ', 'T')}${offset}`);
    const measures = alert.evidence.flatMap((text: unknown) => readMeasures(String(text)));
    if (about === '' || measures.length === 0) return [];
    return [
      {
        kind: 'Alert',
        name: `${about}-${index}`,
        object: { about, kind, ...(Number.isFinite(from) ? { from: isoOf(from) } : {}), measures },
      },
    ];
  });
}

function readMeasures(text: string): { name: string; current: number; normal?: number }[] {
  const title = /\[([^\]]*)\]/.exec(text)?.[1] ?? '';
  const levels = [...text.matchAll(/(?:([\w-]+): )?Normal=([\d.]+)\S* -> Cur(?:rent)?=([\d.]+)/g)];
  if (levels.length > 0)
    return levels.map(([, name = '', normal, current]) => ({
      name: name === '' || /^(In|Out)bound$/.test(name) ? `${title} ${name}`.trim() : name,
      normal: Number(normal),
      current: Number(current),
    }));
  const single = /Val: ([\d.]+)/.exec(text);
  return single === null ? [] : [{ name: title, current: Number(single[1]) }];
}
