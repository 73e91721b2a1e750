import { z } from 'zod';
import { diagnosis } from '../../domain/diagnosis.ts';
import { entityNameOf } from '../../domain/entity.ts';
import type { FiredAlert } from '../../domain/signal.ts';
import type { Window } from '../../domain/time.ts';
import { diagnoseStorm } from '../../detection/diagnosis/storm/diagnose-storm.ts';
import type { StormAlert } from '../../detection/diagnosis/storm/storm-alert.ts';
import { isoOf, msOf } from '../../infra/runtime/clock.ts';
import type { Tool } from '../tool.ts';
import { notConnected } from './not-connected.ts';
import type { ReadDeps } from './read-deps.ts';
import { windowField, windowText } from './request-fields.ts';
import { mergeTopologies } from './topology-view.ts';

/** How far back alerts tell what is usual at a site. */
const historyMs = 366 * 86_400_000;
/** Most alerts that are read; of more the latest count. */
const mostAlerts = 200_000;

const input = z.strictObject({ window: windowField });
const output = z.object({ diagnosis, alerts: z.number().int(), incidents: z.number().int() });

/** Ranks causes from alerts alone: those that fired within the window, against all earlier and later incidents that are remembered. */
export function createRankAlerts(deps: Pick<ReadDeps, 'sources'>): Tool<z.infer<typeof input>, z.infer<typeof output>> {
  return {
    name: 'rank_alerts',
    description:
      'Diagnoses an alert storm without any telemetry: which entity the alerts of a window point to, by how rare each alert is at this site, what it is made of, who shares it and who calls whom. Use it where no metrics, logs and traces are connected; a cause from alerts alone is never proven.',
    effect: 'read',
    input,
    output,
    async run({ window }, { signal }) {
      const source = deps.sources.alerts;
      if (source === undefined) return notConnected('alerts', 'doors.alerts');
      const read = { from: isoOf(msOf(window.from) - historyMs), to: window.to };
      const result = await source.list(read, signal);
      const { alerts, history } = parted(result.status === 'ok' ? result.items.slice(-mostAlerts) : [], window);
      if (alerts.length === 0)
        return {
          status: 'no-data',
          lookedAt: result.status === 'ok' ? `${source.name}: ${result.items.length} alerts` : result.lookedAt,
          hint: `No alert fired within ${windowText(window)}.`,
        };
      const known = await deps.sources.topology?.read(window, signal);
      const topology = mergeTopologies(known?.status === 'ok' ? known.items : []);
      const found = diagnoseStorm({ alerts, history, topology, window });
      const told = found.hypotheses
        .slice(0, 3)
        .map((one) => `${entityNameOf(one.entity)} ${one.faultKind} (${one.certificate.grade}, ${one.confidence})`);
      return {
        status: 'ok',
        output: { diagnosis: found, alerts: alerts.length, incidents: history.length },
        digest: `${alerts.length} alerts against those of ${history.length} other incidents: ${told.join('; ')}.`.slice(
          0,
          590,
        ),
        kind: 'diagnosis',
        source: source.name,
        window,
        entities: [...new Set(found.hypotheses.slice(0, 3).map(({ entity }) => entity))],
        tainted: true,
      };
    },
  };
}

/** The alerts of the window, and those of incidents that had none in it. */
function parted(all: readonly FiredAlert[], window: Window): { alerts: StormAlert[]; history: StormAlert[][] } {
  const [from, to] = [msOf(window.from), msOf(window.to)];
  const isNow = ({ at }: FiredAlert): boolean => msOf(at) >= from && msOf(at) < to;
  const current = new Set(all.filter(isNow).map(({ incident }) => incident));
  const history = new Map<string, StormAlert[]>();
  for (const alert of all) {
    if (current.has(alert.incident)) continue;
    const incident = history.get(alert.incident);
    if (incident === undefined) history.set(alert.incident, [stormAlertOf(alert)]);
    else incident.push(stormAlertOf(alert));
  }
  return { alerts: all.filter(isNow).map(stormAlertOf), history: [...history.values()] };
}

function stormAlertOf(alert: FiredAlert): StormAlert {
  const { at, incident: _, direction, status, peer, ...rest } = alert;
  return {
    ...rest,
    atMs: msOf(at),
    ...(direction === undefined ? {} : { direction }),
    ...(status === undefined ? {} : { status }),
    ...(peer === undefined ? {} : { peer }),
  };
}
