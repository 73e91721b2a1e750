import { describe, it } from 'vitest';
import type { Resource } from '../../../domain/signal.ts';
import type { CheckCase } from './checks.conformance.ts';
import { expectCheck } from './checks.conformance.ts';
import { aDeployment, anEvent, aNode, anObject, aPendingPod, aPod } from './fake-cluster-objects.ts';

const quota = (hard: object, used: object): Resource => anObject('ResourceQuota', 'team', { status: { hard, used } });
const replicaSet = anObject('ReplicaSet', 'cart-5d8c7b9f4d', {
  metadata: { labels: { app: 'cart' } },
  spec: { replicas: 1 },
});
const claim = (spec: object, phase = 'Pending'): Resource =>
  anObject('PersistentVolumeClaim', 'data', { spec, status: { phase } });
const volume = (spec: object, labels: object = {}): Resource => ({
  kind: 'PersistentVolume',
  name: 'disk',
  object: {
    metadata: { labels },
    spec: { storageClassName: '', capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], ...spec },
    status: { phase: 'Available' },
  },
});
const claimant = aPod('store', {
  ready: false,
  spec: { nodeName: '', volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }] },
});
const fits = { storageClassName: '', accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };
const refusesPods =
  'pods "x" is forbidden: exceeded quota: team, requested: requests.cpu=2, used: requests.cpu=10, limited: requests.cpu=10';

const cases: CheckCase[] = [
  {
    says: 'a quota that refuses pods',
    broken: [replicaSet, anEvent(replicaSet, 'FailedCreate', refusesPods)],
    expected: ['namespace:shop', 'cpu-quota-exceeded'],
    refuted: [
      replicaSet,
      anEvent(replicaSet, 'FailedCreate', refusesPods),
      {
        ...aPod('cart'),
        object: {
          ...aPod('cart').object,
          metadata: {
            name: 'cart-5d8c7b9f4d-x2x2x',
            namespace: 'shop',
            labels: { app: 'cart' },
            ownerReferences: [{ name: replicaSet.name }],
          },
        },
      },
    ],
  },
  {
    says: 'a service that a full quota keeps away',
    broken: [quota({ services: '3' }, { services: '3' }), anObject('Manifest', 'cart', { kind: 'Service' })],
    expected: ['namespace:shop', 'service-quota-exceeded'],
    refuted: [quota({ services: '4' }, { services: '3' }), anObject('Manifest', 'cart', { kind: 'Service' })],
  },
  {
    says: 'a claim that does not fit the storage quota',
    broken: [
      claimant,
      quota({ 'requests.storage': '2Gi' }, { 'requests.storage': '1.5Gi' }),
      anObject('Manifest', 'data', { kind: 'PersistentVolumeClaim', spec: fits }),
    ],
    expected: ['namespace:shop', 'storage-quota-exceeded'],
    refuted: [
      claimant,
      quota({ 'requests.storage': '3Gi' }, { 'requests.storage': '1Gi' }),
      anObject('Manifest', 'data', { kind: 'PersistentVolumeClaim', spec: fits }),
    ],
  },
  {
    says: 'a service account that is not there',
    broken: [
      replicaSet,
      anEvent(
        replicaSet,
        'FailedCreate',
        'pods "x" is forbidden: error looking up service account shop/cart: serviceaccount "cart" not found',
      ),
    ],
    expected: ['service:cart', 'service-account-missing'],
    refuted: [
      replicaSet,
      anObject('ServiceAccount', 'cart'),
      anEvent(
        replicaSet,
        'FailedCreate',
        'error looking up service account shop/cart: serviceaccount "cart" not found',
      ),
    ],
  },
  {
    says: 'labels that no node has',
    broken: [
      aNode('node-a'),
      ...aPendingPod('cart', "0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector.", {
        nodeSelector: { disk: 'ssd' },
      }),
    ],
    expected: ['service:cart', 'node-selector-mismatch'],
    refuted: [aNode('node-a'), aPod('cart')],
  },
  {
    says: 'an affinity that no node fits, a set-aside control plane aside',
    broken: [
      aNode('node-a'),
      aNode('ruler', { labels: { 'kubernetes.io/role': 'master', zone: 'b' }, spec: { unschedulable: true } }),
      aDeployment('cart', {
        podSpec: {
          affinity: {
            nodeAffinity: {
              requiredDuringSchedulingIgnoredDuringExecution: {
                nodeSelectorTerms: [{ matchExpressions: [{ key: 'zone', operator: 'In', values: ['b'] }] }],
              },
            },
          },
        },
      }),
      ...aPendingPod(
        'cart',
        "0/2 nodes are available: 1 node(s) were unschedulable, 1 node(s) didn't match Pod's node affinity/selector.",
      ),
    ],
    expected: ['service:cart', 'node-affinity-mismatch'],
    refuted: [aNode('node-a'), aPod('cart')],
  },
  {
    says: 'a cordon on the one node that fits',
    broken: [
      aNode('node-a'),
      aNode('node-b', { labels: { disk: 'ssd' }, spec: { unschedulable: true } }),
      ...aPendingPod(
        'cart',
        "0/2 nodes are available: 1 node(s) didn't match Pod's node affinity/selector, 1 node(s) were unschedulable.",
        { nodeSelector: { disk: 'ssd' } },
      ),
    ],
    expected: ['service:cart', 'nodes-cordoned'],
    refuted: [aNode('node-b', { labels: { disk: 'ssd' } }), aPod('cart')],
  },
  {
    says: 'a taint that is not tolerated',
    broken: [
      aNode('node-a', { spec: { taints: [{ key: 'gpu', value: 'yes', effect: 'NoSchedule' }] } }),
      ...aPendingPod('cart', '0/1 nodes are available: 1 node(s) had untolerated taint {gpu: yes}.'),
    ],
    expected: ['service:cart', 'taint-not-tolerated'],
    refuted: [aNode('node-a'), aPod('cart')],
  },
  {
    says: 'more CPU than any node has',
    broken: aPendingPod('cart', '0/4 nodes are available: 1 node(s) were unschedulable, 3 Insufficient cpu.'),
    expected: ['service:cart', 'insufficient-cpu'],
    refuted: [aPod('cart')],
  },
  {
    says: 'a claim larger than the volume',
    broken: [claimant, claim({ ...fits, resources: { requests: { storage: '5Gi' } } }), volume({})],
    expected: ['service:store', 'claim-capacity-mismatch'],
    refuted: [claim(fits, 'Bound'), volume({})],
  },
  {
    says: 'an access mode that the volume lacks',
    broken: [claimant, claim({ ...fits, accessModes: ['ReadWriteMany'] }), volume({})],
    expected: ['service:store', 'claim-access-mode-mismatch'],
    refuted: [claim(fits, 'Bound'), volume({})],
  },
  {
    says: 'labels that the volume does not carry',
    broken: [claimant, claim({ ...fits, selector: { matchLabels: { env: 'prod' } } }), volume({}, { env: 'test' })],
    expected: ['service:store', 'claim-selector-mismatch'],
    refuted: [claim(fits, 'Bound'), volume({})],
  },
  {
    says: 'a storage class that no volume has',
    broken: [claimant, claim({ ...fits, storageClassName: 'fast' }), volume({})],
    expected: ['service:store', 'claim-class-mismatch'],
    refuted: [claim(fits, 'Bound'), volume({})],
  },
  {
    says: 'a volume that another claim holds',
    broken: [
      claimant,
      claim(fits),
      {
        ...volume({ claimRef: { name: 'other' } }),
        object: { ...volume({ claimRef: { name: 'other' } }).object, status: { phase: 'Bound' } },
      },
    ],
    expected: ['service:store', 'volume-already-bound'],
    refuted: [claim(fits, 'Bound'), volume({})],
  },
];

describe('checks of pods that do not come to be', () => {
  it.each(cases)('tell $says, and not where it is refuted', (one) => expectCheck(one));
});
