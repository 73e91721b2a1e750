import type { Intent } from '../../domain/question.ts';
import type { Reading } from './reading.ts';

/** Intents that bring an agent of their own when they are asked beside another. */
const joining: readonly Intent[] = ['vulnerabilities', 'costs', 'remediate'];
const joiningScore = 8;

/**
 * The intents of a text, the main one first, then those asked beside it. "Why ... and how do we fix it" is a remediation (its agents
 * diagnose first), and "how can we make it cheaper" asks about costs. With no phrase of the grammar: a name alone asks for its status, a complaint for a diagnosis, anything else for help.
 */
export function chooseIntents(reading: Reading): Intent[] {
  const [best] = reading.intents;
  const named = reading.mentions.length > 0;
  if (best === undefined) return [named ? 'status' : 'help'];
  let main = best.intent;
  const scoreOf = (intent: Intent): number => reading.intents.find((one) => one.intent === intent)?.score ?? 0;
  if (main === 'diagnose' && scoreOf('remediate') >= joiningScore) main = 'remediate';
  if (main === 'remediate' && scoreOf('costs') >= joiningScore) main = 'costs';
  if (main === 'show-metric' && reading.metric === undefined && named) main = 'status';
  const beside = joining.filter((intent) => intent !== main && scoreOf(intent) >= joiningScore);
  return [main, ...beside];
}
