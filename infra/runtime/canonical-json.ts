import { createHash } from 'node:crypto';

/**
 * JSON with sorted keys and no spaces (in the manner of RFC 8785), so that equal values give equal bytes. `undefined` members are left
 * out; NaN and infinities become null, as in JSON.stringify. Throws on cycles.
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) => {
    if (member === null || typeof member !== 'object' || Array.isArray(member)) return member;
    const entries = Object.entries(member).sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0));
    // A plain `__proto__` key would be lost by Object.fromEntries' target, so the copy has no prototype.
    const copy: object = Object.create(null);
    for (const [key, inner] of entries) Reflect.set(copy, key, inner);
    return copy;
  });
}

/** SHA-256 of the canonical JSON, in hexadecimal. */
export function contentHash(value: unknown): string {
  return createHash('sha256')
    .update(canonicalJson(value) ?? 'undefined')
    .digest('hex');
}

/** SHA-256 of bytes or text, in hexadecimal. */
export function bytesHash(bytes: string | Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
