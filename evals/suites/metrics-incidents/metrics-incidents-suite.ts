import { entityNameOf } from '../../../domain/entity.ts';
import type { Answer } from '../../../domain/answer.ts';
import type { Suite } from '../../suite.ts';
import { askData } from '../ask-data.ts';
import { predictionOf } from '../stated.ts';
import { systemCases } from '../system-cases.ts';
import { readMetricsCase } from './read-case.ts';
import { judgeMetricsIncidents, scoreMetricsIncidents } from './score-metrics-incidents.ts';

/** Incidents of which nothing but metrics is there: the service, and the metric that shows it. */
export function createMetricsIncidentsSuite(): Suite {
  return {
    name: 'metrics-incidents',
    description:
      'Incidents told by metrics alone, before and after: the guilty service and its metric within the first k.',
    async *predict(options) {
      for (const one of systemCases(options)) {
        const asked = await askData(readMetricsCase(one), options);
        yield predictionOf(one.name, asked, { ranking: rankingOf(asked.answer) });
      }
    },
    score: (predictions, truth) => Promise.resolve(scoreMetricsIncidents(predictions, truth)),
    judge: judgeMetricsIncidents,
  };
}

/** Entity and metric, best first: of each hypothesis what shows it, then of the symptoms. Each pair once. */
function rankingOf(answer: Answer | undefined): { entity: string; metric: string }[] {
  const diagnosis = answer?.diagnosis;
  const told = [
    ...(diagnosis?.hypotheses ?? []).map(({ entity, shownBy }) => ({ entity, metric: shownBy?.[0]?.name ?? '' })),
    ...(diagnosis?.symptoms ?? []).map(({ entity, signal }) => ({ entity, metric: signal?.name ?? '' })),
  ].map(({ entity, metric }) => ({ entity: entityNameOf(entity), metric }));
  return told.filter(
    (one, index) => told.findIndex(({ entity, metric }) => entity === one.entity && metric === one.metric) === index,
  );
}
