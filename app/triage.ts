import type { Answer } from '../domain/answer.ts';
import type { EntityId, Topology } from '../domain/entity.ts';
import type { Finding } from '../domain/finding.ts';
import type { Question } from '../domain/question.ts';
import type { RunEvent } from '../domain/run.ts';
import type { Clock } from '../infra/runtime/clock.ts';
import { CerebroError } from '../infra/runtime/errors.ts';
import type { Logger } from '../infra/runtime/logger.ts';
import type { Metrics } from '../infra/runtime/metrics.ts';
import {
  fingerprintOf,
  type Incident,
  isFound,
  openIncident,
  type Opener,
  questionOf,
  tellIncident,
} from './incident.ts';
import { createOpeningBudget } from './opening-budget.ts';
import { createRelatedness, type Relatedness } from './relatedness.ts';
import { byOnset, symptomsOf } from './symptoms.ts';
import { absorb, mayBelong, shareOut, type Trouble } from './trouble.ts';
import type { Watch } from './watch.ts';

export interface TriageDeps {
  watch: Watch;
  ask(question: Question, options: { signal: AbortSignal }): AsyncIterable<RunEvent>;
  investigations: Opener;
  /** Who depends on whom, for telling one incident from two; asked at most once a minute, and only when something is wrong. */
  topology?(): Promise<Topology>;
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
  /** Incidents that are followed side by side; what comes then joins the one that began nearest to it. Default 3. */
  mostOpen?: number;
}

const mostTries = 3;
const topologyForMs = 60_000;

interface Suspected extends Trouble {
  since: number;
  withheld: boolean;
}

/**
 * The standing watch: symptoms that persist, and streams that alarm, open an investigation by themselves and are triaged until a cause is certified or
 * three tries are spent; calm resolves it. What shows while it is open joins it where it may be the same trouble (see `shareOut`), else opens another.
 * Streams alone open within a budget and with a cool-down. Looks go on while a question is answered. Runs until the signal aborts, and until the
 * questions that are under way have ended then; a failed look or run is logged and the next one comes.
 */
export async function runTriage(deps: TriageDeps, options: TriageOptions, signal: AbortSignal): Promise<void> {
  const { intervalMs = 3_000, patienceMs = 6_000, againMs = 8_000, calmMs = 30_000, newNormalMs = 1_800_000 } = options;
  const { clock, watch } = deps;
  const budget = createOpeningBudget({
    perHour: options.openingsPerHour ?? 4,
    coolDownMs: options.coolDownMs ?? 900_000,
  });
  const relatednessNow = rememberRelatedness(deps);
  let suspected: Suspected[] = [];
  let incidents: Incident[] = [];
  const asked = new Set<Promise<void>>();

  const end = (over: Incident): void => {
    // What an alert opened is not over because the watch got used to it.
    if (over.own || over.calmSince !== undefined) deps.investigations.resolve(over.thread);
    if (!over.found) budget.ended(over.entities, clock.now());
    incidents = incidents.filter((one) => one !== over);
  };
  /** Opens an incident where that is due; undefined where nobody is to be woken yet. */
  const openFor = (trouble: Suspected, now: number): Incident | undefined => {
    if (now - trouble.since < patienceMs) return undefined;
    const found = trouble.serious.some(isFound);
    const entities = new Set(trouble.serious.map(({ entity }) => entity));
    if (!found && !budget.allows(entities, now)) {
      if (!trouble.withheld) {
        deps.metrics.count('cerebro_watch_openings_total', { trigger: 'withheld' });
        deps.logger.info('opening-withheld', { entities: [...entities].slice(0, 5) });
      }
      trouble.withheld = true;
      return undefined;
    }
    if (!found) budget.opened(now);
    const trigger = found ? 'finding' : 'stream';
    deps.metrics.count('cerebro_watch_openings_total', { trigger });
    const opened = openIncident(deps, trouble, incidents);
    deps.logger.info('incident-opened', { thread: opened.thread, symptoms: trouble.serious.length, trigger });
    return opened;
  };
  const openDue = (now: number): void => {
    for (const trouble of suspected) {
      const nearest = incidents.length < (options.mostOpen ?? 3) ? undefined : nearestTo(trouble, incidents);
      if (nearest === undefined) {
        const opened = openFor(trouble, now);
        if (opened === undefined) continue;
        incidents.push(opened);
      } else if (now - trouble.since >= patienceMs) absorb(nearest, trouble);
      else continue;
      suspected = suspected.filter((one) => one !== trouble);
    }
  };
  const ask = async (incident: Incident): Promise<void> => {
    incident.tries += 1;
    incident.asking = true;
    try {
      const answer = await answerOf(deps.ask(questionOf(incident, options.timeZone, clock.iso()), { signal }));
      if (answer === undefined) return;
      const best = answer.diagnosis?.hypotheses[0]?.certificate.grade;
      incident.settled = answer.diagnosis?.verdict === 'external' || best === 'proven' || best === 'supported';
      deps.answered?.(answer);
    } catch (thrown) {
      if (!signal.aborted) deps.logger.warn('triage-failed', { reason: CerebroError.from(thrown).message });
    } finally {
      incident.asking = false;
      incident.nextAskAt = clock.now() + againMs;
    }
  };
  const follow = (incident: Incident, now: number): void => {
    if (incident.serious.length === 0) {
      incident.calmSince ??= now;
      if (now - incident.calmSince >= calmMs) end(incident);
      return;
    }
    delete incident.calmSince;
    tellIncident(deps.investigations, incident);
    if (!incident.found && now - incident.openedAt >= newNormalMs) {
      end(incident);
      return;
    }
    if (incident.settled || incident.asking || incident.tries >= mostTries || now < incident.nextAskAt) return;
    const asking = ask(incident);
    asked.add(asking);
    void asking.finally(() => asked.delete(asking));
  };
  const holdNow = holder(watch);
  const logGaps = gapLogger(deps);
  const look = async (): Promise<void> => {
    const serious = together(symptomsOf(await watch.check(signal)), watch.alarms());
    tellMetrics(deps);
    logGaps();
    const related = serious.length + incidents.length === 0 ? undefined : await relatednessNow();
    const now = clock.now();
    const make = (onset: number): Suspected => ({
      entities: new Set(),
      // A finding need not know when it began.
      onset: Number.isNaN(onset) ? now : onset,
      serious: [],
      since: now,
      withheld: false,
    });
    suspected = related === undefined ? [] : shareOut(serious, { open: incidents, suspected, related }, make);
    openDue(now);
    for (const incident of incidents) follow(incident, now);
    holdNow(incidents, related);
  };

  while (!signal.aborted) {
    try {
      await look();
    } catch (thrown) {
      if (signal.aborted) break;
      deps.logger.warn('triage-failed', { reason: CerebroError.from(thrown).message });
    }
    // Where samples come by the minute there is nothing new to see every three seconds.
    await clock.sleep(Math.max(intervalMs, Math.min(30_000, watch.stepMs() / 2)), signal).catch(() => undefined);
  }
  await Promise.all(asked);
}

/** The symptoms, and the alarms that say something else; the earliest first. */
function together(findings: readonly Finding[], alarms: readonly Finding[]): Finding[] {
  const known = new Set(findings.map(fingerprintOf));
  const serious = [...findings, ...alarms.filter((alarm) => !known.has(fingerprintOf(alarm)))];
  return serious.toSorted(byOnset);
}

function nearestTo({ onset }: Trouble, incidents: readonly Incident[]): Incident | undefined {
  const distance = (one: Incident): number => Math.abs(one.onset - onset);
  return incidents.toSorted((left, right) => distance(left) - distance(right))[0];
}

/** Relatedness by the topology, which is read again when a minute old. What cannot be read is not known, and the last one stands until then. */
function rememberRelatedness(deps: TriageDeps): () => Promise<Relatedness> {
  let related = createRelatedness({ entities: [], edges: [] });
  let readAt = Number.NEGATIVE_INFINITY;
  return async () => {
    if (deps.topology === undefined || deps.clock.now() - readAt < topologyForMs) return related;
    readAt = deps.clock.now();
    try {
      related = createRelatedness(await deps.topology());
    } catch (thrown) {
      deps.logger.warn('topology-not-read', { reason: CerebroError.from(thrown).message });
    }
    return related;
  };
}

/** Tells the watch what the open incidents hold: all that may belong to one, since it began. Says it again only when it is something else. */
function holder(watch: Watch): (incidents: readonly Incident[], related: Relatedness | undefined) => void {
  let said = '[]';
  let saidBy: Relatedness | undefined;
  return (incidents, related) => {
    const now = JSON.stringify(incidents.map(({ onset, entities }) => [onset, [...entities]]));
    if (now === said && (incidents.length === 0 || related === saidBy)) return;
    [said, saidBy] = [now, related];
    const known = new Map<EntityId, number | undefined>();
    const open = incidents.map(({ onset, entities }) => ({ onset, entities: new Set(entities) }));
    watch.hold((entity) => {
      if (!known.has(entity)) {
        const mine = open.filter((one) => related !== undefined && mayBelong(entity, one, related));
        known.set(entity, mine.length === 0 ? undefined : Math.min(...mine.map(({ onset }) => onset)));
      }
      return known.get(entity);
    });
  };
}

/** Logs what the watch cannot see, each sentence once: again when it says another time or another entity. */
function gapLogger({ watch, logger }: TriageDeps): () => void {
  let said: readonly string[] = [];
  return () => {
    const gaps = watch.gaps();
    for (const gap of gaps) if (!said.includes(gap)) logger.warn('watch-gap', { gap });
    said = gaps;
  };
}

function tellMetrics({ metrics, watch }: TriageDeps): void {
  const { judged, watched } = watch.streams();
  metrics.set('cerebro_watch_series', watched, { state: 'watched' });
  metrics.set('cerebro_watch_series', judged, { state: 'judged' });
}

/** The answer of a run, or undefined when it ended without one. */
export async function answerOf(events: AsyncIterable<RunEvent>): Promise<Answer | undefined> {
  let answer: Answer | undefined;
  for await (const event of events) if (event.type === 'answer') answer = event.answer;
  return answer;
}
