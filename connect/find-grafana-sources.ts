import { z } from 'zod';
import type { FoundServer, ServerKind } from './found.ts';

const dataSources = z.array(
  z.object({ uid: z.string(), name: z.string(), type: z.string(), isDefault: z.boolean().default(false) }),
);

const kinds: Readonly<Record<string, ServerKind>> = {
  prometheus: 'prometheus',
  loki: 'loki',
  tempo: 'tempo',
  jaeger: 'jaeger',
  elasticsearch: 'opensearch',
  'grafana-opensearch-datasource': 'opensearch',
};

/** The data sources that a Grafana knows and that can be read through it, its defaults first. Says what leave is missing. Never throws. */
export async function findGrafanaSources(
  grafana: string,
  token: string | undefined,
  ask: typeof fetch = fetch,
): Promise<{ servers: FoundServer[]; notes: string[] }> {
  try {
    const reply = await ask(`${grafana}/api/datasources`, {
      signal: AbortSignal.timeout(3_000),
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    });
    if (reply.status === 401 || reply.status === 403)
      return {
        servers: [],
        notes: [
          `Grafana at ${grafana} lists no data sources without a service account token of role Viewer with datasources:read and datasources:query (set CEREBRO_GRAFANA_TOKEN)`,
        ],
      };
    const known = dataSources
      .parse(await reply.json())
      .sort((left, right) => Number(right.isDefault) - Number(left.isDefault) || (left.name < right.name ? -1 : 1));
    const servers = known.flatMap(({ uid, name, type }): FoundServer[] => {
      const kind = kinds[type];
      if (kind === undefined || !/^[\w-]+$/.test(uid)) return [];
      return [
        { kind, url: `${grafana}/api/datasources/proxy/uid/${uid}`, about: `${name.slice(0, 60)}, through Grafana` },
      ];
    });
    const through =
      token === undefined || servers.length === 0
        ? []
        : [
            'Grafana passes questions on for its token only: the product takes it from CEREBRO_PROMETHEUS_TOKEN (and CEREBRO_LOKI_TOKEN)',
          ];
    const left = known.filter(({ type }) => kinds[type] === undefined).map(({ type }) => type);
    return {
      servers,
      notes: [
        ...through,
        ...(left.length === 0 ? [] : [`Grafana's data sources of type ${[...new Set(left)].join(', ')} are not read`]),
      ],
    };
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message.slice(0, 120) : 'unknown reason';
    return { servers: [], notes: [`Grafana at ${grafana} did not tell its data sources: ${why}`] };
  }
}
