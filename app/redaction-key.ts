import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';

/** The key of redaction tokens, made once and kept beside the data: the same secret has the same token in all capsules of one installation. */
export function redactionKey(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    const key = randomBytes(32).toString('hex');
    writeFileSync(path, key, { mode: 0o600 });
    return key;
  }
}
