import type { Agent } from './agent.ts';
import { emptyReport } from './agent.ts';
import { note } from './sentence.ts';

/** Resource use and costs. */
export function createOptimizer(): Agent {
  return {
    name: 'optimizer',
    description: 'Reports resource use and costs from what is connected.',
    toolNames: ['query_metrics', 'report_costs'],
    run: () => Promise.resolve(emptyReport({ headline: [note('No source of costs is connected.')] })),
  };
}
