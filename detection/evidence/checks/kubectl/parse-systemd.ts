import type { Resource } from '../../../../domain/signal.ts';

/** The state of a node's service from `systemctl status`, as a resource of kind `NodeService`; undefined when the text tells no state. */
export function parseSystemd(node: string, service: string, text: string): Resource | undefined {
  const match = /^\s*Active: (\w+)(?: \((\w[\w-]*)\))?(?: since ([^;\n]+))?/m.exec(text);
  if (match === null) return undefined;
  const since = Date.parse((match[3] ?? '').replace(/^\w{3} /, '').replace(/ CST$/, ' +0800'));
  const journal = text
    .split('\n')
    .filter((line) => /^[A-Z][a-z]{2} \d{2} \d{2}:/.test(line))
    .slice(-8);
  return {
    kind: 'NodeService',
    name: `${node}/${service}`,
    object: {
      node,
      service,
      active: match[1],
      sub: match[2] ?? '',
      ...(Number.isFinite(since) ? { since: new Date(since).toISOString() } : {}),
      journal,
    },
  };
}
