import { describe, it } from 'vitest';
import type { LogRecord, Resource } from '../../../domain/signal.ts';
import type { CheckCase } from './checks.conformance.ts';
import { expectCheck } from './checks.conformance.ts';
import { anEvent, aPod } from './fake-cluster-objects.ts';

const line = (app: string, message: string): LogRecord => ({
  at: '2026-03-01T10:00:00.000Z',
  entity: `service:${app}`,
  level: 'error',
  message,
});
const waiting = (app: string, reason: string, message = ''): Resource =>
  aPod(app, {
    ready: false,
    status: {
      containerStatuses: [{ name: 'main', ready: false, restartCount: 0, state: { waiting: { reason, message } } }],
    },
  });
const looping = (app: string, more: Parameters<typeof aPod>[1] = {}): Resource =>
  aPod(app, {
    ready: false,
    ...more,
    status: {
      containerStatuses: [
        {
          name: 'main',
          ready: false,
          restartCount: 4,
          state: { waiting: { reason: 'CrashLoopBackOff' } },
          lastState: { terminated: { reason: 'Error', exitCode: 1 } },
        },
      ],
    },
  });
const probed = (probe: object, event: string): Resource[] => {
  const pod = aPod('cart', { ready: false, container: { readinessProbe: probe } });
  return [pod, anEvent(pod, 'Unhealthy', event)];
};
const killed = (probe: object, event: string): Resource[] => {
  const pod = aPod('cart', {
    container: { livenessProbe: probe },
    status: { containerStatuses: [{ name: 'main', ready: true, restartCount: 3 }] },
  });
  return [
    pod,
    anEvent(pod, 'Killing', 'Container main failed liveness probe, will be restarted'),
    anEvent(pod, 'Unhealthy', event),
  ];
};

const cases: CheckCase[] = [
  {
    says: 'an image that does not exist',
    broken: [
      waiting('cart', 'ErrImagePull', 'failed to resolve reference "r.example/cart:v9": r.example/cart:v9: not found'),
    ],
    expected: ['service:cart', 'image-not-found'],
    refuted: [aPod('cart')],
  },
  {
    says: 'a registry that refuses',
    broken: [waiting('cart', 'ImagePullBackOff', 'failed to authorize: unexpected status: 403 Forbidden')],
    expected: ['service:cart', 'image-pull-denied'],
    refuted: [aPod('cart')],
  },
  {
    says: 'a registry whose name does not resolve',
    broken: [waiting('cart', 'ErrImagePull', 'dial tcp: lookup registry.example on 10.0.0.2:53: no such host')],
    expected: ['service:cart', 'registry-unresolvable'],
    refuted: [aPod('cart')],
  },
  {
    says: 'a secret that is missing',
    broken: [
      waiting('cart', 'CreateContainerConfigError'),
      anEvent(aPod('cart'), 'Failed', 'Error: secret "cart-db" not found'),
    ],
    expected: ['service:cart', 'secret-missing'],
    refuted: [aPod('cart'), anEvent(aPod('cart'), 'Failed', 'Error: secret "cart-db" not found')],
  },
  {
    says: 'a start refused for memory',
    broken: [
      waiting('cart', 'ContainerCreating'),
      anEvent(aPod('cart'), 'FailedCreatePodSandBox', 'container init was OOM-killed (memory limit too low?)'),
    ],
    expected: ['service:cart', 'out-of-memory'],
    refuted: [aPod('cart')],
  },
  {
    says: 'a port that is taken',
    broken: [looping('cart')],
    logs: [line('cart', 'Port 8080 is already in use')],
    expected: ['service:cart', 'port-conflict'],
    refuted: [aPod('cart')],
    refutedLogs: [line('cart', 'Port 8080 is already in use')],
  },
  {
    says: 'a volume that refuses writes',
    broken: [looping('cart')],
    logs: [line('cart', "Can't open the append-only file: Permission denied")],
    expected: ['service:cart', 'volume-permission-denied'],
    refuted: [aPod('cart')],
    refutedLogs: [line('cart', 'Permission denied')],
  },
  {
    says: 'a readiness probe on a wrong port',
    broken: probed(
      { tcpSocket: { port: 9090 } },
      'Readiness probe failed: dial tcp 10.0.0.9:9090: connect: connection refused',
    ),
    expected: ['service:cart', 'readiness-probe-wrong-port'],
    refuted: [aPod('cart', { container: { readinessProbe: { tcpSocket: { port: 9090 } } } })],
  },
  {
    says: 'a readiness probe of a wrong protocol',
    broken: probed({ httpGet: { port: 8080, path: '/' } }, 'Readiness probe failed: malformed HTTP response "\\x00"'),
    expected: ['service:cart', 'readiness-probe-wrong-protocol'],
    refuted: [aPod('cart')],
  },
  {
    says: 'a liveness probe that kills too soon',
    broken: killed(
      { tcpSocket: { port: 8080 }, initialDelaySeconds: 1, periodSeconds: 1, failureThreshold: 1 },
      'Liveness probe failed: timeout',
    ),
    expected: ['service:cart', 'liveness-probe-too-eager'],
    refuted: [
      aPod('cart', {
        container: {
          livenessProbe: { tcpSocket: { port: 8080 }, initialDelaySeconds: 1, periodSeconds: 1, failureThreshold: 1 },
        },
      }),
    ],
  },
];

describe('checks of containers that do not run', () => {
  it.each(cases)('tell $says, and not where it is refuted', (one) => expectCheck(one));
});
