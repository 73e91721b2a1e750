import { containersOf } from './describe-containers.ts';
import type { Section } from './describe-sections.ts';
import { pairsOf, rowsOf, sectionOf, sectionsOf, valueOf } from './describe-sections.ts';

/** A described pod in the shape of the API. */
export function podOf(sections: readonly Section[]): Record<string, unknown> {
  const containers = containersOf(sectionOf(sections, 'Containers'));
  const initial = containersOf(sectionOf(sections, 'Init Containers'));
  const [ownerKind, ownerName] = valueOf(sections, 'Controlled By').split('/');
  return {
    metadata: {
      labels: pairsOf(sections, 'Labels'),
      annotations: annotationsOf(sectionOf(sections, 'Annotations')),
      ...(ownerName === undefined ? {} : { ownerReferences: [{ kind: ownerKind, name: ownerName }] }),
    },
    spec: {
      ...present('nodeName', valueOf(sections, 'Node').split('/')[0]),
      ...present('serviceAccountName', valueOf(sections, 'Service Account')),
      nodeSelector: pairsOf(sections, 'Node-Selectors'),
      tolerations: tolerationsOf(sectionOf(sections, 'Tolerations')),
      containers: containers.specs,
      initContainers: initial.specs,
      volumes: volumesOf(sectionOf(sections, 'Volumes')),
    },
    status: {
      phase: valueOf(sections, 'Status'),
      ...present('podIP', valueOf(sections, 'IP')),
      ...present('reason', valueOf(sections, 'Reason')),
      ...present('message', valueOf(sections, 'Message')),
      ...present('startTime', valueOf(sections, 'Start Time')),
      conditions: rowsOf(sectionOf(sections, 'Conditions')).map((row) => ({
        type: row['Type'],
        status: row['Status'],
      })),
      containerStatuses: containers.statuses,
      initContainerStatuses: initial.statuses,
    },
  };
}

/** A described deployment, stateful set, daemon set or replica set in the shape of the API. */
export function workloadOf(sections: readonly Section[]): Record<string, unknown> {
  const replicas = valueOf(sections, 'Replicas');
  const count = (word: string): number | undefined => {
    const match = new RegExp(`(\\d+) ${word}`).exec(replicas);
    return match === null ? undefined : Number(match[1]);
  };
  const template = sectionsOf(sectionOf(sections, 'Pod Template')?.lines ?? []);
  const desired = count('desired');
  const available = count('available') ?? count('current') ?? count('total');
  return {
    metadata: { labels: pairsOf(sections, 'Labels') },
    spec: {
      ...(desired === undefined ? {} : { replicas: desired }),
      selector: { matchLabels: pairsOf(sections, 'Selector') },
      template: {
        metadata: { labels: pairsOf(template, 'Labels') },
        spec: {
          ...present('serviceAccountName', valueOf(template, 'Service Account')),
          nodeSelector: pairsOf(template, 'Node-Selectors'),
          containers: containersOf(sectionOf(template, 'Containers')).specs,
          volumes: volumesOf(sectionOf(template, 'Volumes')),
        },
      },
    },
    status: available === undefined ? {} : { availableReplicas: available },
  };
}

function annotationsOf(section: Section | undefined): Record<string, string> {
  return Object.fromEntries(
    [section?.value ?? '', ...(section?.lines ?? [])].flatMap((line): [string, string][] => {
      const match = /^\s*([\w./-]+):\s(.*)$/.exec(line);
      return match === null ? [] : [[match[1] ?? '', match[2] ?? '']];
    }),
  );
}

function tolerationsOf(section: Section | undefined): object[] {
  return [section?.value ?? '', ...(section?.lines ?? [])].flatMap((line) => {
    const match = /^\s*([^\s=:]+)(?:=([^\s:]*))?(?::(\w+))?/.exec(line);
    if (match === null || match[1]?.startsWith('<') === true) return [];
    return [{ key: match[1], ...present('value', match[2]), ...present('effect', match[3]) }];
  });
}

function volumesOf(section: Section | undefined): object[] {
  return sectionsOf(section?.lines ?? []).map(({ key: name, lines }) => {
    const parts = sectionsOf(lines);
    const type = valueOf(parts, 'Type').split(' ')[0] ?? '';
    if (type === 'PersistentVolumeClaim')
      return { name, persistentVolumeClaim: { claimName: valueOf(parts, 'ClaimName') } };
    if (type === 'ConfigMap')
      return { name, configMap: { name: valueOf(parts, 'Name'), optional: valueOf(parts, 'Optional') === 'true' } };
    if (type === 'Secret')
      return {
        name,
        secret: { secretName: valueOf(parts, 'SecretName'), optional: valueOf(parts, 'Optional') === 'true' },
      };
    if (type === 'HostPath') return { name, hostPath: { path: valueOf(parts, 'Path') } };
    return { name };
  });
}

function present(key: string, value: string | undefined): object {
  return value === undefined || value === '' || value === '<none>' ? {} : { [key]: value };
}
