import { readFileSync } from 'node:fs';
import type { Config } from '../config.ts';
import { createSecret, type Secret } from '../infra/runtime/secret.ts';
import { createChangeFeed } from '../tools/sources/change-feed.ts';
import { openCloudWatch } from '../detection/lifecycle/ingest/cloudwatch/open-cloudwatch.ts';
import { createCloudWatchLogs } from '../tools/sources/cloudwatch-logs.ts';
import { createCloudWatchMetrics } from '../tools/sources/cloudwatch-metrics.ts';
import { createGit } from '../tools/sources/git.ts';
import { createJaeger } from '../tools/sources/jaeger.ts';
import { createKubernetes } from '../tools/sources/kubernetes.ts';
import { createLoki } from '../tools/sources/loki.ts';
import { createOpenSearchLogs } from '../tools/sources/opensearch-logs.ts';
import { createOsvAdvisories } from '../tools/sources/osv/osv-advisories.ts';
import { createPrometheus } from '../tools/sources/prometheus.ts';
import type { MetricSource, Sources } from '../tools/sources/source.ts';
import { createTempo } from '../tools/sources/tempo.ts';
import type { AppDeps } from './app-deps.ts';

/** One connected back end and how people know it. */
export interface BackEnd {
  sources: Sources;
  name: string;
  kind: string;
  address: string;
  close?: () => void;
}

/**
 * Every live back end that the config names, in the order in which they count where two say the same. `entityOf` tells which entity a plain
 * service name means, where somebody knows (the collector does).
 */
export async function connectBackEnds(
  config: Config['sources'],
  deps: AppDeps,
  entityOf?: (service: string) => string,
): Promise<BackEnd[]> {
  const { prometheus, cloudwatch, kubernetes, loki, opensearch, jaeger, tempo, git, changeFeeds, advisories } = config;
  const found: BackEnd[] = [];
  const add = (name: string, kind: string, address: string, sources: Sources): void => {
    found.push({ name, kind, address, sources });
  };
  if (prometheus !== undefined)
    add('prometheus', 'metrics', prometheus.url, { metrics: connectPrometheus(prometheus, deps) });
  found.push(...connectCloudWatch(cloudwatch, deps));
  if (loki !== undefined) {
    const { url, token, tenant, entityLabel } = loki;
    const headers = { ...bearer(token).headers, ...tenantHeader(tenant) };
    const label = entityLabel === undefined ? {} : { entityLabel };
    add('loki', 'logs', url, { logs: createLoki(deps, { url, headers, ...label }) });
  }
  if (opensearch !== undefined) {
    const { url, username, password, index } = opensearch;
    const headers =
      username === undefined || password === undefined ? {} : { headers: { authorization: basic(username, password) } };
    add('opensearch', 'logs', url, { logs: createOpenSearchLogs(deps, { url, index, ...headers }) });
  }
  if (tempo !== undefined)
    add('tempo', 'traces', tempo.url, { traces: createTempo(deps, { url: tempo.url, ...bearer(tempo.token) }) });
  if (jaeger !== undefined)
    add('jaeger', 'traces', jaeger.url, { traces: createJaeger(deps, { url: jaeger.url, ...bearer(jaeger.token) }) });
  if (kubernetes !== undefined) {
    const { kubeconfig, context } = kubernetes;
    const cluster = await createKubernetes(deps, {
      ...(kubeconfig === undefined ? {} : { kubeconfig: readFileSync(kubeconfig, 'utf8') }),
      ...(context === undefined ? {} : { context }),
    });
    add('kubernetes', 'cluster objects', context ?? 'current context', { cluster });
  }
  for (const { path, service } of git) {
    const owner = service === undefined ? {} : { entityOf: () => `service:${service}` };
    add('git', 'changes', path, { changes: createGit({ dir: path, ...owner }) });
  }
  for (const feed of changeFeeds)
    add('change feed', 'changes', feed.url, {
      changes: createChangeFeed(deps, {
        url: feed.url,
        ...bearer(feed.token),
        ...(entityOf === undefined ? {} : { entityOf }),
      }),
    });
  if (advisories !== undefined) {
    const manifests = advisories.manifests.map(({ service, path }) => ({ entity: `service:${service}`, path }));
    add('osv', 'advisories', advisories.osv, {
      advisories: createOsvAdvisories({ folder: advisories.osv, manifests }),
    });
  }
  return found;
}

function connectPrometheus(
  { url, token, username, password, tenant, entityLabel }: NonNullable<Config['sources']['prometheus']>,
  deps: AppDeps,
): MetricSource {
  const headers = {
    ...bearer(token).headers,
    ...(username === undefined || password === undefined ? {} : { authorization: basic(username, password) }),
    ...tenantHeader(tenant),
  };
  return createPrometheus(deps, {
    url,
    headers,
    ...(entityLabel === undefined ? {} : { entityLabels: [entityLabel] }),
  });
}

function connectCloudWatch(config: Config['sources']['cloudwatch'], deps: AppDeps): BackEnd[] {
  if (config === undefined) return [];
  const { region, url, namespaces, statistics, entityLabel, logGroups, mostMetrics, refreshSeconds } = config;
  const cloudwatch = openCloudWatch(deps, { region, url });
  const groups = logGroups.map((group) => (typeof group === 'string' ? { name: group } : group));
  const label = entityLabel === undefined ? {} : { entityLabel };
  const reading = { namespaces, statistics, mostMetrics, refreshMs: refreshSeconds * 1_000 };
  const end = {
    sources: {
      metrics: createCloudWatchMetrics({ ...deps, cloudwatch }, { ...reading, ...label }),
      ...(groups.length === 0 ? {} : { logs: createCloudWatchLogs({ ...deps, cloudwatch }, { groups }) }),
    },
    name: 'cloudwatch',
    kind: groups.length === 0 ? 'metrics' : 'metrics, logs',
    address: url ?? region ?? "the region of AWS's chain",
    close: () => cloudwatch.close(),
  };
  return [end];
}

function bearer(token: Secret | undefined): { headers?: Record<string, Secret> } {
  return token === undefined ? {} : { headers: { authorization: createSecret(`Bearer ${token.reveal()}`) } };
}

/** How Loki, Mimir, Cortex and Thanos' receivers tell tenants apart. */
function tenantHeader(tenant: string | undefined): Record<string, string> {
  return tenant === undefined ? {} : { 'x-scope-orgid': tenant };
}

function basic(user: string, password: Secret): Secret {
  return createSecret(`Basic ${Buffer.from(`${user}:${password.reveal()}`).toString('base64')}`);
}
