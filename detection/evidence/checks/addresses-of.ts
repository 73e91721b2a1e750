import type { Resource } from '../../../domain/signal.ts';
import type { Cluster } from './cluster.ts';
import { podSpecOf } from './cluster.ts';
import { listAt, recordAt, textAt } from './fields.ts';

/** An address that a workload is configured with. */
export interface ConfiguredAddress {
  /** The variable that holds it. */
  name: string;
  host: string;
  port?: number;
  /** The object that says so. */
  object: Resource;
}

/** Host and port of `host:port`, a URL or a bare host name; undefined for what is no address. */
export function hostOf(text: string): { host: string; port?: number } | undefined {
  const match =
    /^(?:[a-z][\w+.-]*:\/\/)?(?:[^@/\s]*@)?([a-z0-9][a-z0-9.-]*[a-z0-9]|[a-z0-9])(?::(\d{2,5}))?(?:[/?].*)?$/i.exec(
      text.trim(),
    );
  if (match?.[1] === undefined) return undefined;
  return { host: match[1].toLowerCase(), ...(match[2] === undefined ? {} : { port: Number(match[2]) }) };
}

/** The service that a host name means within a cluster: its first label, when it is bare or ends in the cluster's domain. */
export function serviceNameOf(host: string): string | undefined {
  const labels = host.split('.');
  if (labels.length > 1 && !/^[^.]+\.[^.]+(\.svc(\.cluster\.local)?)?$/.test(host) && !host.includes('.svc'))
    return undefined;
  return /^\d/.test(host) ? undefined : labels[labels.includes('svc') ? labels.indexOf('svc') - 2 : 0];
}

/**
 * Every address in the environment of an application: variables of its containers and those that come from config maps and secrets, whose
 * host and port variables (`X_HOST` beside `X_PORT`) are joined. Secrets count only where a manifest shows them.
 */
export function addressesOf(cluster: Cluster, app: string): ConfiguredAddress[] {
  const source = cluster.workloadsOf(app)[0] ?? cluster.podsOf(app)[0];
  if (source === undefined) return [];
  return listAt(podSpecOf(source), 'containers').flatMap((container) => {
    const own = Object.fromEntries(listAt(container, 'env').map((one) => [textAt(one, 'name'), textAt(one, 'value')]));
    const found = read(own, source);
    for (const reference of listAt(container, 'envFrom')) {
      const secret = textAt(reference, 'secretRef', 'name');
      const object = cluster.get(
        secret === '' ? 'ConfigMap' : 'Secret',
        secret || textAt(reference, 'configMapRef', 'name'),
        source.namespace,
      );
      if (object !== undefined)
        found.push(...read({ ...recordAt(object.object, 'data'), ...recordAt(object.object, 'stringData') }, object));
    }
    return found;
  });
}

function read(variables: Record<string, string>, object: Resource): ConfiguredAddress[] {
  const found: ConfiguredAddress[] = [];
  for (const [name, value] of Object.entries(variables)) {
    if (!/(HOST|ADDR|ADDRESS|URL|URI|ENDPOINT|SERVER|SERVICE)S?$/i.test(name) || value === '') continue;
    for (const part of value.split(',')) {
      const address = hostOf(part);
      if (address === undefined || /^(true|false|localhost|\d+)$/.test(address.host)) continue;
      const sibling = variables[name.replace(/(HOST|ADDR|ADDRESS)$/i, 'PORT')];
      const port = address.port ?? (sibling !== undefined && /^\d+$/.test(sibling) ? Number(sibling) : undefined);
      found.push({ name, host: address.host, ...(port === undefined ? {} : { port }), object });
    }
  }
  return found;
}
