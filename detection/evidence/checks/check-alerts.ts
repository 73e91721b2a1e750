import { entityIdOf } from '../../../domain/entity.ts';
import type { Finding, SignalRole } from '../../../domain/finding.ts';
import type { Resource } from '../../../domain/signal.ts';
import { clamp } from '../signals/robust-statistics.ts';
import { makeFinding } from '../signals/make-finding.ts';
import type { Check } from './check.ts';
import { slowNodes } from './slow-nodes.ts';
import { listAt, numberAt, textAt } from './fields.ts';

/** What an alert says it measured: role, aspect, and which way is bad. The aspect `alerted` tells it from what was measured here. */
const measures: readonly { pattern: RegExp; role: SignalRole; aspect: string; direction: 'up' | 'down' }[] = [
  { pattern: /retrans/i, role: 'network', aspect: 'retransmissions', direction: 'up' },
  { pattern: /packet.?loss|drop(ped)? packets/i, role: 'network', aspect: 'retransmissions', direction: 'up' },
  { pattern: /throttl|cfs/i, role: 'cpu', aspect: 'throttled', direction: 'up' },
  { pattern: /\bcpu\b/i, role: 'cpu', aspect: 'alerted', direction: 'up' },
  { pattern: /memory|\bmem\b/i, role: 'memory', aspect: 'alerted', direction: 'up' },
  { pattern: /latency|duration|response time/i, role: 'latency', aspect: 'alerted', direction: 'up' },
  { pattern: /success.?rate/i, role: 'errors', aspect: 'alerted', direction: 'up' },
  { pattern: /error/i, role: 'errors', aspect: 'alerted', direction: 'up' },
  { pattern: /rps|throughput|requests?\b/i, role: 'traffic', aspect: 'alerted', direction: 'down' },
];

/** Alerts that state a normal and a current level: measured departures, also where the metrics themselves are not at hand. */
export const checkAlerts: Check = {
  name: 'alerts',
  rule: 'An alert that quotes what is normal and what is now is a departure of that signal at its entity, by the ratio of the two.',
  refutedBy: 'The metric itself shows no departure, or the alert is resolved.',
  run: (cluster) => {
    const departures = cluster.of('Alert').flatMap(departuresOf);
    return [...departures, ...slowNodes(cluster, departures)];
  },
};

function departuresOf(alert: Resource): Finding[] {
  const about = textAt(alert.object, 'about');
  const entity = entityIdOf(textAt(alert.object, 'kind') === 'Node' ? 'node' : 'service', about);
  const from = textAt(alert.object, 'from');
  const best = new Map<string, Finding>();
  for (const one of listAt(alert.object, 'measures')) {
    const name = textAt(one, 'name');
    const measure = measures.find(({ pattern }) => pattern.test(name));
    const current = numberAt(one, 'current');
    if (measure === undefined || current === undefined) continue;
    const normal = numberAt(one, 'normal') ?? 0;
    const ratio = normal === 0 ? 10 : current / normal;
    const strength = clamp(Math.abs(Math.log10(Math.max(1e-3, ratio))), 0.1, 2);
    const finding = makeFinding({
      kind: 'anomaly',
      entity,
      signal: { type: 'metric', role: measure.role, name: name.slice(0, 160) },
      statement: `${name} of ${about} is ${current}${normal === 0 ? '' : ` where ${normal} is normal`}`.slice(0, 300),
      direction: measure.direction,
      ...(Number.isFinite(Date.parse(from)) ? { onset: from } : {}),
      effect: { baseline: normal, observed: current, size: clamp(10 * strength, -99, 99), ratio },
      severity: clamp(0.3 + 0.3 * strength, 0, 0.9),
      data: { check: 'alerts', aspect: measure.aspect, objects: [`Alert ${alert.name}`] },
    });
    const key = `${measure.role}/${measure.aspect}`;
    if ((best.get(key)?.severity ?? -1) < finding.severity) best.set(key, finding);
  }
  return [...best.values()];
}
