import type { Agent } from './agent.ts';
import { createDiagnostician } from './diagnostician.ts';
import { createInvestigator } from './investigator.ts';
import { createOptimizer } from './optimizer.ts';
import { createRemediator } from './remediator.ts';
import { createSecurityAnalyst } from './security-analyst.ts';

/** The five agents. */
export function createAgents(): Agent[] {
  return [createInvestigator(), createDiagnostician(), createRemediator(), createOptimizer(), createSecurityAnalyst()];
}
