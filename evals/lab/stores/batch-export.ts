import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';

// A nightly export that someone started by day: long transactions, short pauses.
const [file, holdMs] = process.argv.slice(2);
if (file === undefined) throw new Error('no database file given');
process.on('disconnect', () => process.exit(0));
const database = new DatabaseSync(file, { timeout: 5000 });
for (;;) {
  database.exec('BEGIN EXCLUSIVE');
  await delay(Number(holdMs));
  database.exec('COMMIT');
  await delay(120);
}
