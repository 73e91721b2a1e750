import { checkAddresses } from './check-addresses.ts';
import { checkAdmission } from './check-admission.ts';
import { checkAlerts } from './check-alerts.ts';
import { checkAutoscalers } from './check-autoscalers.ts';
import { checkClaims } from './check-claims.ts';
import { checkConditions } from './check-conditions.ts';
import { checkDatabases } from './check-databases.ts';
import { checkExits } from './check-exits.ts';
import { checkImages } from './check-images.ts';
import { checkJobs } from './check-jobs.ts';
import { checkNetworkPolicies } from './check-network-policies.ts';
import { checkNodes } from './check-nodes.ts';
import { checkProbeKills } from './check-probe-kills.ts';
import { checkProbes } from './check-probes.ts';
import { checkQuotas } from './check-quotas.ts';
import { checkReferences } from './check-references.ts';
import { checkReplicas } from './check-replicas.ts';
import { checkResolution } from './check-resolution.ts';
import { checkRoutes } from './check-routes.ts';
import { checkScheduling } from './check-scheduling.ts';
import { checkServices } from './check-services.ts';
import { checkWebhooks } from './check-webhooks.ts';
import type { Check } from './check.ts';

/** Every family of checks; one line each. */
export const resourceChecks: readonly Check[] = [
  checkQuotas,
  checkAdmission,
  checkScheduling,
  checkClaims,
  checkImages,
  checkReferences,
  checkExits,
  checkProbes,
  checkProbeKills,
  checkServices,
  checkReplicas,
  checkAddresses,
  checkRoutes,
  checkResolution,
  checkDatabases,
  checkNetworkPolicies,
  checkNodes,
  checkJobs,
  checkAutoscalers,
  checkWebhooks,
  checkConditions,
  checkAlerts,
];
