import type { Answer } from '../../../domain/answer.ts';
import type { Suite } from '../../suite.ts';
import { askData } from '../ask-data.ts';
import { caseFolders, caseQuestion } from '../case-files.ts';
import { readCase } from './read-case.ts';
import { judgeOpenSre, scoreOpenSre } from './score-open-sre.ts';
import { categoryOf } from './vocabulary.ts';
import { predictionOf } from '../stated.ts';

/** Recorded alerts of EKS and RDS, several of them healthy or false alarms (Tracer-Cloud/opensre). */
export function createOpenSreSuite(): Suite {
  return {
    name: 'opensre',
    description: 'The category of the cause, and false alarms told as healthy.',
    async *predict(options) {
      for (const { name, path } of caseFolders(options)) {
        const found = readCase(path, name);
        const question = caseQuestion({
          suite: 'opensre',
          name,
          text: 'Is anything wrong, and why?',
          window: found.window,
          alert: found.alert,
        });
        const asked = await askData({ name, data: found.data, question }, options);
        const category = categoryOf(asked.answer?.diagnosis);
        yield predictionOf(name, asked, {
          root_cause_category: category,
          healthy: category === 'healthy',
          report: reportOf(asked.answer),
          evidence_sources: found.sources,
        });
      }
    },
    score: (predictions, truth) => Promise.resolve(scoreOpenSre(predictions, truth)),
    judge: judgeOpenSre,
  };
}

function reportOf(answer: Answer | undefined): string {
  const parts = [...(answer?.headline ?? []), ...(answer?.sections ?? []).flatMap(({ sentences }) => sentences)];
  return parts
    .map(({ text }) => text)
    .join(' ')
    .slice(0, 4_000);
}
