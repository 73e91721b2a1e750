import { entityIdOf } from '../../domain/entity.ts';
import type { LogRecord, Resource } from '../../domain/signal.ts';
import { memberOf } from '../signals/member-of.ts';
import type { Failed } from './check.ts';
import { createCheck } from './check.ts';
import type { Cluster } from './cluster.ts';
import { isReady, restartsOf, statusesOf } from './cluster.ts';
import { listAt, textAt } from './fields.ts';

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
  if (looping === undefined && !/CrashLoop|Error|OOMKilled/.test(printed)) return [];
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
  const lines = cluster.logsOf(cluster.appOf(pod));
  for (const { pattern, kind, says } of lastWords) {
    const line =
      said.find((text) => pattern.test(text)) ??
      lines.find((record: LogRecord) => pattern.test(record.message))?.message;
    if (line !== undefined)
      return [
        {
          entity,
          faultKind: kind,
          statement: `${pod.name} keeps ending: ${says}`,
          excerpt: around(line, pattern),
          severity: 0.88,
          objects: [pod],
        },
      ];
  }
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
