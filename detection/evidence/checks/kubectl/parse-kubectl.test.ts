import { describe, expect, it } from 'vitest';
import { memberOf } from '../../../../infra/runtime/member-of.ts';
import { mergeResources } from './merge-resources.ts';
import { parseKubectl } from './parse-kubectl.ts';
import { parseSystemd } from './parse-systemd.ts';

const context = { namespace: 'shop', printedAt: Date.parse('2026-03-01T10:00:00.000Z') };

const describedPod = `Name:             cart-5d8c7b9f4d-x2x2x
Namespace:        shop
Service Account:  cart
Node:             node-a/10.0.0.7
Labels:           app=cart
                  tier=back
Annotations:      <none>
Status:           Running
IP:               10.1.0.4
Controlled By:    ReplicaSet/cart-5d8c7b9f4d
Containers:
  main:
    Image:          registry.example/cart:1.4
    Port:           8080/TCP
    State:          Waiting
      Reason:       CrashLoopBackOff
    Last State:     Terminated
      Reason:       OOMKilled
      Exit Code:    137
    Ready:          False
    Restart Count:  4
    Limits:
      memory:  64Mi
    Liveness:   grpc <pod>:8081  delay=5s timeout=1s period=10s #success=1 #failure=3
    Readiness:  http-get http://:8080/health delay=0s timeout=1s period=5s #success=1 #failure=3
    Environment Variables from:
      cart-db  Secret  Optional: false
    Environment:
      STORE_ADDR:  store:6379
      NODE_IP:      (v1:status.hostIP)
    Mounts:
      /data from data (rw)
Conditions:
  Type           Status
  Ready          False
  PodScheduled   True
Volumes:
  data:
    Type:       PersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)
    ClaimName:  cart-data
    ReadOnly:   false
Node-Selectors:  disk=ssd
Tolerations:     node.kubernetes.io/not-ready:NoExecute op=Exists for 300s
Events:
  Type     Reason   Age                From     Message
  ----     ------   ----               ----     -------
  Warning  BackOff  10s (x5 over 90s)  kubelet  Back-off restarting failed container: main
`;

describe('kubectl text', () => {
  it('gives a described pod the shape of the API, with its events', () => {
    const [pod, event] = parseKubectl('Pod', describedPod, context);
    expect(pod).toMatchObject({
      kind: 'Pod',
      name: 'cart-5d8c7b9f4d-x2x2x',
      namespace: 'shop',
      object: {
        metadata: {
          labels: { app: 'cart', tier: 'back' },
          ownerReferences: [{ kind: 'ReplicaSet', name: 'cart-5d8c7b9f4d' }],
        },
        spec: {
          nodeName: 'node-a',
          serviceAccountName: 'cart',
          nodeSelector: { disk: 'ssd' },
          containers: [
            {
              name: 'main',
              image: 'registry.example/cart:1.4',
              ports: [{ containerPort: 8080, protocol: 'TCP' }],
              resources: { limits: { memory: '64Mi' } },
              livenessProbe: { grpc: { port: 8081 }, initialDelaySeconds: 5, periodSeconds: 10, failureThreshold: 3 },
              readinessProbe: { httpGet: { port: 8080, path: '/health' } },
              env: [{ name: 'STORE_ADDR', value: 'store:6379' }],
              envFrom: [{ secretRef: { name: 'cart-db', optional: false } }],
              volumeMounts: [{ mountPath: '/data', name: 'data', readOnly: false }],
            },
          ],
          volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'cart-data' } }],
        },
        status: {
          phase: 'Running',
          conditions: [
            { type: 'Ready', status: 'False' },
            { type: 'PodScheduled', status: 'True' },
          ],
          containerStatuses: [
            {
              name: 'main',
              ready: false,
              restartCount: 4,
              state: { waiting: { reason: 'CrashLoopBackOff' } },
              lastState: { terminated: { reason: 'OOMKilled', exitCode: 137 } },
            },
          ],
        },
      },
    });
    expect(event?.object).toMatchObject({
      type: 'Warning',
      reason: 'BackOff',
      count: 5,
      message: 'Back-off restarting failed container: main',
      involvedObject: { kind: 'Pod', name: 'cart-5d8c7b9f4d-x2x2x', namespace: 'shop' },
      firstTimestamp: '2026-03-01T09:58:30.000Z',
      lastTimestamp: '2026-03-01T09:59:50.000Z',
    });
  });

  it('reads services with several ports and nodes with taints', () => {
    const [service] = parseKubectl(
      'Service',
      'Name: cart\nNamespace: shop\nSelector: app=cart\nType: ClusterIP\nIP: 10.2.0.1\nPort: web  80/TCP\nTargetPort: 8080/TCP\nEndpoints: 10.1.0.4:8080\nPort: admin  81/UDP\nTargetPort: ops/UDP\nEndpoints: <none>\n',
      context,
    );
    expect(service?.object).toMatchObject({
      spec: {
        selector: { app: 'cart' },
        ports: [
          { name: 'web', port: 80, targetPort: 8080, protocol: 'TCP' },
          { name: 'admin', port: 81, targetPort: 'ops', protocol: 'UDP' },
        ],
      },
      status: { endpoints: ['10.1.0.4:8080', ''] },
    });
    const [node] = parseKubectl(
      'Node',
      'Name: node-a\nLabels: disk=ssd\nTaints: gpu=yes:NoSchedule\n        node.kubernetes.io/unschedulable:NoSchedule\nUnschedulable: true\n',
      context,
    );
    expect(node).toMatchObject({
      object: {
        metadata: { labels: { disk: 'ssd' } },
        spec: {
          unschedulable: true,
          taints: [{ key: 'gpu', value: 'yes', effect: 'NoSchedule' }, { effect: 'NoSchedule' }],
        },
      },
    });
    expect(node?.namespace).toBeUndefined();
  });

  it('reads tables by their columns', () => {
    const table = `NAME                    READY   STATUS    RESTARTS      AGE   IP         NODE     LABELS
cart-5d8c7b9f4d-x2x2x   0/1     Pending   2 (9s ago)    30s   <none>     <none>   app=cart,tier=back
`;
    expect(parseKubectl('Pod', table, context)[0]?.object).toMatchObject({
      metadata: { labels: { app: 'cart', tier: 'back' } },
      spec: {},
      status: { printed: 'Pending', allReady: false, restarts: 2 },
    });
    const quota =
      'NAME   AGE   REQUEST                           LIMIT\nteam   9m    pods: 3/3, requests.cpu: 900m/1   \n';
    expect(parseKubectl('ResourceQuota', quota, context)[0]?.object).toMatchObject({
      status: { hard: { pods: '3', 'requests.cpu': '1' }, used: { pods: '3', 'requests.cpu': '900m' } },
    });
  });

  it('reads event lists with and without a header', () => {
    const rows =
      '2m1s        Warning   FailedCreate   replicaset/cart-5d8c7b9f4d   Error creating: pods "x" is forbidden';
    for (const text of [rows, `LAST SEEN   TYPE      REASON         OBJECT                       MESSAGE\n${rows}`])
      expect(parseKubectl('Event', text, context)[0]?.object).toMatchObject({
        reason: 'FailedCreate',
        message: 'Error creating: pods "x" is forbidden',
        involvedObject: { kind: 'ReplicaSet', name: 'cart-5d8c7b9f4d' },
      });
  });

  it('reads manifests of several documents and lists', () => {
    const text =
      'apiVersion: v1\nkind: Service\nmetadata:\n  name: cart\n---\napiVersion: v1\nkind: List\nitems:\n- kind: Secret\n  metadata:\n    name: db\n    namespace: other\n';
    expect(parseKubectl('Service', text, context).map(({ kind, name, namespace }) => [kind, name, namespace])).toEqual([
      ['Service', 'cart', 'shop'],
      ['Secret', 'db', 'other'],
    ]);
    expect(parseKubectl('Service', 'kind: [', context)).toEqual([]);
  });

  it('joins partial views, the later ones over the earlier, selectors as a whole', () => {
    const view = (object: Record<string, unknown>) => ({ kind: 'Service', name: 'cart', namespace: 'shop', object });
    const [joined, ...rest] = mergeResources([
      view({ spec: { selector: { app: 'old' }, type: 'ClusterIP', ports: [{ port: 80 }] } }),
      view({ spec: { selector: { application: 'cart' }, ports: [] } }),
    ]);
    expect(rest).toEqual([]);
    expect(memberOf(joined?.object, 'spec')).toEqual({
      selector: { application: 'cart' },
      type: 'ClusterIP',
      ports: [{ port: 80 }],
    });
  });

  it('reads the state of a node service', () => {
    const text =
      '○ kubelet.service - Kubelet\n     Active: inactive (dead) since Fri 2026-01-02 12:51:59 UTC; 2min 4s ago\n';
    expect(parseSystemd('node-a', 'kubelet', text)?.object).toMatchObject({
      node: 'node-a',
      service: 'kubelet',
      active: 'inactive',
      sub: 'dead',
      since: '2026-01-02T12:51:59.000Z',
    });
    expect(parseSystemd('node-a', 'kubelet', 'Unit not found')).toBeUndefined();
  });

  it('gives nothing for other text', () => {
    for (const text of ['', 'Error from server (NotFound): pods "x" not found', 'hello'])
      expect(parseKubectl('Pod', text, context)).toEqual([]);
  });
});
