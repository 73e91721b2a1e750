import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generatedDocs } from './generated-docs.ts';
import { rootFolder } from './source-files.ts';

for (const [path, text] of Object.entries(await generatedDocs())) writeFileSync(join(rootFolder, path), text);
