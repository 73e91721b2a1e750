import type { Resource } from '../../../domain/signal.ts';

type Plain = Record<string, unknown>;

const namespace = 'shop';

/** An object of the namespace `shop`; for tests of checks. */
export function anObject(kind: string, name: string, object: Plain = {}): Resource {
  const given = object['metadata'];
  const metadata = { name, namespace, ...(typeof given === 'object' ? given : {}) };
  return { kind, name, namespace, object: { ...object, metadata } };
}

/** A pod of an application with one container on port 8080; ready and on `node-a` unless said otherwise. */
export function aPod(
  app: string,
  more: { spec?: Plain; status?: Plain; container?: Plain; ready?: boolean } = {},
): Resource {
  const ready = more.ready ?? true;
  return anObject('Pod', `${app}-5d8c7b9f4d-x2x2x`, {
    metadata: { labels: { app } },
    spec: {
      nodeName: 'node-a',
      containers: [{ name: 'main', ports: [{ containerPort: 8080, protocol: 'TCP' }], ...more.container }],
      ...more.spec,
    },
    status: {
      phase: 'Running',
      conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }],
      ...more.status,
    },
  });
}

/** A deployment of an application with one container on port 8080. */
export function aDeployment(app: string, more: { spec?: Plain; podSpec?: Plain; container?: Plain } = {}): Resource {
  return anObject('Deployment', app, {
    spec: {
      replicas: 1,
      template: {
        metadata: { labels: { app } },
        spec: {
          containers: [{ name: 'main', ports: [{ containerPort: 8080 }], ...more.container }],
          ...more.podSpec,
        },
      },
      ...more.spec,
    },
  });
}

/** A service object in front of an application, port 80 to 8080. */
export function aService(app: string, spec: Plain = {}): Resource {
  return anObject('Service', app, {
    spec: { selector: { app }, ports: [{ port: 80, targetPort: 8080, protocol: 'TCP' }], ...spec },
  });
}

/** An event about an object. */
export function anEvent(about: Resource, reason: string, message: string): Resource {
  return anObject('Event', `${about.name}.${reason}`, {
    type: 'Warning',
    reason,
    message,
    firstTimestamp: '2026-03-01T10:00:00.000Z',
    involvedObject: { kind: about.kind, name: about.name, namespace },
  });
}

/** A node with labels. */
export function aNode(name: string, more: { labels?: Plain; spec?: Plain; status?: Plain } = {}): Resource {
  return {
    kind: 'Node',
    name,
    object: {
      metadata: { name, labels: more.labels ?? {} },
      spec: more.spec ?? {},
      status: { conditions: [{ type: 'Ready', status: 'True' }], ...more.status },
    },
  };
}

/** A pod that no node took, with the scheduler's words. */
export function aPendingPod(app: string, message: string, spec: Plain = {}): Resource[] {
  const pod = aPod(app, {
    ready: false,
    spec: { nodeName: '', ...spec },
    status: { phase: 'Pending', conditions: [{ type: 'PodScheduled', status: 'False' }] },
  });
  return [pod, anEvent(pod, 'FailedScheduling', message)];
}
