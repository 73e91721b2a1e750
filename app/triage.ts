import type { Answer } from '../domain/answer.ts';
import { entityNameOf } from '../domain/entity.ts';
import type { Finding } from '../domain/finding.ts';
import type { Alert, Principal, Question } from '../domain/question.ts';
import type { Investigation, RunEvent } from '../domain/run.ts';
import { contentHash } from '../infra/runtime/canonical-json.ts';
import { type Clock, msOf } from '../infra/runtime/clock.ts';
import { CerebroError } from '../infra/runtime/errors.ts';
import type { Logger } from '../infra/runtime/logger.ts';
import { incidentNear } from './incident-near.ts';
import { symptomsOf, type Watch } from './watch.ts';

export interface TriageDeps {
  watch: Watch;
  ask(question: Question, options: { signal: AbortSignal }): AsyncIterable<RunEvent>;
  investigations: {
    addAlert(id: string, alert: Alert): void;
    resolve(id: string): void;
    open(about: { id: string; title: string; openedBy: string }): unknown;
    list(limit: number): Investigation[];
  };
  clock: Clock;
  logger: Logger;
  /** Told of each answer, for a door that wants to show it. */
  answered?(answer: Answer): void;
}

export interface TriageOptions {
  timeZone: string;
  /** Between two looks. Default 3 s. */
  intervalMs?: number;
  /** A symptom must stand this long before anybody is woken. Default 6 s. */
  patienceMs?: number;
  /** An answer that names no certified cause is asked again after this long, at most three times. Default 8 s. */
  againMs?: number;
  /** All must be calm this long before the incident is over. Default 30 s. */
  calmMs?: number;
}

const principal: Principal = { id: 'watch', kind: 'system', name: 'Watch', roles: ['responder'] };

interface Incident {
  thread: string;
  onset: string;
  tries: number;
  nextAskAt: number;
  settled: boolean;
  calmSince?: number;
}

/**
 * The standing watch: symptoms that persist open one investigation by themselves and are triaged until a cause is certified or three
 * tries are spent; calm resolves it. Runs until the signal aborts; a failed look or run is logged and the next one comes.
 */
export async function runTriage(deps: TriageDeps, options: TriageOptions, signal: AbortSignal): Promise<void> {
  const { intervalMs = 3_000, patienceMs = 6_000, againMs = 8_000, calmMs = 30_000 } = options;
  const { clock, watch } = deps;
  let suspectedSince: number | undefined;
  let incident: Incident | undefined;

  const look = async (): Promise<void> => {
    const serious = symptomsOf(await watch.check(signal));
    const now = clock.now();
    if (serious.length === 0) {
      suspectedSince = undefined;
      if (incident === undefined) return;
      incident.calmSince ??= now;
      if (now - incident.calmSince < calmMs) return;
      deps.investigations.resolve(incident.thread);
      watch.release();
      incident = undefined;
      return;
    }
    suspectedSince ??= now;
    if (incident === undefined) {
      if (now - suspectedSince < patienceMs) return;
      incident = openIncident(deps, serious);
    }
    delete incident.calmSince;
    if (incident.settled || incident.tries >= 3 || now < incident.nextAskAt) return;
    incident.tries += 1;
    const answer = await answerOf(deps.ask(questionOf(incident, serious, options.timeZone, clock.iso()), { signal }));
    incident.nextAskAt = clock.now() + againMs;
    if (answer === undefined) return;
    const best = answer.diagnosis?.hypotheses[0]?.certificate.grade;
    incident.settled = answer.diagnosis?.verdict === 'external' || best === 'proven' || best === 'supported';
    deps.answered?.(answer);
  };

  while (!signal.aborted) {
    try {
      await look();
    } catch (thrown) {
      if (signal.aborted) return;
      deps.logger.warn('triage-failed', { reason: CerebroError.from(thrown).message });
    }
    await clock.sleep(intervalMs, signal).catch(() => undefined);
  }
}

function openIncident(deps: TriageDeps, serious: readonly Finding[]): Incident {
  const onset = serious[0]?.onset ?? deps.clock.iso();
  const thread = incidentNear(deps.investigations, 'alert-source', onset) ?? `watch:${onset}`;
  deps.watch.hold(onset);
  deps.investigations.open({ id: thread, title: titleOf(serious), openedBy: principal.id });
  for (const finding of serious.slice(0, 10)) deps.investigations.addAlert(thread, alertOf(finding, onset));
  deps.logger.info('incident-opened', { thread, symptoms: serious.length });
  return { thread, onset, tries: 0, nextAskAt: 0, settled: false };
}

function titleOf(serious: readonly Finding[]): string {
  const names = [...new Set(serious.map((finding) => entityNameOf(finding.entity)))];
  return `${serious[0]?.signal.role ?? 'trouble'} at ${names.slice(0, 3).join(', ')}${names.length > 3 ? ` and ${names.length - 3} more` : ''}`;
}

function alertOf(finding: Finding, onset: string): Alert {
  return {
    fingerprint: contentHash([finding.entity, finding.signal.name, finding.signal.labels ?? {}]).slice(0, 16),
    name: `${finding.signal.role} departed from normal`,
    status: 'firing',
    startsAt: finding.onset ?? onset,
    labels: { entity: finding.entity, signal: finding.signal.name },
    annotations: { summary: finding.statement },
    source: 'watch',
  };
}

function questionOf(incident: Incident, serious: readonly Finding[], timeZone: string, askedAt: string): Question {
  const worst = serious.toSorted((left, right) => right.severity - left.severity)[0];
  return {
    text: 'What is wrong, and why?',
    thread: incident.thread,
    askedAt,
    timeZone,
    principal,
    window: { from: new Date(msOf(incident.onset) - 120_000).toISOString(), to: askedAt },
    ...(worst === undefined ? {} : { alert: alertOf(worst, incident.onset) }),
  };
}

/** The answer of a run, or undefined when it ended without one. */
export async function answerOf(events: AsyncIterable<RunEvent>): Promise<Answer | undefined> {
  let answer: Answer | undefined;
  for await (const event of events) if (event.type === 'answer') answer = event.answer;
  return answer;
}
