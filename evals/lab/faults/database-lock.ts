import { join } from 'node:path';
import type { Fault } from './fault.ts';

/** A batch process of its own holds an exclusive lock on a database, again and again. */
export const databaseLock: Fault = {
  kind: 'database-lock',
  culprit: true,
  targets: (world) => world.databases.map((database) => database.name),
  inject: (levers, target, random) => {
    const holdMs = String(random.int(1800, 3200));
    const script = join(import.meta.dirname, '..', 'stores', 'batch-export.ts');
    return levers.runForeign(script, levers.databaseFile(target), holdMs);
  },
};
