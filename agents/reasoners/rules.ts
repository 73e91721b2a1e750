import { CerebroError } from '../../infra/runtime/errors.ts';
import type { Metrics } from '../../infra/runtime/metrics.ts';
import type { Reasoner } from '../../infra/runtime/reasoner.ts';

/**
 * The reasoner that works with no model: every query is answered by its own rule, at no cost, the same for the same facts. Throws
 * CANCELLED when the signal is already aborted, and nothing else.
 */
export function createRulesReasoner(deps: { metrics?: Metrics } = {}): Reasoner {
  return {
    name: 'rules',
    decide: (query, signal) => {
      if (signal?.aborted === true) {
        return Promise.reject(
          new CerebroError('CANCELLED', `The decision ${query.name} was withdrawn.`, { cause: signal.reason }),
        );
      }
      deps.metrics?.count('cerebro_decisions_total', { query: query.name, by: 'rule' });
      return Promise.resolve({ result: query.rule(query.facts), by: 'rule', inputTokens: 0, outputTokens: 0 });
    },
  };
}
