import { silentLogger } from '../../infra/runtime/logger.ts';
import type { SuiteOptions } from '../suite.ts';

/** What the tests of suites ask: the rules, the suite's own seeds, nothing left out and nothing logged. */
export const plainOptions: SuiteOptions = {
  reasoner: 'rules',
  seeds: [],
  faults: [],
  cases: [],
  without: [],
  logger: silentLogger,
};
