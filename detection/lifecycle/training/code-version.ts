import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bytesHash, contentHash } from '../../../infra/runtime/canonical-json.ts';

const folders = [
  'lifecycle/features',
  'lifecycle/ingest',
  'lifecycle/validation',
  'lifecycle/training',
  'models/trees',
  'models/outliers',
  'models/onnx',
];

/** The hash of the source that training runs (tests left out), so that a change of code trains anew and a model tells which code made it. */
export function codeVersion(): string {
  const root = join(import.meta.dirname, '..', '..');
  const hashes: Record<string, string> = {};
  for (const folder of folders) {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      if (!entry.isFile() || !entry.name.endsWith('.ts') || /\.(test|bench|conformance)\.ts$|^fake-/.test(entry.name))
        continue;
      hashes[`${folder}/${entry.name}`] = bytesHash(readFileSync(join(root, folder, entry.name)));
    }
  }
  return contentHash(hashes).slice(0, 16);
}
