import { serverOfMetric } from './known-servers.ts';

/** Whose a series is where an exporter gives it. */
export interface ExporterTarget {
  /** Absent for a service. */
  kind?: 'host' | 'endpoint';
  /** The name of the thing that is measured: the job without what makes it an exporter's, or the software's name. */
  name: string;
  /** Where it listens, as a label of the exporter says. */
  address?: string;
}

const targetLabels = ['server', 'addr', 'target', 'dsn', 'mongodb_host', 'redis_instance'];
/** What every program that exposes metrics says of itself. */
const ownPrefixes = ['process_', 'go_', 'promhttp_', 'python_', 'scrape_', 'http_request', 'net_conntrack_'];

/** The name that is left of a job once `exporter` and who packaged it are taken away; undefined for a job that names no exporter. */
export function nameWithoutExporter(job: string): string | undefined {
  const words = job.split(/[-_]/);
  const at = words.findIndex((word) => word.toLowerCase() === 'exporter');
  if (at < 0) return undefined;
  const kept = words.filter((word, index) => index !== at && !(index === 0 && word === 'prometheus'));
  return kept.length === 0 ? undefined : kept.join('-');
}

/** Whether a series is about the program that exposes it and not about what that measures: an exporter that is down says nothing of its target. */
export function isOfExposer(metric: string): boolean {
  if (metric === 'up') return true;
  return (
    ownPrefixes.some((prefix) => metric.startsWith(prefix)) ||
    metric.endsWith('_exporter_build_info') ||
    metric.includes('_exporter_')
  );
}

/** The host that a host exporter measures; undefined where its address is the loopback's, which every host has. */
export function hostOfMetric(metric: string, labels: Readonly<Record<string, string>>): string | undefined {
  if (!metric.startsWith('node_') && !metric.startsWith('windows_')) return undefined;
  const named = labels['nodename'] ?? labels['node'];
  if (named !== undefined && named !== '') return named;
  const host = addressOf(labels['instance'] ?? '')?.replace(/:\d+$/, '');
  return host === undefined || host.startsWith('127.') ? undefined : host;
}

/**
 * Whose a series is that an exporter gives, by its name and labels: a probe is its target's, `pg_*` of a job called an exporter is the database's.
 * Undefined for a series that belongs to whom its job names.
 */
export function exporterTargetOf(metric: string, labels: Readonly<Record<string, string>>): ExporterTarget | undefined {
  if (metric.startsWith('probe_')) {
    const target = addressOf(labels['target'] ?? labels['instance'] ?? '');
    return target === undefined ? undefined : { name: target, kind: 'endpoint', address: target };
  }
  if (isOfExposer(metric)) return undefined;
  const host = hostOfMetric(metric, labels);
  if (host !== undefined) return { name: host, kind: 'host' };
  const server = serverOfMetric(metric);
  const job = labels['job'] ?? labels['service'] ?? labels['app'] ?? '';
  const stem = nameWithoutExporter(job);
  const told = targetLabels.map((label) => labels[label]).find((value) => value !== undefined && value !== '');
  const address = told === undefined || server === undefined ? undefined : addressOf(told);
  if (stem === undefined && address === undefined) return undefined;
  const name = stem ?? (job === '' ? (server?.name ?? 'unknown') : job);
  return { name, ...(address === undefined ? {} : { address }) };
}

/** `host:port` or a host of an address, URL or connection string, `localhost` as its number, without a user; undefined for a text that is none. */
export function addressOf(text: string): string | undefined {
  const scheme = text.indexOf('://');
  const rest = scheme < 0 ? text : text.slice(scheme + 3);
  const end = rest.search(/[/?,\s]/);
  const part = end < 0 ? rest : rest.slice(0, end);
  const address = part
    .slice(part.lastIndexOf('@') + 1)
    .replace(/^(?:tcp)\(([^)]*)\)$/, '$1')
    .toLowerCase();
  if (address === '' || !/^[\w.-]{1,253}(?::\d{1,5})?$/.test(address)) return undefined;
  const whole = address.replace(/^localhost(?=:|$)/, '127.0.0.1').replace(/\.$/, '');
  if (/:\d/.test(whole) || scheme < 0) return whole;
  const port = { 'http:': 80, 'https:': 443 }[text.slice(0, scheme + 1).toLowerCase()];
  return port === undefined ? whole : `${whole}:${port}`;
}
