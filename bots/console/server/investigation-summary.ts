import type { Grade } from '../../../domain/diagnosis.ts';
import type { Investigation } from '../../../domain/run.ts';

/** A row of the list of investigations: enough to recognise it and to see what came of it, a few hundred bytes. */
export interface InvestigationSummary {
  id: string;
  title: string;
  status: 'open' | 'resolved';
  openedAt: string;
  updatedAt: string;
  openedBy: string;
  alerts: number;
  runs: number;
  headline?: string;
  verdict?: 'cause' | 'external' | 'healthy' | 'abstain';
  grade?: Grade;
  /** What people last said of its answer. */
  right?: boolean;
}

/** The summary of an investigation. */
export function summaryOf(investigation: Investigation): InvestigationSummary {
  const { id, title, status, openedAt, updatedAt, openedBy, answer } = investigation;
  const headline = answer?.headline.map((sentence) => sentence.text).join(' ');
  const verdict = answer?.diagnosis?.verdict;
  const grade = answer?.diagnosis?.hypotheses[0]?.certificate.grade;
  const right = investigation.feedback.at(-1)?.right;
  return {
    id,
    title,
    status,
    openedAt,
    updatedAt,
    openedBy,
    alerts: investigation.alerts.length,
    runs: investigation.runs.length,
    ...(headline === undefined ? {} : { headline }),
    ...(verdict === undefined ? {} : { verdict }),
    ...(grade === undefined ? {} : { grade }),
    ...(right === undefined ? {} : { right }),
  };
}
