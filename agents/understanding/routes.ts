import type { AgentName, Intent } from '../../domain/question.ts';

const routes: Readonly<Record<Intent, readonly AgentName[]>> = {
  diagnose: ['investigator', 'diagnostician'],
  status: ['investigator'],
  'since-when': ['investigator', 'diagnostician'],
  'what-changed': ['investigator'],
  impact: ['investigator', 'diagnostician'],
  'show-metric': ['investigator'],
  'show-logs': ['investigator'],
  'show-traces': ['investigator'],
  compare: ['investigator'],
  forecast: ['investigator'],
  'predict-failure': ['investigator'],
  dependencies: ['investigator'],
  vulnerabilities: ['security-analyst'],
  costs: ['optimizer'],
  remediate: ['investigator', 'diagnostician', 'remediator'],
  history: ['investigator'],
  knowledge: ['investigator'],
  'list-services': ['investigator'],
  help: [],
};

/** The agents that answer these intents, in the order in which their results build on each other, each once. */
export function agentsFor(intents: readonly Intent[]): AgentName[] {
  return [...new Set(intents.flatMap((intent) => routes[intent]))];
}
