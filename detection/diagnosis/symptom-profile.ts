import type { Finding } from '../../domain/finding.ts';
import { clamp } from '../evidence/signals/robust-statistics.ts';
import { symptomsOfFault } from '../faults/symptom-class.ts';
import type { Board } from './board.ts';
import type { Candidate } from './candidates.ts';
import { symptomsSaid } from './said-symptoms.ts';

/** What is seen at a candidate by symptom class, in [0, 1]: of the fault itself, said in new log lines, or measured beside it. */
export type SymptomProfile = ReadonlyMap<string, number>;

/** How far each source counts. */
const weights = { fault: 1, faultAlso: 0.8, said: 0.9, measured: 0.6 };

const ofRole: Readonly<Record<string, string>> = {
  latency: 'latency',
  errors: 'errors',
  availability: 'availability',
  restarts: 'restarts',
  cpu: 'cpu',
  memory: 'memory',
  'event-loop': 'blocked',
  pool: 'pool',
  queue: 'queue',
  disk: 'disk',
  'file-handles': 'handles',
  'database-work': 'db-work',
  'database-latency': 'db-latency',
  lock: 'locks',
  retries: 'retries',
  logs: 'logs',
};

/** The profile of a candidate: its kind's own classes first. Cost linear in the findings at its entity. */
export function profileOf(board: Board, { entity, fault }: Pick<Candidate, 'entity' | 'fault'>): SymptomProfile {
  const profile = new Map<string, number>();
  const tell = (symptom: string | undefined, weight: number): void => {
    if (symptom !== undefined) profile.set(symptom, Math.max(profile.get(symptom) ?? 0, weight));
  };
  for (const [index, symptom] of symptomsOfFault(fault.kind).entries())
    tell(symptom, index === 0 ? weights.fault : weights.faultAlso);
  for (const finding of [...board.at(entity, 'self'), ...board.at(entity, 'out')]) {
    const strength = clamp(finding.severity / 0.55, 0, 1);
    if (finding.kind === 'log-pattern') {
      for (const symptom of symptomsSaid(finding.excerpt ?? '')) tell(symptom, weights.said * strength);
    } else tell(measuredOf(finding), weights.measured * strength);
  }
  return profile;
}

function measuredOf({ signal, direction, data }: Finding): string | undefined {
  const aspect = data?.['aspect'];
  if (signal.role === 'cache') return direction === 'down' ? 'cache-misses' : undefined;
  if (signal.role === 'traffic') {
    if (aspect === 'lost-calls') return 'lost-calls';
    if (direction === 'up') return aspect === 'fan-out' || aspect === 'calls-per-request' ? 'fan-out' : 'load';
    return undefined;
  }
  if (signal.role === 'database-work' && aspect === 'fan-out') return 'fan-out';
  if (signal.role !== 'availability' && direction === 'down' && signal.role !== 'database-work') return undefined;
  return ofRole[signal.role];
}
