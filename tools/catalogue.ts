import type { KnowledgeSearch } from './knowledge-search.ts';
import { createPlanActions } from './propose/plan-actions.ts';
import { createCertifyCause } from './read/certify-cause.ts';
import { createCheckAlerts } from './read/check-alerts.ts';
import { createCheckResources } from './read/check-resources.ts';
import { createCompareWithBaseline } from './read/compare-with-baseline.ts';
import { createDescribeEntity } from './read/describe-entity.ts';
import { createExplainScore } from './read/explain-score.ts';
import { createFindAdvisories } from './read/find-advisories.ts';
import { createFindAnomalies } from './read/find-anomalies.ts';
import { createFindBlastRadius } from './read/find-blast-radius.ts';
import { createFindLogPatterns } from './read/find-log-patterns.ts';
import { createForecastMetric } from './read/forecast-metric.ts';
import { createGetEvidence } from './read/get-evidence.ts';
import { createListChanges } from './read/list-changes.ts';
import { createListServices } from './read/list-services.ts';
import { createPredictFailure } from './read/predict-failure.ts';
import { createQueryExpression } from './read/query-expression.ts';
import { createQueryMetrics } from './read/query-metrics.ts';
import { createRankAlerts } from './read/rank-alerts.ts';
import { createRankCauses } from './read/rank-causes.ts';
import type { ReadDeps } from './read/read-deps.ts';
import { createReadVitals } from './read/read-vitals.ts';
import { createReportResourceUse } from './read/report-resource-use.ts';
import { createFindSimilarIncidents, createSearchKnowledge, createSearchRunbooks } from './read/search-knowledge.ts';
import { createSearchLogs } from './read/search-logs.ts';
import { createSearchTraces } from './read/search-traces.ts';
import { createShowDiff } from './read/show-diff.ts';
import { createWalkTopology } from './read/walk-topology.ts';
import type { Tool } from './tool.ts';

export interface ToolDeps extends ReadDeps {
  knowledge?: KnowledgeSearch;
}

/** Every tool of the product, one line each. A new tool is a file and a line here. */
export function createTools(deps: ToolDeps): Tool[] {
  return [
    createListServices(deps),
    createCheckAlerts(deps),
    createDescribeEntity(deps),
    createQueryMetrics(deps),
    createReadVitals(deps),
    createQueryExpression(deps),
    createSearchLogs(deps),
    createSearchTraces(deps),
    createListChanges(deps),
    createShowDiff(deps),
    createWalkTopology(deps),
    createFindBlastRadius(deps),
    createFindAnomalies(deps),
    createCompareWithBaseline(deps),
    createExplainScore(deps),
    createForecastMetric(deps),
    createPredictFailure(deps),
    createFindLogPatterns(deps),
    createCheckResources(deps),
    createRankCauses(deps),
    createRankAlerts(deps),
    createCertifyCause(deps),
    createGetEvidence(deps),
    createSearchRunbooks(deps),
    createSearchKnowledge(deps),
    createFindSimilarIncidents(deps),
    createFindAdvisories(deps),
    createReportResourceUse(deps),
    createPlanActions(deps),
  ];
}
