import type { Diagnosis } from '../../../domain/diagnosis.ts';
import { entityNameOf } from '../../../domain/entity.ts';
import { createDataSources, loadersOf } from '../../../tools/sources/data-sources.ts';
import type { Suite } from '../../suite.ts';
import { askData } from '../ask-data.ts';
import { caseFolders, caseQuestion } from '../case-files.ts';
import type { Case } from './read-case.ts';
import { readCase } from './read-case.ts';
import { scoreChangeRca } from './score-change-rca.ts';

/** Canary rollouts of which one is to blame for an incident (IntelligentDDS/ChangeRCA). */
export function createChangeRcaSuite(): Suite {
  return {
    name: 'changerca',
    description: 'Which of the rollouts under way is to blame, from what was known when the incident was detected.',
    async *predict(options) {
      for (const { name, path } of caseFolders(options)) {
        const found = readCase(path);
        const { answer, elapsedMs } = await askData(
          createDataSources(loadersOf(found.data), 'change-rca'),
          caseQuestion({
            suite: 'changerca',
            name,
            text: 'Something went wrong while rollouts were under way. What is wrong, and why?',
            window: found.window,
          }),
          options,
        );
        yield {
          case: name,
          line: {
            ranking: rankingOf(answer?.diagnosis, found),
            verdict: answer?.diagnosis?.verdict ?? 'failed',
            grade: answer?.diagnosis?.hypotheses[0]?.certificate.grade,
            confidence: answer?.diagnosis?.confidence ?? 0,
          },
          elapsedMs,
          calls: answer?.evidence.length ?? 0,
          tokens: 0,
          dollars: 0,
        };
      }
    },
    score: (predictions, truth, options) => Promise.resolve(scoreChangeRca(predictions, truth, options)),
  };
}

/** Services with a rollout in the order of the hypotheses that blame it, then of the other hypotheses, then the newest first. */
function rankingOf(diagnosis: Diagnosis | undefined, { rollouts }: Case): string[] {
  const hypotheses = diagnosis?.hypotheses ?? [];
  const blamed = hypotheses.filter(({ faultKind }) => faultKind === 'bad-rollout');
  const names = [...blamed, ...hypotheses].map(({ entity }) => entityNameOf(entity));
  return [...new Set([...names.filter((name) => rollouts.includes(name)), ...rollouts])];
}
