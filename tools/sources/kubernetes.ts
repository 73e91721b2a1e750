import type * as KubernetesClient from '@kubernetes/client-node';
import type { ApiException, KubeConfig, KubernetesObjectApi } from '@kubernetes/client-node';
import { ExponentialBackoff, handleWhen, retry } from 'cockatiel';
import type { Resource } from '../../domain/signal.ts';
import { CerebroError } from '../../infra/runtime/errors.ts';
import type { Metrics } from '../../infra/runtime/metrics.ts';
import type { ClusterSource, ResourceRequest } from './source.ts';
import { sourceResultOf } from './source-result.ts';
import { stopIfAborted } from './stop-if-aborted.ts';

export interface KubernetesOptions {
  name?: string;
  /** Text of a kubeconfig; without it the usual places are read (KUBECONFIG, the home folder, the pod's own account). */
  kubeconfig?: string;
  context?: string;
  /** Per request; default 10 s. */
  timeoutMs?: number;
}

/** Where each kind lives. Secrets are not among them: they are never read. */
const apiVersions: Readonly<Record<string, string>> = {
  Pod: 'v1',
  Event: 'v1',
  Service: 'v1',
  Endpoints: 'v1',
  Node: 'v1',
  Namespace: 'v1',
  ConfigMap: 'v1',
  PersistentVolumeClaim: 'v1',
  PersistentVolume: 'v1',
  ResourceQuota: 'v1',
  LimitRange: 'v1',
  ServiceAccount: 'v1',
  ReplicationController: 'v1',
  Deployment: 'apps/v1',
  ReplicaSet: 'apps/v1',
  StatefulSet: 'apps/v1',
  DaemonSet: 'apps/v1',
  Job: 'batch/v1',
  CronJob: 'batch/v1',
  HorizontalPodAutoscaler: 'autoscaling/v2',
  Ingress: 'networking.k8s.io/v1',
  NetworkPolicy: 'networking.k8s.io/v1',
  StorageClass: 'storage.k8s.io/v1',
  PodDisruptionBudget: 'policy/v1',
  EndpointSlice: 'discovery.k8s.io/v1',
  ValidatingWebhookConfiguration: 'admissionregistration.k8s.io/v1',
  MutatingWebhookConfiguration: 'admissionregistration.k8s.io/v1',
};
const usualKinds = [
  'Pod',
  'Event',
  'Service',
  'Node',
  'Deployment',
  'ReplicaSet',
  'StatefulSet',
  'DaemonSet',
  'Job',
  'PersistentVolumeClaim',
  'Ingress',
  'HorizontalPodAutoscaler',
];
const pageSize = 250;

type Client = typeof KubernetesClient;

/**
 * A Kubernetes cluster through its official client: lists objects and events, page by page, and nothing else. The client is large and is
 * loaded here, on first use. Throws CONFIG_INVALID for a kubeconfig without a current cluster.
 */
export async function createKubernetes(
  deps: { metrics?: Metrics },
  options: KubernetesOptions = {},
): Promise<ClusterSource> {
  const client = await import('@kubernetes/client-node');
  const { name = 'kubernetes', timeoutMs = 10_000 } = options;
  const config = new client.KubeConfig();
  if (options.kubeconfig === undefined) config.loadFromDefault();
  else config.loadFromString(options.kubeconfig);
  if (options.context !== undefined) config.setCurrentContext(options.context);
  const cluster = config.getCurrentCluster();
  if (cluster === null)
    throw new CerebroError('CONFIG_INVALID', 'The kubeconfig names no current cluster; set a context.');
  const policy = retry(
    handleWhen((thrown) => thrown instanceof CerebroError && thrown.retryable),
    {
      maxAttempts: 2,
      backoff: new ExponentialBackoff({ initialDelay: 100, maxDelay: 2_000 }),
    },
  );

  const listPage = async (
    request: Pick<ResourceRequest, 'namespace' | 'name'> & { kind: string; limit: number; next: string | undefined },
    signal: AbortSignal | undefined,
  ) =>
    policy.execute(async () => {
      const { kind, namespace, limit, next } = request;
      const timeout = AbortSignal.timeout(timeoutMs);
      const api = apiWith(
        client,
        { config, server: cluster.server },
        signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
      );
      const selector = request.name === undefined ? undefined : `metadata.name=${request.name}`;
      const version = apiVersions[kind] ?? 'v1';
      try {
        const page = await api.list(
          version,
          kind,
          namespace,
          undefined,
          undefined,
          undefined,
          selector,
          undefined,
          limit,
          next,
        );
        deps.metrics?.count('cerebro_source_requests_total', { source: name, status: 'ok' });
        return page;
      } catch (thrown) {
        deps.metrics?.count('cerebro_source_requests_total', { source: name, status: 'failed' });
        throw failureOf(thrown, {
          kind,
          server: cluster.server,
          cancelled: signal?.aborted === true,
          timedOut: timeout.aborted,
        });
      }
    }, signal);

  return {
    name,
    async list(request, signal) {
      stopIfAborted(signal);
      const notes: string[] = [];
      const found: Resource[] = [];
      let more = false;
      const kinds = request.kinds.length === 0 ? usualKinds : request.kinds;
      for (const asked of kinds) {
        const kind = Object.keys(apiVersions).find((known) => known.toLowerCase() === asked.toLowerCase());
        if (kind === undefined) {
          notes.push(
            `${asked} is not a kind that is read (${Object.keys(apiVersions).length} kinds are, Secrets never)`,
          );
          continue;
        }
        let next: string | undefined;
        do {
          const room = request.limit - found.length + 1;
          if (room <= 0) {
            more = true;
            break;
          }
          try {
            const page = await listPage({ ...request, kind, limit: Math.min(pageSize, room), next }, signal);
            for (const object of page.items) found.push(resourceOf(kind, { ...object }));
            next = page.metadata?._continue || undefined;
          } catch (thrown) {
            // One kind that may not be read, or that this cluster does not have, hides none of the others.
            if (kinds.length === 1 || !(thrown instanceof CerebroError) || thrown.code !== 'BACKEND_REJECTED')
              throw thrown;
            notes.push(thrown.message);
            next = undefined;
          }
        } while (next !== undefined);
      }
      const where = [
        kinds.join(', '),
        request.namespace === undefined ? 'all namespaces' : `namespace ${request.namespace}`,
        request.name,
      ].filter((part) => part !== undefined);
      return sourceResultOf(found, {
        limit: request.limit,
        more,
        notes,
        lookedAt: `${name} at ${cluster.server}: ${where.join(', ')}`,
      });
    },
  };
}

/** A client whose requests carry the signal; the library knows no signal per call. */
function apiWith(client: Client, to: { config: KubeConfig; server: string }, signal: AbortSignal): KubernetesObjectApi {
  return new client.KubernetesObjectApi(
    client.createConfiguration({
      baseServer: new client.ServerConfiguration(to.server, {}),
      authMethods: { default: to.config },
      promiseMiddleware: [
        {
          pre: async (context) => {
            context.setSignal(signal);
            return context;
          },
          post: async (context) => context,
        },
      ],
    }),
  );
}

function resourceOf(kind: string, object: Record<string, unknown>): Resource {
  // Dates become text and field ownership, the bulk of many objects, is left out.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- JSON of an object
  const plain = JSON.parse(JSON.stringify(object)) as Record<string, unknown> & { metadata?: Record<string, unknown> };
  if (plain.metadata !== undefined) delete plain.metadata['managedFields'];
  const name = plain.metadata?.['name'];
  const namespace = plain.metadata?.['namespace'];
  return {
    kind,
    name: typeof name === 'string' ? name : '',
    ...(typeof namespace === 'string' ? { namespace } : {}),
    object: plain,
  };
}

function failureOf(
  thrown: unknown,
  about: { kind: string; server: string; cancelled: boolean; timedOut: boolean },
): CerebroError {
  const where = `listing ${about.kind} at ${about.server}`;
  if (about.cancelled) return new CerebroError('CANCELLED', `${where} was withdrawn.`, { cause: thrown });
  if (about.timedOut) return new CerebroError('TIMEOUT', `${where} took too long.`, { cause: thrown });
  if (isApiException(thrown)) {
    const text = typeof thrown.body === 'string' ? thrown.body : JSON.stringify(thrown.body);
    const code = thrown.code >= 500 || thrown.code === 429 ? 'BACKEND_UNAVAILABLE' : 'BACKEND_REJECTED';
    return new CerebroError(code, `${where} was answered with ${thrown.code}: ${(text ?? '').slice(0, 300)}`, {
      details: { status: thrown.code },
      cause: thrown,
    });
  }
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  const code = message.includes('Unrecognized API version and kind') ? 'BACKEND_REJECTED' : 'BACKEND_UNAVAILABLE';
  return new CerebroError(code, `${where} failed: ${message.slice(0, 300)}`, { cause: thrown });
}

function isApiException(thrown: unknown): thrown is ApiException<unknown> {
  return thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'number' && 'body' in thrown;
}
