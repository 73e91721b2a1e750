import { z } from 'zod';
import type { ServerKind } from './found.ts';

/** One kind of server: where it usually listens, what is asked of it, and how its answer is told from others'. */
export interface KnownServer {
  kind: ServerKind;
  ports: readonly number[];
  path: string;
  /** What the server says it is, or undefined when this is another server. */
  recognise(body: string): string | undefined;
  /** The same for a log-in page or a refusal: what to give. */
  needs: string;
}

const buildInfo = z.object({
  status: z.literal('success'),
  data: z.object({ version: z.string(), application: z.string().optional() }),
});
const alertmanager = z.object({ versionInfo: z.object({ version: z.string() }), cluster: z.unknown() });
const grafana = z.object({ database: z.string(), version: z.string().optional() });
const plainBuild = z.object({ version: z.string(), revision: z.string(), goVersion: z.string() });
const jaeger = z.object({ data: z.array(z.string()).nullable(), total: z.number() });
const search = z.object({ version: z.object({ number: z.string(), distribution: z.string().optional() }) });

/** Asked in this order; the first that is recognised counts. An endpoint of plain metrics comes last: most servers have one beside. */
export const knownServers: readonly KnownServer[] = [
  {
    kind: 'prometheus',
    ports: [9090, 8428, 8481, 9009, 10902],
    path: 'api/v1/status/buildinfo',
    recognise: (body) => {
      const data = read(buildInfo, body)?.data;
      return data === undefined ? undefined : `${data.application ?? 'Prometheus'} ${data.version}`;
    },
    needs: 'a token with leave to query (CEREBRO_PROMETHEUS_TOKEN)',
  },
  {
    kind: 'alertmanager',
    ports: [9093],
    path: 'api/v2/status',
    recognise: (body) => tell('Alertmanager', read(alertmanager, body)?.versionInfo.version),
    needs: 'nothing: it sends to Cerebro',
  },
  {
    kind: 'grafana',
    ports: [3000],
    path: 'api/health',
    recognise: (body) => {
      const health = read(grafana, body);
      return health === undefined ? undefined : tell('Grafana', health.version ?? 'of unknown version');
    },
    needs: 'a service account token of role Viewer with datasources:read and datasources:query (CEREBRO_GRAFANA_TOKEN)',
  },
  {
    kind: 'loki',
    ports: [3100],
    path: 'loki/api/v1/status/buildinfo',
    recognise: (body) => tell('Loki', read(plainBuild, body)?.version),
    needs: 'a token (CEREBRO_LOKI_TOKEN), or a tenant in the config',
  },
  {
    kind: 'tempo',
    ports: [3200],
    path: 'api/status/buildinfo',
    recognise: (body) => tell('Tempo', read(plainBuild, body)?.version),
    needs: 'a token in the config',
  },
  {
    kind: 'jaeger',
    ports: [16686],
    path: 'api/services',
    recognise: (body) => {
      const reply = read(jaeger, body);
      return reply === undefined ? undefined : `Jaeger, ${reply.total} services`;
    },
    needs: 'a token in the config',
  },
  {
    kind: 'opensearch',
    ports: [9200],
    path: '',
    recognise: (body) => {
      const version = read(search, body)?.version;
      return version === undefined
        ? undefined
        : tell(version.distribution === 'opensearch' ? 'OpenSearch' : 'Elasticsearch', version.number);
    },
    needs: 'a username in the config and CEREBRO_OPENSEARCH_PASSWORD',
  },
  {
    kind: 'exposition',
    ports: [],
    path: 'metrics',
    recognise: (body) => (/^# (HELP|TYPE) \S+ /m.test(body.slice(0, 65_536)) ? 'metrics in text form' : undefined),
    needs: 'nothing',
  },
];

/** Programs that speak another protocol than HTTP, and complain in their logs when they are asked over it. */
export const otherProtocols: ReadonlySet<string> = new Set([
  'postgres',
  'redis-server',
  'valkey-server',
  'mysqld',
  'mariadbd',
  'mongod',
  'memcached',
  'sshd',
  'epmd',
  'dnsmasq',
  'mosquitto',
  'etcd',
  'gpg-agent',
  'master',
  'rpcbind',
]);

function tell(product: string, version: string | undefined): string | undefined {
  return version === undefined ? undefined : `${product} ${version}`;
}

function read<T>(schema: z.ZodType<T>, body: string): T | undefined {
  try {
    return schema.safeParse(JSON.parse(body)).data;
  } catch {
    return undefined;
  }
}
