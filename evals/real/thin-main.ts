import { cpSync } from 'node:fs';
import { openCapsule } from '../../tools/sources/capsule/open-capsule.ts';
import { thinCapsule } from './thin-capsule.ts';

// Makes kept capsules small enough for the repository: node thin-main.ts <capsule> <folder>. Their truth goes with them.
const [from = '', to = ''] = process.argv.slice(2);
await thinCapsule(await openCapsule(from), to, /\/tmp\/cerebro-real-[a-z]+-\w+/g);
cpSync(`${from}.truth.json`, `${to}.truth.json`);
