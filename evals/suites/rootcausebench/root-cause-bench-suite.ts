import type { Question } from '../../../domain/question.ts';
import type { Suite } from '../../suite.ts';
import { askData } from '../ask-data.ts';
import { caseFolders, caseQuestion } from '../case-files.ts';
import { predictionOf } from '../stated.ts';
import { predictionLine } from './prediction-line.ts';
import type { Case } from './read-case.ts';
import { readCase } from './read-case.ts';
import { judgeRootCauseBench, scoreRootCauseBench } from './score-root-cause-bench.ts';

/** Incidents with some thirty commits each: which commit did it, if any did, and who suffers (edgedelta/root-cause-bench). */
export function createRootCauseBenchSuite(): Suite {
  return {
    name: 'rootcausebench',
    description: 'Which commit caused it, or that none did, among planted decoys.',
    async *predict(options) {
      for (const { name, path } of caseFolders(options)) {
        const found = readCase(path);
        const asked = await askData({ name, data: found.data, question: questionOf(name, found) }, options);
        yield predictionOf(name, asked, predictionLine(asked.answer?.diagnosis, found));
      }
    },
    score: (predictions, truth) => Promise.resolve(scoreRootCauseBench(predictions, truth)),
    judge: judgeRootCauseBench,
  };
}

/** The alert as a monitoring system hands it over, and the question that goes with it. */
export function questionOf(name: string, { alert, window }: Case): Question {
  const { service, monitor, metric, summary, fired_at: startsAt } = alert;
  return caseQuestion({
    suite: 'rootcausebench',
    name,
    text: 'What is wrong, and why?',
    window,
    alert: {
      fingerprint: name,
      name: monitor,
      status: 'firing',
      startsAt,
      labels: { service, metric },
      annotations: { summary },
      source: 'evaluation',
    },
  });
}
