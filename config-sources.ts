import { z } from 'zod';
import { createSecret } from './infra/runtime/secret.ts';

export const secret = z.string().min(1).transform(createSecret);
export const port = z.number().int().min(0).max(65_535);
export const url = z.url({ protocol: /^https?$/ });

/** Where metrics, logs, traces, changes and cluster objects are read from. Nothing set: the lab is started and read by the collector. */
export const sources = z.strictObject({
  /** What else an entity is called: `{ "postgres": ["db.internal:5432", "pg-main"] }`. Most names are joined without. */
  aliases: z.record(z.string().min(1), z.array(z.string().min(1))).default({}),
  /**
   * Files or folders of configuration that tell who speaks with whom: nginx, HAProxy, connection strings in environment files and settings of
   * `service`. Work trees of `git` are read as well.
   */
  configs: z.array(z.strictObject({ path: z.string().min(1), service: z.string().min(1).optional() })).default([]),
  collector: z
    .strictObject({
      /** Prometheus text endpoints to scrape; the job becomes the service's name. */
      scrape: z.array(z.strictObject({ job: z.string().min(1), url })).default([]),
      scrapeIntervalMs: z.number().int().min(100).max(600_000).default(1_000),
      /**
       * Log files to follow, text or JSON lines; `*` and `**` stand for names. Whose they are tells `service`, else the file's name or folder
       * (`nginx/access.log` is nginx').
       */
      logs: z.array(z.strictObject({ service: z.string().min(1).optional(), path: z.string().min(1) })).default([]),
      /** Port on loopback that takes OTLP/HTTP spans; 0 picks one. */
      otlpPort: port.default(0),
      retentionHours: z
        .number()
        .positive()
        .max(24 * 400)
        .default(24),
      maxMegabytes: z.number().positive().default(2_048),
    })
    .optional(),
  /** Prometheus and what speaks its API: VictoriaMetrics, Mimir, Thanos (with a tenant), or any of them through Grafana's data source proxy. */
  prometheus: z
    .strictObject({
      url,
      token: secret.optional(),
      username: z.string().optional(),
      password: secret.optional(),
      /** Sent as `X-Scope-OrgID`. */
      tenant: z.string().optional(),
      entityLabel: z.string().optional(),
    })
    .optional(),
  /** Amazon CloudWatch. Credentials come from AWS's own chain (environment, profile, role), never from here. */
  cloudwatch: z
    .strictObject({
      /** Unless set, that of AWS's chain. */
      region: z.string().min(1).optional(),
      /** Another address than AWS's own: a VPC endpoint. */
      url: url.optional(),
      /** Whose metrics are read, such as `AWS/ECS`; all without any. */
      namespaces: z.array(z.string().min(1)).default([]),
      /** `Average`, `Sum`, `p99`, ... of every metric; without any, the usual one of each name. Each is billed. */
      statistics: z.array(z.string().min(1)).default([]),
      /**
       * What the standing watch costs: AWS bills each metric that is read ($.01 for 1,000), and the watch reads all of them again and again. 500
       * metrics once a minute are about $7 a day; name namespaces, or read more rarely.
       */
      mostMetrics: z.number().int().positive().max(10_000).default(500),
      refreshSeconds: z.number().min(0).default(60),
      /** The dimension that names the service, before those of AWS's own metrics. */
      entityLabel: z.string().optional(),
      /** Log groups, `*` standing for anything; their last part names the service unless told. */
      logGroups: z
        .array(z.union([z.string().min(1), z.strictObject({ name: z.string().min(1), service: z.string().min(1) })]))
        .default([]),
    })
    .optional(),
  kubernetes: z.strictObject({ kubeconfig: z.string().optional(), context: z.string().optional() }).optional(),
  loki: z
    .strictObject({ url, token: secret.optional(), tenant: z.string().optional(), entityLabel: z.string().optional() })
    .optional(),
  opensearch: z
    .strictObject({ url, username: z.string().optional(), password: secret.optional(), index: z.string().min(1) })
    .optional(),
  jaeger: z.strictObject({ url, token: secret.optional() }).optional(),
  tempo: z.strictObject({ url, token: secret.optional() }).optional(),
  /** Local clones whose commits and tags are changes. */
  git: z.array(z.strictObject({ path: z.string().min(1), service: z.string().optional() })).default([]),
  /** JSON feeds of deploys, flags and config changes. */
  changeFeeds: z.array(z.strictObject({ url, token: secret.optional() })).default([]),
  /** OSV advisory folder and the lock files whose packages are checked against it. */
  advisories: z
    .strictObject({
      osv: z.string().min(1),
      manifests: z.array(z.strictObject({ service: z.string(), path: z.string() })),
    })
    .optional(),
});
