import { describe } from 'vitest';
import { createFakeClock } from '../infra/runtime/clock.ts';
import { silentLogger } from '../infra/runtime/logger.ts';
import { createMetrics } from '../infra/runtime/metrics.ts';
import { describeAccess } from './access.conformance.ts';
import { openKnowledge } from './knowledge.ts';

describe('access to knowledge in the file', () => {
  describeAccess((readers) => {
    const deps = { clock: createFakeClock('2030-01-01T00:00:00Z'), logger: silentLogger, metrics: createMetrics() };
    const knowledge = openKnowledge(deps, { folder: ':memory:', sources: [], readers });
    return Promise.resolve({ knowledge, close: () => knowledge.close() });
  });
});
