import type { Suite } from '../../suite.ts';
import { askData } from '../ask-data.ts';
import { predictionOf, rankedEntities } from '../stated.ts';
import { systemCases } from '../system-cases.ts';
import { faultWordOf } from './fault-word.ts';
import { readStormCase, readStormSite, type StormSite } from './read-case.ts';
import { scoreStorms } from './score-storms.ts';

/** Alert storms of which nothing but the alerts, the topology and the site's alert history is there. */
export function createStormsSuite(): Suite {
  return {
    name: 'storms',
    description:
      'Alert storms without telemetry: the pod, service or node that brought them within the first k, and the kind of fault.',
    async *predict(options) {
      const sites = new Map<string, StormSite>();
      for (const one of systemCases(options)) {
        const site = sites.get(one.systemPath) ?? readStormSite(one.systemPath);
        sites.set(one.systemPath, site);
        const asked = await askData(readStormCase(one, site), options);
        const prediction = predictionOf(one.name, asked, {
          ranking: rankedEntities(asked.answer).flatMap(({ entity }) => site.ids.get(entity) ?? []),
          choices: site.ids.size,
        });
        const named = asked.answer?.diagnosis?.hypotheses.find(({ entity }) => site.ids.has(entity));
        yield { ...prediction, line: { ...prediction.line, fault: faultWordOf(named?.faultKind) } };
      }
    },
    score: (predictions, truth, options) => Promise.resolve(scoreStorms(predictions, truth, options.data)),
  };
}
