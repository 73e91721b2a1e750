import type { Section } from './describe-sections.ts';
import { pairsOf, rowsOf, sectionOf, sectionsOf, valueOf } from './describe-sections.ts';

/** A described service in the shape of the API; `status.endpoints` keeps the addresses that are printed with it. */
export function serviceOf(sections: readonly Section[]): Record<string, unknown> {
  const ports: { name?: string; port: number; protocol: string; targetPort?: number | string; endpoints?: string }[] =
    [];
  for (const { key, value } of sections) {
    const match = /^(?:(\S+)\s+)?(\S+)\/(\w+)$/.exec(value);
    const last = ports.at(-1);
    if (key === 'Port' && match !== null)
      ports.push({
        ...(match[1] === undefined || match[1] === '<unset>' ? {} : { name: match[1] }),
        port: Number(match[2]),
        protocol: match[3] ?? 'TCP',
      });
    else if (key === 'TargetPort' && match !== null && last !== undefined)
      last.targetPort = /^\d+$/.test(match[2] ?? '') ? Number(match[2]) : (match[2] ?? '');
    else if (key === 'Endpoints' && last !== undefined) last.endpoints = value === '<none>' ? '' : value;
  }
  return {
    metadata: { labels: pairsOf(sections, 'Labels') },
    spec: {
      type: valueOf(sections, 'Type'),
      clusterIP: valueOf(sections, 'IP'),
      selector: pairsOf(sections, 'Selector'),
      ports: ports.map(({ endpoints: _endpoints, ...port }) => port),
    },
    status: { endpoints: ports.map(({ endpoints }) => endpoints ?? '') },
  };
}

/** A described node in the shape of the API, with what is allocated on it. */
export function nodeOf(sections: readonly Section[]): Record<string, unknown> {
  const taints = [sectionOf(sections, 'Taints')?.value ?? '', ...(sectionOf(sections, 'Taints')?.lines ?? [])];
  const mapAt = (key: string): Record<string, string> =>
    Object.fromEntries(sectionsOf(sectionOf(sections, key)?.lines ?? []).map((inner) => [inner.key, inner.value]));
  return {
    metadata: { labels: pairsOf(sections, 'Labels') },
    spec: {
      unschedulable: valueOf(sections, 'Unschedulable') === 'true',
      taints: taints.flatMap((line) => {
        const match = /^\s*([^\s=:<]+)(?:=([^\s:]*))?:(\w+)\s*$/.exec(line);
        return match === null ? [] : [{ key: match[1], value: match[2] ?? '', effect: match[3] }];
      }),
    },
    status: {
      capacity: mapAt('Capacity'),
      allocatable: mapAt('Allocatable'),
      conditions: rowsOf(sectionOf(sections, 'Conditions')).map((row) => ({
        type: row['Type'],
        status: row['Status'],
        reason: row['Reason'],
        message: row['Message'],
        lastTransitionTime: row['LastTransitionTime'],
      })),
    },
  };
}

/** A described claim or volume in the shape of the API. */
export function volumeOf(sections: readonly Section[]): Record<string, unknown> {
  const modes = valueOf(sections, 'Access Modes')
    .split(',')
    .map((mode) => accessModes[mode.trim()] ?? mode.trim())
    .filter((mode) => mode !== '');
  const [namespace, name] = valueOf(sections, 'Claim').split('/');
  const capacity = valueOf(sections, 'Capacity');
  return {
    metadata: { labels: pairsOf(sections, 'Labels') },
    spec: {
      storageClassName: valueOf(sections, 'StorageClass'),
      volumeName: valueOf(sections, 'Volume'),
      ...(modes.length === 0 ? {} : { accessModes: modes }),
      ...(capacity === '' ? {} : { capacity: { storage: capacity } }),
      ...(name === undefined ? {} : { claimRef: { namespace, name } }),
    },
    status: { phase: valueOf(sections, 'Status') },
  };
}

/** The short words of kubectl for access modes. */
export const accessModes: Readonly<Record<string, string>> = {
  RWO: 'ReadWriteOnce',
  ROX: 'ReadOnlyMany',
  RWX: 'ReadWriteMany',
  RWOP: 'ReadWriteOncePod',
};

/** A described quota in the shape of the API. */
export function quotaOf(text: string): Record<string, unknown> {
  const used: Record<string, string> = {};
  const hard: Record<string, string> = {};
  for (const line of text.split('\n')) {
    const match = /^\s*([a-z][\w./-]*)\s{2,}(\d\S*)\s+(\d\S*)\s*$/.exec(line);
    if (match?.[1] === undefined) continue;
    used[match[1]] = match[2] ?? '';
    hard[match[1]] = match[3] ?? '';
  }
  return { spec: { hard }, status: { hard, used } };
}

/** A described network policy: the pods that it selects and whether it lets anything in. */
export function networkPolicyOf(sections: readonly Section[]): Record<string, unknown> {
  const spec = sectionsOf(sectionOf(sections, 'Spec')?.lines ?? []);
  const rules = (key: string): object[] | undefined => {
    const section = sectionOf(spec, key);
    if (section === undefined) return undefined;
    return section.lines.some((line) => line.includes('<none>')) ? [] : [{}];
  };
  const ingress = rules('Allowing ingress traffic');
  const egress = rules('Allowing egress traffic');
  return {
    spec: {
      podSelector: { matchLabels: pairsOf(spec, 'PodSelector') },
      policyTypes: valueOf(spec, 'Policy Types')
        .split(',')
        .map((type) => type.trim()),
      ...(ingress === undefined ? {} : { ingress }),
      ...(egress === undefined ? {} : { egress }),
    },
  };
}

/** The data of a described config map. */
export function configMapOf(text: string): Record<string, unknown> {
  const data: Record<string, string> = {};
  const body = /\nData\n====\n([\s\S]*?)(?:\nBinaryData\n====|\nEvents:|$)/.exec(text)?.[1] ?? '';
  const parts = body.split(/^([\w.-]+):\n----\n/m);
  for (let index = 1; index + 1 < parts.length; index += 2)
    data[parts[index] ?? ''] = (parts[index + 1] ?? '').trimEnd();
  return { data };
}
