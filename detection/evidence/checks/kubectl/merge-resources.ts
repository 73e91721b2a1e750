import type { Resource } from '../../../../domain/signal.ts';

/** Joins partial views of the same objects (by kind, namespace and name), later ones over earlier; lists and scalars are replaced, empty ones replace nothing. Events are kept once each. Order of first sight. */
export function mergeResources(resources: readonly Resource[]): Resource[] {
  const merged = new Map<string, Resource>();
  for (const resource of resources) {
    const key =
      resource.kind === 'Event'
        ? `Event|${resource.namespace ?? ''}|${resource.name}|${String(resource.object['message'])}`
        : `${resource.kind}|${resource.namespace ?? ''}|${resource.name}`;
    const known = merged.get(key);
    merged.set(key, known === undefined ? resource : { ...known, object: joined(known.object, resource.object) });
  }
  return [...merged.values()];
}

/** Maps that mean something as a whole only. */
const wholes = new Set(['selector', 'nodeSelector', 'labels', 'matchLabels', 'data', 'hard', 'used']);

function joined(base: Record<string, unknown>, over: Record<string, unknown>): Record<string, unknown> {
  const result = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const known = result[key];
    if (isEmpty(value) && known !== undefined) continue;
    result[key] = isRecord(known) && isRecord(value) && !wholes.has(key) ? joined(known, value) : value;
  }
  return result;
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true;
  if (Array.isArray(value)) return value.length === 0;
  return isRecord(value) && Object.keys(value).length === 0;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
