import { z } from 'zod';
import { topology as topologySchema } from '../../domain/entity.ts';
import { finding } from '../../domain/finding.ts';
import type { LogRecord } from '../../domain/signal.ts';
import { topologyFromResources } from '../../detection/evidence/checks/topology-from-resources.ts';
import { checkResources } from '../../detection/evidence/checks/check-resources.ts';
import type { Tool } from '../tool.ts';
import { notConnected } from './not-connected.ts';
import type { ReadDeps } from './read-deps.ts';
import { windowField } from './request-fields.ts';

/** What the checks look at. Those after `StorageClass` no cluster's API has or gives: they come from capsules and pasted command output. */
const defaultKinds =
  'Pod Deployment StatefulSet DaemonSet ReplicaSet Job CronJob HorizontalPodAutoscaler PodDisruptionBudget Service Ingress NetworkPolicy ValidatingWebhookConfiguration MutatingWebhookConfiguration Node Event ResourceQuota ServiceAccount ConfigMap PersistentVolumeClaim PersistentVolume StorageClass Secret Manifest NodeService ConnectionTest Alert Gateway GatewayClass HTTPRoute'.split(
    ' ',
  );
/** Lines of warnings and errors that are read to tell why containers end and what databases refuse. */
const mostLogs = 2_000;

const input = z.strictObject({
  kinds: z.array(z.string()).max(40).default(defaultKinds).describe('Kubernetes kinds to read.'),
  namespace: z.string().optional(),
  window: windowField
    .optional()
    .describe('Span of the error logs to read beside the objects; left out, no logs are read.'),
  limit: z.number().int().min(1).max(20_000).default(5_000),
});
const output = z.object({
  findings: z.array(finding),
  checked: z.number().int(),
  truncated: z.boolean(),
  /** Who calls whom and runs where, as far as configuration tells. */
  topology: topologySchema,
});

/** Runs deterministic checks over cluster objects and events. Messages of the cluster are quoted: tainted. */
export function createCheckResources(
  deps: Pick<ReadDeps, 'sources'>,
): Tool<z.infer<typeof input>, z.infer<typeof output>> {
  return {
    name: 'check_resources',
    description:
      'Checks cluster objects and events for known faults: images that cannot be pulled, crash loops, out-of-memory kills, scheduling, mounts, selectors that match nothing, nodes that are not ready. Each finding cites its object.',
    effect: 'read',
    input,
    output,
    async run(request, { signal }) {
      const source = deps.sources.cluster;
      if (source === undefined) return notConnected('cluster objects', 'sources.cluster');
      const { kinds, namespace, limit } = request;
      const result = await source.list({ kinds, ...(namespace === undefined ? {} : { namespace }), limit }, signal);
      if (result.status === 'no-data')
        return { ...result, hint: 'No objects of these kinds; check the namespace and the reader rights.' };
      const logs: LogRecord[] = [];
      if (request.window !== undefined && deps.sources.logs !== undefined) {
        const read = await deps.sources.logs.search(
          { entities: [], window: request.window, minLevel: 'warn', limit: mostLogs },
          signal,
        );
        if (read.status === 'ok') logs.push(...read.items);
      }
      const findings = checkResources(result.items, logs);
      const topology = topologyFromResources(result.items);
      const told = findings.slice(0, 4).map(({ statement }) => statement);
      return {
        status: 'ok',
        output: { findings, checked: result.items.length, truncated: result.truncated, topology },
        digest: (findings.length === 0
          ? `${result.items.length} objects checked, none fails a check.`
          : `${findings.length} failed checks in ${result.items.length} objects: ${told.join('; ')}.`
        ).slice(0, 590),
        kind: 'resources',
        source: source.name,
        entities: [...new Set(findings.map(({ entity }) => entity))].sort(),
        tainted: true,
      };
    },
  };
}
