import { entityIdOf } from '../../../domain/entity.ts';
import type { LogRecord, Resource } from '../../../domain/signal.ts';
import { memberOf } from '../../../infra/runtime/member-of.ts';
import type { Failed } from './check.ts';
import { createCheck } from './check.ts';
import type { Cluster } from './cluster.ts';
import { isReady, restartsOf, statusesOf } from './cluster.ts';
import { listAt, textAt } from './fields.ts';
import { portsOf } from './probes-of.ts';

/** What a container said, in its state or its last log lines, before it ended. First match wins. */
const lastWords: readonly { pattern: RegExp; kind: string; says: string }[] = [
  {
    pattern: /OOM-?killed|memory limit too low|cannot allocate memory|java heap space|OutOfMemory/i,
    kind: 'out-of-memory',
    says: 'it needs more memory than its limit',
  },
  {
    pattern: /address already in use|EADDRINUSE|port \d+ (was |is )?already in use|failed to bind to? .*port/i,
    kind: 'port-conflict',
    says: 'its port is taken',
  },
  {
    pattern:
      /(permission denied|operation not permitted|EACCES|read-only file system|EROFS).{0,120}|can't open.{0,80}permission/i,
    kind: 'volume-permission-denied',
    says: 'it may not write where it must',
  },
];

/** Containers that end again and again, told apart by how they ended and by their last words. */
export const checkExits = createCheck(
  {
    name: 'exits',
    rule: 'A container was killed for memory, or keeps ending. Its exit reason, its message and its last log lines name the mechanism; without them it is only a crash loop.',
    refutedBy: 'The pod is ready and was not started anew.',
  },
  (cluster) => cluster.of('Pod').flatMap((pod) => exits(cluster, pod)),
);

function exits(cluster: Cluster, pod: Resource): Failed[] {
  const entity = entityIdOf('service', cluster.appOf(pod));
  const statuses = statusesOf(pod);
  const killed = statuses.find((status) =>
    ['state', 'lastState'].some((key) => textAt(status, key, 'terminated', 'reason') === 'OOMKilled'),
  );
  if (killed !== undefined && (!isReady(pod) || restartsOf(pod) > 1))
    return [
      {
        entity,
        faultKind: 'out-of-memory',
        statement: `a container of ${pod.name} was killed for memory (limit ${limitOf(pod, textAt(killed, 'name'))})`,
        severity: 0.9,
        objects: [pod],
      },
    ];
  if (isReady(pod)) return [];
  const looping = statuses.find(isLooping);
  const printed = textAt(pod.object, 'status', 'printed');
  if (printed === 'OOMKilled')
    return [
      {
        entity,
        faultKind: 'out-of-memory',
        statement: `${pod.name} was killed for memory`,
        severity: 0.9,
        objects: [pod],
      },
    ];
  const said = [
    textAt(looping, 'state', 'waiting', 'message'),
    textAt(looping, 'state', 'terminated', 'message'),
    textAt(looping, 'lastState', 'terminated', 'message'),
    ...cluster.eventsOf(pod).map(({ object }) => textAt(object, 'message')),
  ].filter((text) => text !== '' && !text.startsWith('Back-off'));
  // A pod that only waits has nothing to say of its end; what kept a container from starting stands in its events.
  const ended = looping !== undefined || /CrashLoop|Error/.test(printed);
  const lines = ended ? cluster.logsOf(cluster.appOf(pod)) : [];
  for (const { pattern, kind, says } of lastWords) {
    const line =
      said.find((text) => pattern.test(text)) ??
      lines.find((record: LogRecord) => pattern.test(record.message))?.message;
    if (line !== undefined)
      return [
        {
          entity,
          faultKind: kind,
          statement: `${pod.name} ${ended ? 'keeps ending' : 'does not start'}: ${says}`,
          excerpt: around(line, pattern),
          severity: 0.88,
          objects: [pod],
        },
      ];
  }
  const conflict = takenPort(pod);
  if (conflict !== undefined)
    return [
      { entity, faultKind: 'port-conflict', statement: `${pod.name}: ${conflict}`, severity: 0.85, objects: [pod] },
    ];
  if (!ended) return [];
  return [
    {
      entity,
      faultKind: 'crash-loop',
      statement: `${pod.name} keeps ending`,
      ...(said[0] === undefined ? {} : { excerpt: said[0] }),
      severity: 0.3,
      objects: [pod],
    },
  ];
}

/** A port that two containers of a pod claim, or that the sidecar of a mesh is told to use. */
function takenPort(pod: Resource): string | undefined {
  const claimed = listAt(pod.object, 'spec', 'containers').flatMap((container) =>
    portsOf(container).map(({ port }) => ({ port, name: textAt(container, 'name') })),
  );
  const twice = claimed.find((one) => claimed.some((other) => other.port === one.port && other.name !== one.name));
  if (twice !== undefined) return `two containers claim port ${twice.port}`;
  const sidecar = Number(
    /statusPort"?:\s*(\d+)/.exec(textAt(pod.object, 'metadata', 'annotations', 'proxy.istio.io/config'))?.[1],
  );
  return claimed.some(({ port }) => port === sidecar) ? `its sidecar claims port ${sidecar} too` : undefined;
}

function isLooping(status: unknown): boolean {
  const waits = textAt(status, 'state', 'waiting', 'reason');
  const ended = textAt(status, 'lastState', 'terminated', 'reason');
  const code = Number(textAt(status, 'lastState', 'terminated', 'exitCode') || 0);
  if (/CrashLoopBackOff|RunContainerError|StartError/.test(waits)) return true;
  return (
    textAt(status, 'restartCount') !== '0' && memberOf(status, 'ready') === false && (code !== 0 || ended === 'Error')
  );
}

function limitOf(pod: Resource, container: string): string {
  const spec = listAt(pod.object, 'spec', 'containers').find((one) => textAt(one, 'name') === container);
  return textAt(spec, 'resources', 'limits', 'memory') || 'of the node';
}

function around(line: string, pattern: RegExp): string {
  const at = pattern.exec(line)?.index ?? 0;
  return line.slice(Math.max(0, at - 120), at + 180);
}
