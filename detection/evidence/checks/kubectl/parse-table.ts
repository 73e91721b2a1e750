import type { Resource } from '../../../../domain/signal.ts';
import type { KubectlContext } from './kubectl-context.ts';
import { isNamespaced } from './kubectl-context.ts';
import { accessModes } from './describe-objects.ts';

type Row = Record<string, string>;

const builders: Readonly<Record<string, (row: Row) => Record<string, unknown>>> = {
  Pod: (row) => {
    const [ready = 0, total = 0] = (row['READY'] ?? '').split('/').map(Number);
    return {
      spec: held('nodeName', row['NODE']),
      status: {
        printed: row['STATUS'],
        allReady: total > 0 && ready === total,
        restarts: Number.parseInt(row['RESTARTS'] ?? '0', 10) || 0,
        ...held('podIP', row['IP']),
      },
    };
  },
  Deployment: replicasOf,
  StatefulSet: replicasOf,
  Service: (row) => ({ spec: { type: row['TYPE'], ...held('clusterIP', row['CLUSTER-IP']) } }),
  Endpoints: (row) => ({ addresses: row['ENDPOINTS'] === '<none>' ? '' : row['ENDPOINTS'] }),
  Node: (row) => ({
    spec: (row['STATUS'] ?? '').includes('SchedulingDisabled') ? { unschedulable: true } : {},
    status: {
      conditions: [{ type: 'Ready', status: (row['STATUS'] ?? '').split(',')[0] === 'Ready' ? 'True' : 'False' }],
    },
  }),
  PersistentVolumeClaim: (row) => ({
    spec: { ...held('storageClassName', row['STORAGECLASS']), ...modes(row['ACCESS MODES']) },
    status: { phase: row['STATUS'] },
  }),
  PersistentVolume: (row) => {
    const [namespace, name] = (row['CLAIM'] ?? '').split('/');
    return {
      spec: {
        capacity: { storage: row['CAPACITY'] },
        ...held('storageClassName', row['STORAGECLASS']),
        ...modes(row['ACCESS MODES']),
        ...(name === undefined ? {} : { claimRef: { namespace, name } }),
      },
      status: { phase: row['STATUS'] },
    };
  },
  ResourceQuota: (row) => {
    const used: Row = {};
    const hard: Row = {};
    for (const part of `${row['REQUEST'] ?? ''},${row['LIMIT'] ?? ''}`.split(',')) {
      const match = /^\s*(\S+): (\S+)\/(\S+)\s*$/.exec(part);
      if (match?.[1] === undefined) continue;
      used[match[1]] = match[2] ?? '';
      hard[match[1]] = match[3] ?? '';
    }
    return { spec: { hard }, status: { hard, used } };
  },
};

/** The objects that `kubectl get <kind>` listed, as far as the columns tell. */
export function parseTable(kind: string, text: string, context: KubectlContext): Resource[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const header = lines[0] ?? '';
  if (!header.startsWith('NAME')) return [];
  const columns = [...header.matchAll(/\S+(?: \S+)*/g)].map((match) => ({ name: match[0], from: match.index }));
  return lines.slice(1).flatMap((line) => {
    const row: Row = {};
    for (const [index, { name, from }] of columns.entries())
      row[name] = line.slice(from, columns[index + 1]?.from).trim();
    const name = row['NAME'] ?? '';
    if (name === '') return [];
    const namespace = isNamespaced(kind) ? (row['NAMESPACE'] ?? context.namespace) : undefined;
    const labels = labelsOf(row['LABELS']);
    const object = {
      metadata: {
        name,
        ...(namespace === undefined ? {} : { namespace }),
        ...(labels === undefined ? {} : { labels }),
      },
      ...builders[kind]?.(row),
    };
    return [{ kind, name, ...(namespace === undefined ? {} : { namespace }), object }];
  });
}

function replicasOf(row: Row): Record<string, unknown> {
  const [ready = 0, desired = 0] = (row['READY'] ?? '').split('/').map(Number);
  return { spec: { replicas: desired }, status: { readyReplicas: ready } };
}

function labelsOf(text: string | undefined): Row | undefined {
  if (text === undefined || text === '<none>') return undefined;
  return Object.fromEntries(
    text.split(',').map((part): [string, string] => [part.split('=')[0] ?? '', part.slice(part.indexOf('=') + 1)]),
  );
}

function held(key: string, value: string | undefined): object {
  return value === undefined || value === '' || value.startsWith('<') ? {} : { [key]: value };
}

function modes(text: string | undefined): object {
  return text === undefined || text === ''
    ? {}
    : { accessModes: text.split(',').map((mode) => accessModes[mode.trim()] ?? mode.trim()) };
}
