import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Hypothesis } from '../../../domain/diagnosis.ts';
import { CerebroError } from '../../../infra/runtime/errors.ts';
import type { Suite } from '../../suite.ts';
import type { AskedData } from '../../asked-data.ts';
import { askData } from '../ask-data.ts';
import { caseQuestion } from '../case-files.ts';
import { predictionOf } from '../stated.ts';
import type { RecordedCase } from './read-case.ts';
import { readCase } from './read-case.ts';
import { judgeCloudOpsbench, scoreCloudOpsbench } from './score-cloud-opsbench.ts';
import { labelOf } from './vocabulary.ts';

/** Frozen Kubernetes incidents: object, taxonomy and root cause first, or among three. */
export function createCloudOpsbenchSuite(): Suite {
  return {
    name: 'cloud-opsbench',
    description: 'Frozen Kubernetes incidents of Cloud-OpsBench: which object, which fault, exactly.',
    async *predict(options) {
      if (options.data === undefined)
        throw new CerebroError('CONFIG_INVALID', 'Say with --data where the set lies (a folder with cases/).');
      const cases = join(options.data, 'cases');
      for (const name of readdirSync(cases).sort()) {
        if (options.cases.length > 0 && !options.cases.includes(name)) continue;
        const asked = await askData(askedOf(name, readCase(join(cases, name))), options);
        const hypotheses = asked.answer?.diagnosis?.hypotheses ?? [];
        yield predictionOf(name, asked, {
          top_3_predictions: predictionsOf(hypotheses),
          ranking: hypotheses.slice(0, 5).map(({ entity, faultKind, score }) => ({ entity, fault: faultKind, score })),
        });
      }
    },
    score: (predictions, truth) => Promise.resolve(scoreCloudOpsbench(predictions, truth)),
    judge: judgeCloudOpsbench,
  };
}

function askedOf(name: string, recorded: RecordedCase): AskedData {
  const { logs, resources, topology, metrics } = recorded.data;
  return {
    name,
    data: { logs, resources, topology, ...(metrics.length === 0 ? {} : { metrics }) },
    question: caseQuestion({
      suite: 'cloud-opsbench',
      name,
      text: 'What is wrong, and why?',
      window: recorded.window,
      alert: {
        fingerprint: name,
        name: recorded.title,
        status: 'firing',
        startsAt: recorded.window.from,
        labels: {},
        annotations: {},
        source: 'recorded incident',
      },
    }),
  };
}

function predictionsOf(hypotheses: readonly Hypothesis[]): Record<string, unknown>[] {
  return hypotheses
    .flatMap((hypothesis) => labelOf(hypothesis) ?? [])
    .slice(0, 3)
    .map((prediction, index) => ({ ...prediction, rank: index + 1 }));
}
