import type { Answer } from '../domain/answer.ts';
import type { Feedback } from '../domain/run.ts';
import type { VerifiedIncident } from '../knowledge/incidents/incident-memory.ts';

/**
 * What is remembered of an answer that a person confirmed: symptoms, cause, what was ruled out. Undefined for an answer that was wrong, or that
 * names no cause: only verified outcomes are remembered.
 */
export function verifiedIncidentOf(answer: Answer, feedback: Feedback): VerifiedIncident | undefined {
  const { diagnosis } = answer;
  const cause = diagnosis?.hypotheses[0];
  if (!feedback.right || diagnosis === undefined || cause === undefined) return undefined;
  if (diagnosis.verdict !== 'cause' && diagnosis.verdict !== 'external') return undefined;
  return {
    id: answer.run,
    title: answer.headline[0]?.text.slice(0, 200) ?? `${cause.entity}: ${cause.faultKind}`,
    symptoms: diagnosis.symptoms.map(({ statement }) => statement).slice(0, 20),
    entities: [...new Set([cause.entity, ...diagnosis.blastRadius, ...diagnosis.symptoms.map(({ entity }) => entity)])],
    cause: {
      entity: cause.entity,
      faultKind: cause.faultKind,
      mechanism: cause.mechanism,
      causeClass: diagnosis.verdict === 'external' ? 'external' : 'internal',
    },
    ruledOut: diagnosis.ruledOut.slice(0, 20).map(({ entity, change, faultKind, reason }) => ({
      what: [entity, change, faultKind].filter((part) => part !== undefined).join(' '),
      why: reason,
    })),
    whatHelped: feedback.note === undefined ? [] : [feedback.note],
    verifiedBy: feedback.by,
    from: diagnosis.onset ?? diagnosis.window.from,
    to: diagnosis.window.to,
    labels: [],
  };
}
