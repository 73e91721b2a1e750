import { memberOf } from '../../../infra/runtime/member-of.ts';

/** The list at a path, or an empty one. Never throws on odd objects. */
export function listAt(value: unknown, ...path: readonly string[]): unknown[] {
  const found = memberOf(value, ...path);
  return Array.isArray(found) ? found : [];
}

/** The text at a path, numbers written out, or an empty text. */
export function textAt(value: unknown, ...path: readonly string[]): string {
  const found = memberOf(value, ...path);
  return typeof found === 'string' ? found : typeof found === 'number' ? String(found) : '';
}

/** The number at a path, also where it is written as text; undefined otherwise. */
export function numberAt(value: unknown, ...path: readonly string[]): number | undefined {
  const found = memberOf(value, ...path);
  if (typeof found === 'number') return found;
  return typeof found === 'string' && /^\d+(\.\d+)?$/.test(found) ? Number(found) : undefined;
}

/** The texts of a plain object at a path, or an empty record. */
export function recordAt(value: unknown, ...path: readonly string[]): Record<string, string> {
  const found = memberOf(value, ...path);
  if (typeof found !== 'object' || found === null || Array.isArray(found)) return {};
  const record: Record<string, string> = {};
  for (const [key, inner] of Object.entries(found))
    if (typeof inner === 'string' || typeof inner === 'number' || typeof inner === 'boolean')
      record[key] = String(inner);
  return record;
}
