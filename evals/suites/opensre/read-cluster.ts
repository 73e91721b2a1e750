import { z } from 'zod';
import type { Resource } from '../../../domain/signal.ts';

const condition = z.looseObject({
  type: z.string(),
  status: z.string(),
  reason: z.string().default(''),
  message: z.string().default(''),
});
const container = z.looseObject({
  name: z.string(),
  ready: z.boolean(),
  restart_count: z.number().default(0),
  state: z
    .looseObject({
      running: z.boolean().optional(),
      waiting: z.boolean().optional(),
      terminated: z.boolean().optional(),
      reason: z.string().optional(),
      message: z.string().optional(),
      started_at: z.string().optional(),
      exit_code: z.number().optional(),
    })
    .default({}),
});
const pod = z.looseObject({
  name: z.string(),
  namespace: z.string(),
  phase: z.string(),
  node_name: z.string().optional(),
  start_time: z.string().optional(),
  deletion_timestamp: z.string().optional(),
  containers: z.array(container).default([]),
  conditions: z.array(condition).default([]),
});
const node = z.looseObject({
  name: z.string(),
  ready: z.string(),
  memory_pressure: z.string().default('False'),
  disk_pressure: z.string().default('False'),
  pid_pressure: z.string().default('False'),
  capacity_cpu: z.string().optional(),
  capacity_memory: z.string().optional(),
  allocatable_cpu: z.string().optional(),
  allocatable_memory: z.string().optional(),
});
const event = z.looseObject({
  namespace: z.string(),
  reason: z.string(),
  message: z.string(),
  type: z.string().default('Warning'),
  count: z.number().default(1),
  involved_object: z.string(),
  first_time: z.string().optional(),
  last_time: z.string().optional(),
});
const deployment = z.looseObject({
  name: z.string(),
  namespace: z.string(),
  desired: z.number(),
  ready: z.number(),
  available: z.number(),
  unavailable: z.number().default(0),
});

/** Pods, nodes, events and deployments in the shape in which the Kubernetes API gives them. `app` labels the pods of the workload that was alerted on. */
export function readCluster(contents: ReadonlyMap<string, unknown>, app: string): Resource[] {
  const listed = <T>(file: string, key: string, schema: z.ZodType<T>): T[] =>
    z.looseObject({ [key]: z.array(schema) }).safeParse(contents.get(file)).data?.[key] ?? [];
  return [
    ...listed('eks_pods', 'pods', pod).map((one) => podOf(one, app)),
    ...listed('eks_node_health', 'nodes', node).map(nodeOf),
    ...listed('eks_events', 'warning_events', event).map(eventOf),
    ...listed('eks_deployments', 'deployments', deployment).map(deploymentOf),
  ];
}

function podOf(one: z.infer<typeof pod>, app: string): Resource {
  return {
    kind: 'Pod',
    name: one.name,
    namespace: one.namespace,
    object: {
      metadata: {
        name: one.name,
        namespace: one.namespace,
        ...(one.name.startsWith(`${app}-`) ? { labels: { app } } : {}),
        ...(one.deletion_timestamp === undefined ? {} : { deletionTimestamp: one.deletion_timestamp }),
      },
      spec: one.node_name === undefined || one.node_name === 'unscheduled' ? {} : { nodeName: one.node_name },
      status: {
        phase: one.phase,
        ...(one.start_time === undefined ? {} : { startTime: one.start_time }),
        conditions: one.conditions,
        containerStatuses: one.containers.map(statusOf),
      },
    },
  };
}

function statusOf({
  name,
  ready,
  restart_count: restartCount,
  state,
}: z.infer<typeof container>): Record<string, unknown> {
  const { running, waiting, reason, message, started_at: startedAt, exit_code: exitCode } = state;
  const ended = { ...(reason === undefined ? {} : { reason }), ...(message === undefined ? {} : { message }) };
  const now =
    waiting === true
      ? { waiting: ended }
      : running === true
        ? { running: { startedAt } }
        : { terminated: { ...ended, exitCode } };
  return {
    name,
    ready,
    restartCount,
    state: now,
    // What a running container tells of an exit is how it ended before.
    ...(running === true && exitCode !== undefined ? { lastState: { terminated: { exitCode, ...ended } } } : {}),
  };
}

function nodeOf(one: z.infer<typeof node>): Resource {
  const quantity = (cpu: string | undefined, memory: string | undefined): Record<string, string> => ({
    ...(cpu === undefined ? {} : { cpu }),
    ...(memory === undefined ? {} : { memory }),
  });
  return {
    kind: 'Node',
    name: one.name,
    object: {
      metadata: { name: one.name },
      status: {
        conditions: [
          { type: 'Ready', status: one.ready },
          { type: 'MemoryPressure', status: one.memory_pressure },
          { type: 'DiskPressure', status: one.disk_pressure },
          { type: 'PIDPressure', status: one.pid_pressure },
        ],
        capacity: quantity(one.capacity_cpu, one.capacity_memory),
        allocatable: quantity(one.allocatable_cpu, one.allocatable_memory),
      },
    },
  };
}

function eventOf(one: z.infer<typeof event>, index: number): Resource {
  const [kind = '', name = ''] = one.involved_object.split('/');
  return {
    kind: 'Event',
    name: `event-${index}`,
    namespace: one.namespace,
    object: {
      type: one.type,
      reason: one.reason,
      message: one.message,
      count: one.count,
      involvedObject: { kind, name, namespace: one.namespace },
      ...(one.first_time === undefined ? {} : { firstTimestamp: one.first_time }),
      ...(one.last_time === undefined ? {} : { lastTimestamp: one.last_time }),
    },
  };
}

function deploymentOf(one: z.infer<typeof deployment>): Resource {
  return {
    kind: 'Deployment',
    name: one.name,
    namespace: one.namespace,
    object: {
      metadata: { name: one.name, namespace: one.namespace },
      spec: { replicas: one.desired },
      status: {
        replicas: one.desired,
        readyReplicas: one.ready,
        availableReplicas: one.available,
        unavailableReplicas: one.unavailable,
      },
    },
  };
}
