import type { Suite } from '../suite.ts';
import { createAsdSuite } from './asd/asd-suite.ts';
import { createAdbenchSuite } from './adbench/adbench-suite.ts';
import { createAlertRulesSuite } from './alert-rules/alert-rules-suite.ts';
import { createFitSuite } from '../fit/fit-suite.ts';
import { createChangeRcaSuite } from './changerca/change-rca-suite.ts';
import { createCloudOpsbenchSuite } from './cloud-opsbench/cloud-opsbench-suite.ts';
import { createCmapssSuite } from './cmapss/cmapss-suite.ts';
import { createCranfieldSuite } from './cranfield.ts';
import { createDiffsSuite } from '../metamorphic/diffs/diffs-suite.ts';
import { createDatabaseIncidentsSuite } from './database-incidents/database-incidents-suite.ts';
import { createHdfsSuite } from './hdfs.ts';
import { createLabSuite } from './lab/lab-suite.ts';
import { createLoghubSuite } from './loghub/loghub-suite.ts';
import { createM4HourlySuite } from './m4-hourly/m4-hourly-suite.ts';
import { createMetricsIncidentsSuite } from './metrics-incidents/metrics-incidents-suite.ts';
import { createMetamorphicSuite } from './metamorphic.ts';
import { createMsCloudMonitoringSuite } from './ms-cloud-monitoring/ms-cloud-monitoring-suite.ts';
import { createNabSuite } from './nab/nab-suite.ts';
import { createNezhaSuite } from './nezha/nezha-suite.ts';
import { createOpenSreSuite } from './opensre/open-sre-suite.ts';
import { createOsvSuite } from './osv.ts';
import { createPetshopSuite } from './petshop/petshop-suite.ts';
import { createPostmortemsSuite } from './postmortems.ts';
import { createQuestionsSuite } from './questions.ts';
import { createRealSuite } from './real/real-suite.ts';
import { createRootCauseBenchSuite } from './rootcausebench/root-cause-bench-suite.ts';
import { createRunbooksSuite } from './runbooks.ts';
import { createStormsSuite } from './storms/storms-suite.ts';
import { createTracesIncidentsSuite } from './traces-incidents/traces-incidents-suite.ts';
import { createWatchSuite } from './watch/watch-suite.ts';

/** Every suite, one line each. */
export function createSuites(): Suite[] {
  const causes = [
    createCloudOpsbenchSuite(),
    createPetshopSuite(),
    createNezhaSuite(),
    createRootCauseBenchSuite(),
    createChangeRcaSuite(),
    createOpenSreSuite(),
    createMetricsIncidentsSuite(),
    createTracesIncidentsSuite(),
  ];
  return [
    ...causes,
    createMetamorphicSuite(causes),
    createFitSuite(causes),
    createQuestionsSuite(),
    createLabSuite(),
    createRealSuite(),
    createAlertRulesSuite(),
    createWatchSuite(),
    createOsvSuite(),
    createStormsSuite(),
    createDatabaseIncidentsSuite(),
    createRunbooksSuite(),
    createCranfieldSuite(),
    createPostmortemsSuite(),
    createM4HourlySuite(),
    createCmapssSuite(),
    createLoghubSuite(),
    createHdfsSuite(),
    createDiffsSuite(),
    createAdbenchSuite(),
    createNabSuite(),
    createMsCloudMonitoringSuite(),
    createAsdSuite(),
    createAsdSuite('smd'),
  ];
}
