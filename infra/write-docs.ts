import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { generatedDocs } from './generated-docs.ts';
import { rootFolder } from './source-files.ts';

for (const [path, text] of Object.entries(await generatedDocs())) {
  mkdirSync(dirname(join(rootFolder, path)), { recursive: true });
  writeFileSync(join(rootFolder, path), text);
}
