import type { Answer } from '../../../domain/answer.ts';
import { createDataSources, loadersOf } from '../../../tools/sources/data-sources.ts';
import type { Suite } from '../../suite.ts';
import { askData } from '../ask-data.ts';
import { caseFolders, caseQuestion } from '../case-files.ts';
import { readCase } from './read-case.ts';
import { scoreOpenSre } from './score-open-sre.ts';
import { categoryOf } from './vocabulary.ts';

/** Recorded alerts of EKS and RDS, several of them healthy or false alarms (Tracer-Cloud/opensre). */
export function createOpenSreSuite(): Suite {
  return {
    name: 'opensre',
    description: 'The category of the cause, and false alarms told as healthy.',
    async *predict(options) {
      for (const { name, path } of caseFolders(options)) {
        const found = readCase(path, name);
        const { answer, elapsedMs } = await askData(
          createDataSources(loadersOf(found.data), 'open-sre'),
          caseQuestion({
            suite: 'opensre',
            name,
            text: 'Is anything wrong, and why?',
            window: found.window,
            alert: found.alert,
          }),
          options,
        );
        const diagnosis = answer?.diagnosis;
        yield {
          case: name,
          line: {
            root_cause_category: categoryOf(diagnosis),
            healthy: categoryOf(diagnosis) === 'healthy',
            report: reportOf(answer),
            evidence_sources: found.sources,
            verdict: diagnosis?.verdict ?? 'failed',
            grade: diagnosis?.hypotheses[0]?.certificate.grade,
            confidence: diagnosis?.confidence ?? 0,
            fault: diagnosis?.hypotheses[0]?.faultKind,
          },
          elapsedMs,
          calls: answer?.evidence.length ?? 0,
          tokens: 0,
          dollars: 0,
        };
      }
    },
    score: (predictions, truth) => Promise.resolve(scoreOpenSre(predictions, truth)),
  };
}

function reportOf(answer: Answer | undefined): string {
  const parts = [...(answer?.headline ?? []), ...(answer?.sections ?? []).flatMap(({ sentences }) => sentences)];
  return parts
    .map(({ text }) => text)
    .join(' ')
    .slice(0, 4_000);
}
