import type { Diagnosis } from '../../../domain/diagnosis.ts';
import { entityNameOf } from '../../../domain/entity.ts';
import type { Suite } from '../../suite.ts';
import { askData } from '../ask-data.ts';
import { caseFolders, caseQuestion } from '../case-files.ts';
import type { Case } from './read-case.ts';
import { readCase } from './read-case.ts';
import { judgeChangeRca, scoreChangeRca } from './score-change-rca.ts';
import { predictionOf } from '../stated.ts';

/** Canary rollouts of which one is to blame for an incident (IntelligentDDS/ChangeRCA). */
export function createChangeRcaSuite(): Suite {
  return {
    name: 'changerca',
    description: 'Which of the rollouts under way is to blame, from what was known when the incident was detected.',
    async *predict(options) {
      for (const { name, path } of caseFolders(options)) {
        const found = readCase(path);
        const question = caseQuestion({
          suite: 'changerca',
          name,
          text: 'Something went wrong while rollouts were under way. What is wrong, and why?',
          window: found.window,
        });
        const asked = await askData({ name, data: found.data, question }, options);
        yield predictionOf(name, asked, { ranking: rankingOf(asked.answer?.diagnosis, found) });
      }
    },
    score: (predictions, truth, options) => Promise.resolve(scoreChangeRca(predictions, truth, options)),
    judge: judgeChangeRca,
  };
}

/** Services with a rollout in the order of the hypotheses that blame it, then of the other hypotheses, then the newest first. */
function rankingOf(diagnosis: Diagnosis | undefined, { rollouts }: Case): string[] {
  const hypotheses = diagnosis?.hypotheses ?? [];
  const blamed = hypotheses.filter(({ faultKind }) => faultKind === 'bad-rollout');
  const names = [...blamed, ...hypotheses].map(({ entity }) => entityNameOf(entity));
  return [...new Set([...names.filter((name) => rollouts.includes(name)), ...rollouts])];
}
