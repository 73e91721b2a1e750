import { CerebroError } from '../../../infra/runtime/errors.ts';
import type { Suite } from '../../suite.ts';
import { askData, rankedEntities } from './ask-data.ts';
import { listIssues, readIssue } from './read-issue.ts';
import { scorePetshop } from './score-petshop.ts';

/** Injected faults in a pet shop on AWS, seen through the metrics of a service graph only (Hardt et al. 2023). Test issues, unless `cases` names others. */
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
        options.cases.length > 0
          ? options.cases.some((one) => issue === one || issue.includes(one))
          : issue.includes('/test/');
      for (const name of listIssues(data).filter(wanted)) {
        const issue = readIssue(data, name);
        const { answer, elapsedMs, capsule } = await askData(issue, options);
        const diagnosis = answer?.diagnosis;
        yield {
          case: name,
          line: {
            metric_kind: issue.metricKind,
            ranking: rankedEntities(answer).flatMap(({ entity }) => issue.nodes.get(entity) ?? []),
            verdict: diagnosis?.verdict ?? 'failed',
            grade: diagnosis?.hypotheses[0]?.certificate.grade,
            fault: diagnosis?.hypotheses[0]?.faultKind,
            confidence: diagnosis?.confidence ?? 0,
            ...(capsule === undefined ? {} : { capsule }),
          },
          elapsedMs,
          calls: answer?.evidence.length ?? 0,
          tokens: 0,
          dollars: 0,
        };
      }
    },
    score: (predictions, truth) => Promise.resolve(scorePetshop(predictions, truth)),
  };
}
