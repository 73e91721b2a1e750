import { CerebroError } from '../../../infra/runtime/errors.ts';
import type { Suite } from '../../suite.ts';
import { askData } from '../ask-data.ts';
import { predictionOf, rankedEntities } from '../stated.ts';
import { listIssues, readIssue } from './read-issue.ts';
import { judgePetshop, scorePetshop } from './score-petshop.ts';

/** Injected faults in a pet shop on AWS, seen through the metrics of a service graph only (Hardt et al. 2023). All issues: nothing is learned from those that the set calls training. */
export function createPetshopSuite(): Suite {
  return {
    name: 'petshop',
    description:
      'Slow or failing nodes of an AWS service graph, told from five-minute metrics: the true node within the first k.',
    async *predict(options) {
      const data = options.data;
      if (data === undefined)
        throw new CerebroError('CONFIG_INVALID', 'petshop needs --data, the folder that holds <traffic>/graph.csv.');
      const wanted = (issue: string): boolean =>
        options.cases.length === 0 || options.cases.some((one) => issue === one || issue.includes(one));
      for (const name of listIssues(data).filter(wanted)) {
        const issue = readIssue(data, name);
        const asked = await askData(issue, options);
        yield predictionOf(name, asked, {
          metric_kind: issue.metricKind,
          ranking: rankedEntities(asked.answer).flatMap(({ entity }) => issue.nodes.get(entity) ?? []),
        });
      }
    },
    score: (predictions, truth) => Promise.resolve(scorePetshop(predictions, truth)),
    judge: judgePetshop,
  };
}
