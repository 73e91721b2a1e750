import { entityNameOf } from '../../../domain/entity.ts';
import type { Suite } from '../../suite.ts';
import { askData } from '../ask-data.ts';
import { predictionOf, rankedEntities } from '../stated.ts';
import { systemCases } from '../system-cases.ts';
import { readTracesCase } from './read-case.ts';
import { judgeTracesIncidents, scoreTracesIncidents } from './score-traces-incidents.ts';

/** Slow requests of which nothing but traces is there, normal ones beside them: the services that made them slow. */
export function createTracesIncidentsSuite(): Suite {
  return {
    name: 'traces-incidents',
    description:
      'Slow requests told by spans alone, normal ones beside them: the guilty service (or both of two) first.',
    async *predict(options) {
      for (const one of systemCases(options)) {
        const asked = await askData(readTracesCase(one), options);
        yield predictionOf(one.name, asked, {
          ranking: rankedEntities(asked.answer).map(({ entity }) => entityNameOf(entity)),
        });
      }
    },
    score: (predictions, truth) => Promise.resolve(scoreTracesIncidents(predictions, truth)),
    judge: judgeTracesIncidents,
  };
}
