import type { DiagnosisInput } from '../../detection/diagnosis/diagnosis-input.ts';
import { simulateIncident } from '../../detection/diagnosis/simulate-incident.ts';
import { simulatedFaults } from '../../detection/diagnosis/simulated-shop.ts';
import { readChanges } from '../../detection/evidence/changes/read-changes.ts';
import { minePatterns } from '../../detection/evidence/logs/mine-patterns.ts';
import { detectAnomalies } from '../../detection/evidence/signals/detect-anomalies.ts';
import type { Judge } from '../suite.ts';

/** A simulated incident: what causes are ranked over, and who judges. */
export interface SimulatedCase {
  name: string;
  input: DiagnosisInput;
  judge(claim: Parameters<Judge>[1]): ReturnType<Judge>;
}

const seen = { present: true };
const unseen = { present: false };
/** Seed, and how it is scraped. */
const plays = [
  [101, {}],
  [102, {}],
  [103, { stepS: 15, steps: 120 }],
  [104, { stepS: 15, steps: 60 }],
] as const;

/** The simulated shop's incidents, four of each fault and of none; seeds that no test uses. */
export function simulatedCases(): SimulatedCase[] {
  return simulatedFaults.flatMap((fault) =>
    plays.map(([seed, options]): SimulatedCase => {
      const { baseline, observed, series, logs, changes, topology, truth } = simulateIncident(fault, seed, options);
      const windows = { baseline, observed };
      return {
        name: `${fault}/${seed}`,
        input: {
          window: observed,
          baseline,
          focus: [],
          findings: [...detectAnomalies(series, windows), ...minePatterns(logs, windows), ...readChanges(changes)],
          topology,
          coverage: { metrics: seen, logs: seen, traces: unseen, changes: seen, resources: unseen, topology: seen },
        },
        judge: (claim) => {
          if (claim === undefined) return truth.entity === undefined ? 'right' : 'wrong';
          return claim.entity === truth.entity && claim.faultKind === fault ? 'right' : 'wrong';
        },
      };
    }),
  );
}
