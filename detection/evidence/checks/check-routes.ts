import { parse } from 'yaml';
import { entityIdOf } from '../../../domain/entity.ts';
import type { Resource } from '../../../domain/signal.ts';
import { memberOf } from '../../../infra/runtime/member-of.ts';
import type { Failed } from './check.ts';
import { createCheck } from './check.ts';
import type { Cluster } from './cluster.ts';
import { listAt, recordAt, textAt } from './fields.ts';

interface Route {
  id: string;
  path: string;
  target: string;
  object: Resource;
}

/** Routes of gateways and ingresses that lead past the service that they are meant for. */
export const checkRoutes = createCheck(
  {
    name: 'routes',
    rule: 'The target of each route (gateway configuration in a config map, ingress backend) is compared with the service that its id or its path names and with the services that exist.',
    refutedBy: 'The route names no service that exists: nothing was meant to be reached.',
  },
  (cluster) => [...gatewayRoutes(cluster).flatMap((route) => astray(cluster, route)), ...ingresses(cluster)],
);

function gatewayRoutes(cluster: Cluster): Route[] {
  return cluster.of('ConfigMap').flatMap((object) =>
    Object.values(recordAt(object.object, 'data')).flatMap((text) => {
      if (!/routes:/.test(text)) return [];
      let value: unknown;
      try {
        value = parse(text);
      } catch {
        return [];
      }
      return routeListsIn(value, 0).flatMap((route): Route[] => {
        const target = targetOf(textAt(route, 'uri') || textAt(route, 'url') || textAt(route, 'backend'));
        if (target === undefined) return [];
        const path =
          listAt(route, 'predicates')
            .map(String)
            .find((one) => one.startsWith('Path=')) ?? textAt(route, 'path');
        return [{ id: textAt(route, 'id') || textAt(route, 'name'), path: path.replace('Path=', ''), target, object }];
      });
    }),
  );
}

/** Lists under a key `routes`, wherever they are. */
function routeListsIn(value: unknown, depth: number): unknown[] {
  if (depth > 8 || typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === 'routes' && Array.isArray(inner) ? inner : routeListsIn(inner, depth + 1),
  );
}

/** The host of a target; `${X:name}` counts as its default, `name`. */
function targetOf(uri: string): string | undefined {
  const plain = uri.replace(/\$\{[^:}]*:([^}]*)\}/g, '$1');
  return /^(?:\w+:\/\/)?([a-z0-9][a-z0-9.-]*)/i.exec(plain)?.[1]?.split('.')[0];
}

function astray(cluster: Cluster, route: Route): Failed[] {
  const services = cluster.of('Service').filter(({ namespace }) => namespace === route.object.namespace);
  const prefix = commonPrefixOf(services.map(({ name }) => name));
  const bare = (name: string): string =>
    name
      .toLowerCase()
      .replace(prefix, '')
      .replaceAll(/[-_]/g, '')
      .replace(/(service|svc|api)$/, '');
  const segments = route.path.split('/').filter((part) => part !== '' && !/^(api|v\d+|\*+)$/.test(part));
  const meant = services.find(
    ({ name }) => bare(name) !== '' && [route.id, ...segments.slice(0, 1)].some((word) => bare(word) === bare(name)),
  );
  if (meant === undefined || meant.name === route.target) return [];
  const isThere = services.some(({ name }) => name === route.target);
  // An existing target whose own name fits the path or the id too is a choice, not a mistake.
  if (isThere && [route.id, ...segments].some((word) => bare(word) === bare(route.target))) return [];
  return [
    {
      entity: entityIdOf('service', meant.name),
      faultKind: 'route-misconfigured',
      statement: `the route ${route.id || route.path} of ${route.object.name} leads to ${route.target}${isThere ? '' : ', which does not exist'}, not to ${meant.name}`,
      severity: 0.92,
      objects: [route.object, meant],
    },
  ];
}

/** The first word with its dash that most names begin with (`shop-`), as a pattern; matches nothing where there is none. */
function commonPrefixOf(names: readonly string[]): RegExp {
  const counts = new Map<string, number>();
  for (const name of names) {
    const word = /^[a-z0-9]+-/.exec(name)?.[0];
    if (word !== undefined) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  const [word, count] = [...counts].sort((left, right) => right[1] - left[1])[0] ?? ['', 0];
  return count >= Math.max(3, names.length / 2) ? new RegExp(`^${word}`) : /(?!)/;
}

function ingresses(cluster: Cluster): Failed[] {
  if (cluster.of('Service').length === 0) return [];
  return cluster.of('Ingress').flatMap((ingress) =>
    listAt(ingress.object, 'spec', 'rules')
      .flatMap((rule) => listAt(rule, 'http', 'paths'))
      .flatMap((path): Failed[] => {
        const name = textAt(memberOf(path, 'backend', 'service'), 'name');
        if (name === '' || cluster.get('Service', name, ingress.namespace) !== undefined) return [];
        return [
          {
            entity: entityIdOf('service', name),
            faultKind: 'route-misconfigured',
            statement: `ingress ${ingress.name} leads ${textAt(path, 'path')} to service ${name}, which does not exist`,
            severity: 0.85,
            objects: [ingress],
          },
        ];
      }),
  );
}
