import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { dataDomains } from '../names.ts';
import { initialRows, tableDesigns } from './table-designs.ts';

// Migrations and imports of one table. With a number of rows: drop the index, then import that many rows a second,
// up to five times the initial size. With zero: build the index again.
const [file, table, rowsPerSecond = '0'] = process.argv.slice(2);
const domain = dataDomains.find((name) => name === table);
if (file === undefined || domain === undefined) throw new Error('usage: import-rows FILE TABLE ROWS');
process.on('disconnect', () => process.exit(0));
const database = new DatabaseSync(file, { timeout: 5000 });
database.exec('PRAGMA synchronous = OFF; PRAGMA cache_size = -64000');
const design = tableDesigns[domain];
const rows = Number(rowsPerSecond);
if (rows === 0) {
  database.exec(`CREATE INDEX IF NOT EXISTS ${design.index} ON ${design.indexOn}`);
  process.exit(0);
}
database.exec(`DROP INDEX IF EXISTS ${design.index}`);
for (;;) {
  const top = Number(database.prepare(`SELECT max(id) AS top FROM ${domain}`).get()?.['top'] ?? 0);
  if (top < initialRows * 5) database.prepare(design.grow).run(top + 1, Math.round(rows / 2));
  await delay(500);
}
