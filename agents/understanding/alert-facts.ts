import type { Alert } from '../../domain/question.ts';
import type { Window } from '../../domain/time.ts';

const namingLabels = ['service', 'service_name', 'app', 'application', 'component', 'workload', 'deployment', 'job', 'queue', 'topic', 'database', 'volume', 'persistentvolumeclaim', 'pod', 'node', 'instance', 'host']; // prettier-ignore
const leadMs = 30 * 60_000;

/** An alert as words for the same rules that read people: its name split into words, then the labels that name things. */
export function alertWords(alert: Alert): string {
  const names = namingLabels.flatMap((label) => {
    const value = alert.labels[label];
    return value === undefined ? [] : [value.replace(/:\d+$/u, '')];
  });
  const title = alert.name.replaceAll(/(\p{Ll}|\d)(\p{Lu})/gu, '$1 $2');
  return [title, ...new Set(names)].join(' , ').slice(0, 600);
}

/** From half an hour before the alert fired (alerts come late) to its end, or to now while it fires. */
export function alertWindow(alert: Alert, askedAt: string): Window | undefined {
  const starts = Date.parse(alert.startsAt);
  const now = Date.parse(askedAt);
  const to = Math.min(alert.endsAt === undefined || alert.status === 'firing' ? now : Date.parse(alert.endsAt), now);
  if (!(starts - leadMs < to)) return undefined;
  return { from: new Date(starts - leadMs).toISOString(), to: new Date(to).toISOString() };
}
