import { describe, it } from 'vitest';
import type { LogRecord, Resource } from '../../../domain/signal.ts';
import type { CheckCase } from './checks.conformance.ts';
import { expectCheck } from './checks.conformance.ts';
import { aDeployment, aNode, anObject, aPod, aService } from './fake-cluster-objects.ts';

const line = (app: string, message: string): LogRecord => ({
  at: '2026-03-01T10:00:00.000Z',
  entity: `service:${app}`,
  level: 'error',
  message,
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
const gateway = (target: string): Resource =>
  anObject('ConfigMap', 'gateway', {
    data: {
      'application.yml': `spring:\n  cloud:\n    gateway:\n      routes:\n        - id: cart\n          uri: lb://${target}\n          predicates:\n            - Path=/api/v1/cartservice/**\n`,
    },
  });
const calls = (address: string): Resource =>
  aDeployment('front', { container: { env: [{ name: 'CART_SERVICE_ADDR', value: address }] } });
const store = [
  aDeployment('cart', { container: { envFrom: [{ secretRef: { name: 'cart-db' } }] } }),
  anObject('Secret', 'cart-db', { stringData: { DB_HOST: 'store', DB_PORT: '3306' } }),
  aService('store', { ports: [{ port: 3306, targetPort: 3306 }] }),
  aDeployment('store', { container: { ports: [{ containerPort: 3306 }] } }),
  aPod('store', { container: { ports: [{ containerPort: 3306 }] } }),
];

const cases: CheckCase[] = [
  {
    says: 'a selector that fits no pod',
    broken: [aService('cart', { selector: { application: 'cart' } }), aDeployment('cart'), aPod('cart')],
    expected: ['service:cart', 'selector-mismatch'],
    refuted: [aService('leftover', { selector: { application: 'gone' } }), aPod('cart')],
  },
  {
    says: 'a target port that the pods do not have',
    broken: [aService('cart', { ports: [{ port: 80, targetPort: 9999 }] }), aPod('cart')],
    expected: ['service:cart', 'port-mismatch'],
    refuted: [
      aService('cart', { ports: [{ port: 80, targetPort: 9999 }] }),
      aPod('cart'),
      anObject('ConnectionTest', 'cart:80', { service: 'cart', port: 80, result: 'open' }),
    ],
  },
  {
    says: 'a protocol that the pods do not speak',
    broken: [aService('cart', { ports: [{ port: 80, targetPort: 8080, protocol: 'UDP' }] }), aPod('cart')],
    expected: ['service:cart', 'protocol-mismatch'],
    refuted: [aService('cart'), aPod('cart')],
  },
  {
    says: 'no replicas',
    broken: [aDeployment('cart', { spec: { replicas: 0 } })],
    expected: ['service:cart', 'zero-replicas'],
    refuted: [aDeployment('cart')],
  },
  {
    says: 'a misspelt address',
    broken: [calls('cartt:80'), aService('cart'), aPod('cart')],
    expected: ['service:front', 'wrong-address'],
    refuted: [calls('assistant:80'), aService('cart'), aPod('cart')],
  },
  {
    says: 'a port that the called service does not offer',
    broken: [calls('cart:81'), aService('cart'), aPod('cart')],
    expected: ['service:front', 'wrong-address'],
    refuted: [calls('cart:80'), aService('cart'), aPod('cart')],
  },
  {
    says: 'a database port that is not there',
    broken: [
      ...store.filter(({ kind }) => kind !== 'Secret'),
      anObject('Secret', 'cart-db', { stringData: { DB_HOST: 'store', DB_PORT: '3307' } }),
    ],
    expected: ['service:cart', 'wrong-database-address'],
    refuted: store,
  },
  {
    says: 'a route to a service that does not exist',
    broken: [gateway('nowhere'), aService('cart'), aPod('cart')],
    expected: ['service:cart', 'route-misconfigured'],
    refuted: [gateway('cart'), aService('cart'), aPod('cart')],
  },
  {
    says: 'a name server that does not know the cluster',
    broken: [
      aDeployment('cart', { podSpec: { dnsPolicy: 'None', dnsConfig: { nameservers: ['10.9.9.9'] } } }),
      looping('cart'),
    ],
    expected: ['service:cart', 'dns-failure'],
    refuted: [aDeployment('cart'), aPod('cart')],
  },
  {
    says: 'refused credentials',
    broken: [...store, looping('cart')],
    logs: [line('cart', "Access denied for user 'shop'@'10.0.0.9'")],
    expected: ['service:cart', 'credentials-invalid'],
    refuted: [...store, aPod('cart')],
    refutedLogs: [line('cart', "Access denied for user 'shop'@'10.0.0.9'")],
  },
  {
    says: 'a spent connection limit',
    broken: [...store, looping('cart')],
    logs: [line('cart', 'SQLNonTransientConnectionException: Too many connections')],
    expected: ['service:store', 'connection-limit'],
    refuted: store,
  },
  {
    says: 'a database in read-only mode',
    broken: store,
    logs: [line('cart', 'The server is running with the --read-only option so it cannot execute this statement')],
    expected: ['service:store', 'database-read-only'],
    refuted: store,
  },
  {
    says: 'a policy that lets nothing in',
    broken: [
      aPod('cart'),
      anObject('NetworkPolicy', 'closed', {
        spec: { podSelector: { matchLabels: { app: 'cart' } }, policyTypes: ['Ingress'] },
      }),
    ],
    expected: ['service:cart', 'network-policy-blocks'],
    refuted: [
      aPod('cart'),
      anObject('NetworkPolicy', 'closed', {
        spec: { podSelector: { matchLabels: { app: 'cart' } }, policyTypes: ['Ingress'] },
      }),
      anObject('ConnectionTest', 'cart:80', { service: 'cart', port: 80, result: 'open' }),
    ],
  },
  {
    says: 'a kubelet that is dead',
    broken: [
      {
        kind: 'NodeService',
        name: 'node-a/kubelet',
        object: { node: 'node-a', service: 'kubelet', active: 'inactive' },
      },
    ],
    expected: ['node:node-a', 'kubelet-down'],
    refuted: [
      { kind: 'NodeService', name: 'node-a/kubelet', object: { node: 'node-a', service: 'kubelet', active: 'active' } },
    ],
  },
  {
    says: 'a node under pressure',
    broken: [aNode('node-a', { status: { conditions: [{ type: 'DiskPressure', status: 'True' }] } })],
    expected: ['node:node-a', 'node-pressure'],
    refuted: [aNode('node-a')],
  },
  {
    says: 'a job that gave up',
    broken: [
      anObject('Job', 'import-1', {
        status: { conditions: [{ type: 'Failed', status: 'True', reason: 'BackoffLimitExceeded' }] },
      }),
    ],
    expected: ['service:import-1', 'job-failed'],
    refuted: [anObject('Job', 'import-1', { status: { conditions: [{ type: 'Complete', status: 'True' }] } })],
  },
  {
    says: 'an autoscaler without a target',
    broken: [
      aDeployment('cart'),
      anObject('HorizontalPodAutoscaler', 'scaler', {
        spec: { scaleTargetRef: { kind: 'Deployment', name: 'carts' } },
      }),
    ],
    expected: ['service:carts', 'autoscaler-stuck'],
    refuted: [
      aDeployment('cart'),
      anObject('HorizontalPodAutoscaler', 'scaler', { spec: { scaleTargetRef: { kind: 'Deployment', name: 'cart' } } }),
    ],
  },
  {
    says: 'a webhook that nobody answers',
    broken: [
      aService('cart'),
      anObject('ValidatingWebhookConfiguration', 'guard', {
        webhooks: [{ name: 'guard.example', clientConfig: { service: { name: 'guard', namespace: 'shop' } } }],
      }),
    ],
    expected: ['service:guard', 'admission-refused'],
    refuted: [
      aService('cart'),
      anObject('ValidatingWebhookConfiguration', 'guard', {
        webhooks: [
          {
            name: 'guard.example',
            failurePolicy: 'Ignore',
            clientConfig: { service: { name: 'guard', namespace: 'shop' } },
          },
        ],
      }),
    ],
  },
  {
    says: 'a gateway route that is not accepted',
    broken: [
      anObject('HTTPRoute', 'web', {
        status: { parents: [{ conditions: [{ type: 'Accepted', status: 'False', reason: 'NotAllowedByListeners' }] }] },
      }),
    ],
    expected: ['gateway:shop/web', 'route-misconfigured'],
    refuted: [
      anObject('HTTPRoute', 'web', { status: { parents: [{ conditions: [{ type: 'Accepted', status: 'True' }] }] } }),
    ],
  },
];

describe('checks of services, addresses, databases and nodes', () => {
  it.each(cases)('tell $says, and not where it is refuted', (one) => expectCheck(one));
});
