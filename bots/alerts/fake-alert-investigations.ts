import type { Alert } from '../../domain/question.ts';
import type { AlertInvestigations } from './alert-worker.ts';

/** Investigations in memory, with what the alert door told of them. */
export interface FakeAlertInvestigations extends AlertInvestigations {
  all: Map<string, { title: string; openedBy: string; alerts: Alert[]; resolved: boolean }>;
}

export function createFakeAlertInvestigations(): FakeAlertInvestigations {
  const all: FakeAlertInvestigations['all'] = new Map();
  return {
    all,
    open: ({ id, title, openedBy }) => {
      if (!all.has(id)) all.set(id, { title, openedBy, alerts: [], resolved: false });
    },
    addAlert: (id, alert) => {
      const known = all.get(id);
      if (known === undefined) throw new Error(`${id} was never opened`);
      const index = known.alerts.findIndex(
        (old) => old.fingerprint === alert.fingerprint && old.startsAt === alert.startsAt,
      );
      known.alerts.splice(index < 0 ? known.alerts.length : index, index < 0 ? 0 : 1, alert);
      if (alert.status === 'firing') known.resolved = false;
    },
    resolve: (id) => {
      const known = all.get(id);
      if (known === undefined) throw new Error(`${id} was never opened`);
      known.resolved = true;
    },
  };
}
