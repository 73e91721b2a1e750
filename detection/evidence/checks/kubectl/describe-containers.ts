import type { Section } from './describe-sections.ts';
import { sectionOf, sectionsOf, valueOf } from './describe-sections.ts';

/** The container specs and statuses under `Containers:` or `Init Containers:` of a described pod or template. */
export function containersOf(section: Section | undefined): { specs: object[]; statuses: object[] } {
  const specs: object[] = [];
  const statuses: object[] = [];
  for (const { key: name, lines } of section === undefined ? [] : sectionsOf(section.lines)) {
    const parts = sectionsOf(lines);
    specs.push({
      name,
      image: valueOf(parts, 'Image'),
      ports: portsOf(parts),
      resources: { limits: mapOf(parts, 'Limits'), requests: mapOf(parts, 'Requests') },
      ...probeOf(parts, 'Liveness', 'livenessProbe'),
      ...probeOf(parts, 'Readiness', 'readinessProbe'),
      ...probeOf(parts, 'Startup', 'startupProbe'),
      env: envOf(sectionOf(parts, 'Environment')),
      envFrom: envFromOf(sectionOf(parts, 'Environment Variables from')),
      volumeMounts: mountsOf(sectionOf(parts, 'Mounts')),
    });
    if (sectionOf(parts, 'State') === undefined && sectionOf(parts, 'Ready') === undefined) continue;
    statuses.push({
      name,
      ready: valueOf(parts, 'Ready') === 'True',
      restartCount: Number(valueOf(parts, 'Restart Count') || 0),
      ...stateOf(parts, 'State', 'state'),
      ...stateOf(parts, 'Last State', 'lastState'),
    });
  }
  return { specs, statuses };
}

function mapOf(parts: readonly Section[], key: string): Record<string, string> {
  const section = sectionOf(parts, key);
  return Object.fromEntries(sectionsOf(section?.lines ?? []).map((inner) => [inner.key, inner.value]));
}

function portsOf(parts: readonly Section[]): object[] {
  const text = valueOf(parts, 'Port') || valueOf(parts, 'Ports');
  return text.split(',').flatMap((part) => {
    const match = /^\s*(\d+)\/(\w+)/.exec(part);
    return match === null ? [] : [{ containerPort: Number(match[1]), protocol: match[2] }];
  });
}

function stateOf(parts: readonly Section[], key: string, member: string): object {
  const section = sectionOf(parts, key);
  if (section === undefined || section.value === '') return {};
  const inner = sectionsOf(section.lines);
  const exit = valueOf(inner, 'Exit Code');
  const detail = {
    reason: valueOf(inner, 'Reason'),
    message: valueOf(inner, 'Message'),
    startedAt: valueOf(inner, 'Started'),
    ...(exit === '' ? {} : { exitCode: Number(exit) }),
    finishedAt: valueOf(inner, 'Finished'),
  };
  return { [member]: { [section.value.toLowerCase()]: detail } };
}

const handlers: readonly { pattern: RegExp; build: (match: RegExpExecArray) => object }[] = [
  { pattern: /^grpc \S*?:(\d+)/, build: (match) => ({ grpc: { port: Number(match[1]) } }) },
  { pattern: /^tcp-socket \S*?:(\d+)/, build: (match) => ({ tcpSocket: { port: Number(match[1]) } }) },
  {
    pattern: /^http-get (https?):\/\/[^:/]*:(\w*)(\S*)/,
    build: (match) => ({ httpGet: { scheme: match[1], port: Number(match[2]) || match[2], path: match[3] } }),
  },
  { pattern: /^exec \[(.*?)\]/, build: (match) => ({ exec: { command: [match[1]] } }) },
];

/** A probe line: `grpc <pod>:8081 delay=5s timeout=1s period=10s #success=1 #failure=3`. */
function probeOf(parts: readonly Section[], key: string, member: string): object {
  const text = valueOf(parts, key);
  for (const { pattern, build } of handlers) {
    const match = pattern.exec(text);
    if (match === null) continue;
    const number = (name: RegExp): number => Number(name.exec(text)?.[1] ?? 0);
    return {
      [member]: {
        ...build(match),
        initialDelaySeconds: number(/delay=(\d+)s/),
        timeoutSeconds: number(/timeout=(\d+)s/),
        periodSeconds: number(/period=(\d+)s/),
        failureThreshold: number(/#failure=(\d+)/),
      },
    };
  }
  return {};
}

function envOf(section: Section | undefined): object[] {
  return (section?.lines ?? []).flatMap((line) => {
    const match = /^\s+([A-Za-z_][\w.-]*):\s+(\S.*?)\s*$/.exec(line);
    return match === null || /^[<(]/.test(match[2] ?? '') ? [] : [{ name: match[1], value: match[2] }];
  });
}

function envFromOf(section: Section | undefined): object[] {
  return (section?.lines ?? []).flatMap((line) => {
    const match = /^\s+(\S+)\s+(Secret|ConfigMap)\s+(?:with prefix \S+\s+)?Optional: (\w+)/.exec(line);
    if (match === null) return [];
    const reference = { name: match[1], optional: match[3] === 'true' };
    return [match[2] === 'Secret' ? { secretRef: reference } : { configMapRef: reference }];
  });
}

function mountsOf(section: Section | undefined): object[] {
  return (section?.lines ?? []).flatMap((line) => {
    const match = /^\s+(\S+) from (\S+) \(([^)]*)\)/.exec(line);
    return match === null ? [] : [{ mountPath: match[1], name: match[2], readOnly: match[3]?.startsWith('ro') }];
  });
}
