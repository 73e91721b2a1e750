import { z } from 'zod';
import { topology as topologySchema } from '../../domain/entity.ts';
import type { Topology } from '../../domain/entity.ts';
import { span } from '../../domain/signal.ts';
import type { Window } from '../../domain/time.ts';
import { topologyFromSpans } from '../../detection/traces/topology-from-spans.ts';
import type { ReadDeps } from './read-deps.ts';
import { mergeTopologies } from './topology-view.ts';

const stored = z.object({ topology: topologySchema });
const spans = z.object({ spans: z.array(span) });

/** The topology of a window: what the source knows, joined with what evidence (topologies, spans) shows. Says which parts it came from. */
export async function readTopology(
  deps: ReadDeps,
  window: Window,
  evidence: readonly string[],
  signal: AbortSignal,
): Promise<{ topology: Topology; from: string[] }> {
  const parts: Topology[] = [];
  const from: string[] = [];
  const result = await deps.sources.topology?.read(window, signal);
  if (result?.status === 'ok') {
    parts.push(...result.items);
    from.push(deps.sources.topology?.name ?? 'topology');
  }
  for (const id of evidence) {
    const part = topologyIn(deps.evidence.get(id) === undefined ? undefined : deps.evidence.raw(id));
    if (part === undefined) continue;
    parts.push(part);
    from.push(id);
  }
  return { topology: mergeTopologies(parts), from };
}

function topologyIn(raw: unknown): Topology | undefined {
  const whole = stored.safeParse(raw);
  if (whole.success) return whole.data.topology;
  const traced = spans.safeParse(raw);
  return traced.success ? topologyFromSpans(traced.data.spans) : undefined;
}
