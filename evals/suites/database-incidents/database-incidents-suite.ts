import { readDatabaseLook } from '../../../detection/evidence/database/read-database-look.ts';
import { systemClock } from '../../../infra/runtime/clock.ts';
import type { Suite } from '../../suite.ts';
import { systemCases } from '../system-cases.ts';
import { readDatabaseCase } from './read-case.ts';
import { scoreDatabaseIncidents } from './score-database-incidents.ts';

/** One look into a database that suffers, or does not: what keeps it, and the statement behind it. */
export function createDatabaseIncidentsSuite(): Suite {
  return {
    name: 'database-incidents',
    description:
      'One look into a database under load: processor, disk, lock, network or nothing, and the culprit statement.',
    async *predict(options) {
      for (const one of systemCases(options)) {
        const look = readDatabaseCase(one.path);
        const startedAt = systemClock.monotonic();
        const { cause, statement, reason } = readDatabaseLook(look);
        await Promise.resolve();
        yield {
          case: one.name,
          line: { cause, statement: statement?.text ?? null, reason },
          elapsedMs: systemClock.monotonic() - startedAt,
          calls: 0,
          tokens: 0,
          dollars: 0,
        };
      }
    },
    score: (predictions, truth) => Promise.resolve(scoreDatabaseIncidents(predictions, truth)),
  };
}
