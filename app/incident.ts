import { type EntityId, entityNameOf } from '../domain/entity.ts';
import type { Finding } from '../domain/finding.ts';
import type { Alert, Principal, Question } from '../domain/question.ts';
import type { Investigation } from '../domain/run.ts';
import { contentHash } from '../infra/runtime/canonical-json.ts';
import { type Clock, isoOf } from '../infra/runtime/clock.ts';
import { incidentNear } from './incident-near.ts';
import type { Trouble } from './trouble.ts';

/** Where the watch keeps its incidents: opens investigations, adds to them, and says when they are over. */
export interface Opener {
  open(about: { id: string; title: string; openedBy: string }): unknown;
  addAlert(id: string, alert: Alert): void;
  resolve(id: string): void;
  list(limit: number): Investigation[];
}

/** Trouble about which an investigation is open. */
export interface Incident extends Trouble {
  thread: string;
  /** Whether the watch opened the investigation, and did not join one that an alert had opened. */
  own: boolean;
  openedAt: number;
  /** Fingerprints of what was added to it. */
  told: Set<string>;
  /** Whether a finding of the baseline comparison stands behind it, not only streams. */
  found: boolean;
  tries: number;
  nextAskAt: number;
  asking: boolean;
  settled: boolean;
  calmSince?: number;
}

const mostAlerts = 20;
const beforeMs = 120_000;
const principal: Principal = { id: 'watch', kind: 'system', name: 'Watch', roles: ['responder'] };

/** Opens an investigation about a trouble, or joins the one that an alert opened at about its onset, unless an incident of the `others` has. */
export function openIncident(
  { investigations, clock }: { investigations: Opener; clock: Clock },
  trouble: Trouble,
  others: readonly Incident[],
): Incident {
  const onset = isoOf(trouble.onset);
  const isTaken = (thread: string): boolean => others.some((one) => one.thread === thread);
  const near = incidentNear(investigations, 'alert-source', onset);
  const joined = near !== undefined && isTaken(near) ? undefined : near;
  const own = isTaken(`watch:${onset}`) ? `watch:${onset}:${[...trouble.entities][0] ?? ''}` : `watch:${onset}`;
  const thread = joined ?? own;
  investigations.open({ id: thread, title: titleOf(trouble.serious), openedBy: principal.id });
  return {
    thread,
    own: joined === undefined,
    openedAt: clock.now(),
    onset: trouble.onset,
    entities: new Set(trouble.entities),
    serious: trouble.serious,
    told: new Set(),
    found: trouble.serious.some(isFound),
    tries: 0,
    nextAskAt: 0,
    asking: false,
    settled: false,
  };
}

/** Adds what is new about an incident to its alerts, as many as a person would read. */
export function tellIncident(investigations: Opener, incident: Incident): void {
  incident.found ||= incident.serious.some(isFound);
  for (const finding of incident.serious) {
    const fingerprint = fingerprintOf(finding);
    if (incident.told.size >= mostAlerts || incident.told.has(fingerprint)) continue;
    incident.told.add(fingerprint);
    investigations.addAlert(incident.thread, alertOf(finding, incident.onset));
  }
}

/** The question that an incident stands for, asked at `askedAt`. */
export function questionOf(incident: Incident, timeZone: string, askedAt: string): Question {
  const worst = incident.serious.toSorted((left, right) => right.severity - left.severity)[0];
  return {
    text: 'What is wrong, and why?',
    thread: incident.thread,
    askedAt,
    timeZone,
    principal,
    window: { from: isoOf(incident.onset - beforeMs), to: askedAt },
    ...(worst === undefined ? {} : { alert: alertOf(worst, incident.onset) }),
  };
}

/** Whether a finding comes from the comparison with the minutes before, and is no stream alarm. */
export function isFound({ data }: Finding): boolean {
  return data?.['trigger'] !== 'stream';
}

/** The same for findings and alarms about one series of one entity. */
export function fingerprintOf({ entity, signal }: Finding): string {
  return contentHash([entity, signal.name, signal.labels ?? {}]).slice(0, 16);
}

function titleOf(serious: readonly Finding[]): string {
  const names = [...new Set(serious.map((finding): EntityId => entityNameOf(finding.entity)))];
  return `${serious[0]?.signal.role ?? 'trouble'} at ${names.slice(0, 3).join(', ')}${names.length > 3 ? ` and ${names.length - 3} more` : ''}`;
}

function alertOf(finding: Finding, onset: number): Alert {
  return {
    fingerprint: fingerprintOf(finding),
    name: `${finding.signal.role} departed from normal`,
    status: 'firing',
    startsAt: finding.onset ?? isoOf(onset),
    labels: {
      entity: finding.entity,
      signal: finding.signal.name,
      trigger: isFound(finding) ? 'finding' : 'stream',
      ...(typeof finding.data?.['score'] === 'number' ? { score: finding.data['score'].toFixed(6) } : {}),
    },
    annotations: { summary: finding.statement },
    source: 'watch',
  };
}
