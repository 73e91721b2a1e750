import type { Answer } from '../domain/answer.ts';
import { entityNameOf } from '../domain/entity.ts';
import type { Finding } from '../domain/finding.ts';
import type { Alert, Principal, Question } from '../domain/question.ts';
import type { Investigation, RunEvent } from '../domain/run.ts';
import { contentHash } from '../infra/runtime/canonical-json.ts';
import { type Clock, msOf } from '../infra/runtime/clock.ts';
import { CerebroError } from '../infra/runtime/errors.ts';
import type { Logger } from '../infra/runtime/logger.ts';
import type { Metrics } from '../infra/runtime/metrics.ts';
import { incidentNear } from './incident-near.ts';
import { createOpeningBudget } from './opening-budget.ts';
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
  metrics: Metrics;
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
  /** Investigations that streams alone may open in an hour. Default 4. */
  openingsPerHour?: number;
  /** After an incident that streams alone opened, they open none about the same entities for so long. Default 15 minutes. */
  coolDownMs?: number;
  /** After so long with nothing but stream alarms, what they alarm about is taken as the new normal. Default 30 minutes. */
  newNormalMs?: number;
}

const mostAlerts = 20;
const principal: Principal = { id: 'watch', kind: 'system', name: 'Watch', roles: ['responder'] };

interface Incident {
  thread: string;
  /** Whether the watch opened the investigation, and did not join one that an alert had opened. */
  own: boolean;
  openedAt: number;
  /** Fingerprints of what was added to it. */
  told: Set<string>;
  /** Whether a finding of the baseline comparison stands behind it, not only streams. */
  found: boolean;
  entities: Set<string>;
  onset: string;
  tries: number;
  nextAskAt: number;
  settled: boolean;
  calmSince?: number;
}

/** What is serious at one look: symptoms by comparison with the minutes before, and stream alarms by comparison with all that was seen. */
interface Seen {
  serious: Finding[];
  found: boolean;
}

/**
 * The standing watch: symptoms that persist, and streams that alarm, open one investigation by themselves and are triaged until a cause is certified or
 * three tries are spent; calm resolves it. What shows while it is open joins it. Streams alone open within a budget and with a cool-down. Runs until
 * the signal aborts; a failed look or run is logged and the next one comes.
 */
export async function runTriage(deps: TriageDeps, options: TriageOptions, signal: AbortSignal): Promise<void> {
  const { intervalMs = 3_000, patienceMs = 6_000, againMs = 8_000, calmMs = 30_000, newNormalMs = 1_800_000 } = options;
  const { clock, watch } = deps;
  const budget = createOpeningBudget({
    perHour: options.openingsPerHour ?? 4,
    coolDownMs: options.coolDownMs ?? 900_000,
  });
  let suspectedSince: number | undefined;
  let withheld = false;
  let incident: Incident | undefined;

  const end = (over: Incident): void => {
    // What an alert opened is not over because the watch got used to it.
    if (over.own || over.calmSince !== undefined) deps.investigations.resolve(over.thread);
    if (!over.found) budget.ended(over.entities, clock.now());
    watch.release();
    incident = undefined;
  };
  /** Opens an incident where that is due; undefined where nobody is to be woken yet. */
  const openFor = ({ serious, found }: Seen, now: number): Incident | undefined => {
    suspectedSince ??= now;
    if (now - suspectedSince < patienceMs) return undefined;
    const entities = new Set(serious.map(({ entity }) => entity));
    if (!found && !budget.allows(entities, now)) {
      if (!withheld) {
        deps.metrics.count('cerebro_watch_openings_total', { trigger: 'withheld' });
        deps.logger.info('opening-withheld', { entities: [...entities].slice(0, 5) });
      }
      withheld = true;
      return undefined;
    }
    if (!found) budget.opened(now);
    deps.metrics.count('cerebro_watch_openings_total', { trigger: found ? 'finding' : 'stream' });
    return openIncident(deps, { serious, found });
  };

  const look = async (): Promise<void> => {
    const findings = symptomsOf(await watch.check(signal));
    const seen = together(findings, watch.alarms());
    tellMetrics(deps);
    const now = clock.now();
    if (seen.serious.length === 0) {
      suspectedSince = undefined;
      withheld = false;
      if (incident === undefined) return;
      incident.calmSince ??= now;
      if (now - incident.calmSince >= calmMs) end(incident);
      return;
    }
    incident ??= openFor(seen, now);
    if (incident === undefined) return;
    delete incident.calmSince;
    join(deps, incident, seen);
    if (!incident.found && now - incident.openedAt >= newNormalMs) {
      end(incident);
      return;
    }
    if (incident.settled || incident.tries >= 3 || now < incident.nextAskAt) return;
    incident.tries += 1;
    const question = questionOf(incident, seen.serious, options.timeZone, clock.iso());
    const answer = await answerOf(deps.ask(question, { signal }));
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
    // Where samples come by the minute there is nothing new to see every three seconds.
    await clock.sleep(Math.max(intervalMs, Math.min(30_000, watch.stepMs() / 2)), signal).catch(() => undefined);
  }
}

/** The symptoms, and the alarms that say something else; the earliest first. */
function together(findings: readonly Finding[], alarms: readonly Finding[]): Seen {
  const known = new Set(findings.map(fingerprintOf));
  const serious = [...findings, ...alarms.filter((alarm) => !known.has(fingerprintOf(alarm)))];
  return {
    serious: serious.toSorted((left, right) => (left.onset ?? '').localeCompare(right.onset ?? '')),
    found: findings.length > 0,
  };
}

function tellMetrics({ metrics, watch }: TriageDeps): void {
  const { watched, judged } = watch.streams();
  metrics.set('cerebro_watch_series', watched, { state: 'watched' });
  metrics.set('cerebro_watch_series', judged, { state: 'judged' });
}

function openIncident(deps: TriageDeps, { serious, found }: Seen): Incident {
  const onset = serious[0]?.onset ?? deps.clock.iso();
  const joined = incidentNear(deps.investigations, 'alert-source', onset);
  const thread = joined ?? `watch:${onset}`;
  deps.watch.hold(onset);
  deps.investigations.open({ id: thread, title: titleOf(serious), openedBy: principal.id });
  deps.logger.info('incident-opened', { thread, symptoms: serious.length, trigger: found ? 'finding' : 'stream' });
  const openedAt = deps.clock.now();
  return {
    thread,
    own: joined === undefined,
    openedAt,
    onset,
    told: new Set(),
    found,
    entities: new Set(),
    tries: 0,
    nextAskAt: 0,
    settled: false,
  };
}

/** Adds what is new to the incident's alerts, as many as a person would read. */
function join({ investigations }: TriageDeps, incident: Incident, { serious, found }: Seen): void {
  incident.found ||= found;
  for (const finding of serious) {
    incident.entities.add(finding.entity);
    const fingerprint = fingerprintOf(finding);
    if (incident.told.size >= mostAlerts || incident.told.has(fingerprint)) continue;
    incident.told.add(fingerprint);
    investigations.addAlert(incident.thread, alertOf(finding, incident.onset));
  }
}

function titleOf(serious: readonly Finding[]): string {
  const names = [...new Set(serious.map((finding) => entityNameOf(finding.entity)))];
  return `${serious[0]?.signal.role ?? 'trouble'} at ${names.slice(0, 3).join(', ')}${names.length > 3 ? ` and ${names.length - 3} more` : ''}`;
}

function fingerprintOf({ entity, signal }: Finding): string {
  return contentHash([entity, signal.name, signal.labels ?? {}]).slice(0, 16);
}

function alertOf(finding: Finding, onset: string): Alert {
  return {
    fingerprint: fingerprintOf(finding),
    name: `${finding.signal.role} departed from normal`,
    status: 'firing',
    startsAt: finding.onset ?? onset,
    labels: {
      entity: finding.entity,
      signal: finding.signal.name,
      trigger: finding.data?.['trigger'] === 'stream' ? 'stream' : 'finding',
      ...(typeof finding.data?.['score'] === 'number' ? { score: finding.data['score'].toFixed(6) } : {}),
    },
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
