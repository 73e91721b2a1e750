import type { Gap } from '../../domain/diagnosis.ts';
import type { DiagnosisInput } from './diagnosis-input.ts';

const wouldShow: Readonly<Record<string, string>> = {
  metrics: 'which resources and calls departed from normal, and since when',
  logs: 'what the services say of their errors',
  traces: 'in which call the time is spent and where errors begin',
  changes: 'whether a deploy, flag or setting brought it',
  resources: 'whether cluster objects, quotas or nodes are at fault',
  topology: 'which service depends on which, so that symptoms can be told from causes',
};

const limits: Readonly<Record<string, string>> = {
  metrics: 'without metrics nothing can be proven statistically',
  topology: 'without a topology nothing can be proven structurally',
  changes: 'a change as the trigger can neither be blamed nor ruled out',
  traces: 'time on the way cannot be told from time at work',
};

/** What could not be seen, the most limiting first: the topology, then metrics, then the rest. Resources count only where others are missing too; then the readings that were set aside. */
export function gapsOf(input: DiagnosisInput, settled: boolean): Gap[] {
  const order = ['metrics', 'topology', 'changes', 'traces', 'logs', 'resources'] as const;
  const misread = (input.coverage.metrics.misread ?? []).map((sentence): Gap => ({
    missing: sentence,
    wouldShow: 'what the metric says once it is read rightly',
  }));
  const unseen = order
    .filter((signal) => !input.coverage[signal].present && !(signal === 'resources' && settled))
    .map((signal) => {
      const note = input.coverage[signal].note;
      const gap: Gap = {
        missing: note === undefined ? signal : `${signal}: ${note}`,
        wouldShow: wouldShow[signal] ?? signal,
      };
      const limit = limits[signal];
      return limit === undefined ? gap : { ...gap, limits: limit };
    });
  return [...unseen, ...misread];
}
