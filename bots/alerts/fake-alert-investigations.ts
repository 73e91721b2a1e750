import type { Alert } from '../../domain/question.ts';
import type { AlertInvestigations } from './alert-worker.ts';

/** Investigations in memory, with what the alert door told of them. */
export interface FakeAlertInvestigations extends AlertInvestigations {
  all: Map<string, { title: string; openedBy: string; alerts: Alert[]; resolvedAt?: string }>;
}

export function createFakeAlertInvestigations(): FakeAlertInvestigations {
  const all: FakeAlertInvestigations['all'] = new Map();
  return {
    all,
    recordAlerts: (id, { title, openedBy, alerts }) => {
      const known = all.get(id);
      const keyOf = (alert: Alert): string => `${alert.fingerprint} ${alert.startsAt}`;
      const merged = new Map([...(known?.alerts ?? []), ...alerts].map((alert) => [keyOf(alert), alert]));
      all.set(id, { ...known, title, openedBy, alerts: [...merged.values()] });
    },
    resolve: (id, at) => {
      const known = all.get(id);
      if (known !== undefined) all.set(id, { ...known, resolvedAt: at });
    },
  };
}
