import type { Agent } from './agent.ts';
import { emptyReport } from './agent.ts';
import { note } from './sentence.ts';

/** Known advisories of declared dependencies. */
export function createSecurityAnalyst(): Agent {
  return {
    name: 'security-analyst',
    description: 'Reports known advisories of declared dependencies.',
    toolNames: ['find_advisories'],
    run: () => Promise.resolve(emptyReport({ headline: [note('No source of advisories is connected.')] })),
  };
}
