import type { Question } from '../../domain/question.ts';
import type { Feedback, Investigation, RunEvent } from '../../domain/run.ts';
import { createFakeClock, isoOf, msOf } from '../../infra/runtime/clock.ts';
import { silentLogger } from '../../infra/runtime/logger.ts';
import { createMetrics } from '../../infra/runtime/metrics.ts';
import { createFakeIncident } from './fake-incident.ts';
import type { FakeIncident } from './fake-incident.ts';
import { cast, fakeTopology } from './fake-incident-signals.ts';
import { fakeModels } from './fake-models.ts';
import { createFakeSeries } from './fake-series.ts';
import type { Asker, ConsoleDeps } from './server/console-deps.ts';

/** Everything that a console needs, scripted around one fake incident; `feedback` holds what people said. */
export interface FakeConsole extends ConsoleDeps {
  incident: FakeIncident;
  feedback: Feedback[];
}

/** Makes the deps of a console without an engine. `pace` is awaited before each event, so that a page can be watched while it streams. */
export function createFakeConsole(now: string, pace: () => Promise<void> = () => Promise.resolve()): FakeConsole {
  const clock = createFakeClock(now);
  const incident = createFakeIncident(now);
  const feedback: Feedback[] = [];
  const investigations = [mainInvestigation(incident, now), ...olderInvestigations(now)];
  return {
    incident,
    feedback,
    clock,
    logger: silentLogger,
    metrics: createMetrics(),
    asker: createFakeAsker(incident, now, pace),
    investigations: {
      list: (limit) => investigations.slice(0, limit),
      get: (id) => investigations.find((one) => one.id === id),
      addFeedback: (one) => feedback.push(one),
    },
    answers: { answerOf: (run) => (run.startsWith('run-') ? incident.answer(run, 'inv-31') : undefined) },
    evidence: {
      get: (id) => incident.evidence.find((one) => one.id === id),
      raw: (id) => incident.raw.get(id),
      page: (id, offset, limit) => {
        const raw = incident.raw.get(id);
        const items = Array.isArray(raw) ? raw : [raw];
        return { items: items.slice(offset, offset + limit), total: items.length };
      },
    },
    topology: {
      read: () =>
        Promise.resolve({
          topology: fakeTopology(),
          health: {
            ...Object.fromEntries(Object.values(cast).map((id) => [id, { state: 'ok' as const }])),
            [cast.payment]: { state: 'bad', why: 'p95 latency 1.7 s, 17 requests wait for a connection' },
            [cast.checkout]: { state: 'bad', why: 'p95 latency 1.9 s, 2.4 errors per second' },
            [cast.gateway]: { state: 'warn', why: 'p95 latency 1.1 s' },
            [cast.acquirer]: { state: 'unknown', why: 'no signal from this provider' },
          },
        }),
    },
    models: fakeModels,
    series: createFakeSeries(msOf(now)),
    scoreSeries: (values) => Float64Array.from(values, (value) => Math.min(1, Math.abs(value) / 10)),
    about: () => ({
      version: '0.1.0',
      reasoner: 'rules',
      sources: [
        { name: 'collector', kind: 'metrics, logs, traces', state: 'ok' },
        { name: 'change feed', kind: 'changes', state: 'ok' },
        { name: 'kubernetes', kind: 'cluster', state: 'unknown', note: 'not configured' },
      ],
      gaps: ['No cluster is connected: resource state is not checked.'],
      lab: { page: 'http://127.0.0.1:7711/' },
    }),
  };
}

function createFakeAsker(incident: FakeIncident, now: string, pace: () => Promise<void>): Asker {
  let runs = 0;
  return {
    async *ask(question, options) {
      runs += 1;
      for (const event of script(incident, question, { run: options?.run ?? `run-${runs}`, start: msOf(now) })) {
        await pace();
        options?.signal?.throwIfAborted();
        yield event;
      }
    },
  };
}

function script(
  incident: FakeIncident,
  question: Question,
  { run, start }: { run: string; start: number },
): RunEvent[] {
  let elapsed = 0;
  const next = (): { run: string; at: string } => {
    elapsed += 70;
    return { run, at: isoOf(start + elapsed) };
  };
  const call = (agent: string, tool: string, input: Record<string, unknown>, digest: string): RunEvent[] => [
    { type: 'tool-call', ...next(), agent, tool, input },
    { type: 'tool-result', ...next(), agent, tool, status: 'ok', digest },
  ];
  const focus = incident.understanding.entities;
  return [
    { type: 'run-start', ...next(), question },
    { type: 'question-understood', ...next(), understanding: incident.understanding },
    { type: 'agent-start', ...next(), agent: 'investigator', task: 'Collect what departs from normal around checkout' },
    ...incident.evidence.flatMap((one) => call('investigator', one.tool, one.query, one.digest)),
    { type: 'agent-end', ...next(), agent: 'investigator', status: 'done' },
    { type: 'agent-start', ...next(), agent: 'diagnostician', task: 'Rank causes and certify them' },
    ...call('diagnostician', 'rank_causes', { focus }, 'payment pool-exhausted (proven), 1 other, 2 ruled out'),
    { type: 'agent-end', ...next(), agent: 'diagnostician', status: 'done' },
    { type: 'answer', ...next(), answer: incident.answer(run, question.thread) },
    { type: 'run-end', ...next(), status: 'done' },
  ];
}

function mainInvestigation(incident: FakeIncident, now: string): Investigation {
  return {
    id: 'inv-31',
    title: 'Checkout latency above 1 s',
    status: 'open',
    openedAt: isoOf(msOf(now) - 480_000),
    updatedAt: isoOf(msOf(now) - 60_000),
    openedBy: 'alertmanager',
    alerts: [
      {
        fingerprint: '9f2c',
        name: 'CheckoutSlow',
        status: 'firing',
        startsAt: isoOf(msOf(now) - 500_000),
        labels: { service: 'checkout', severity: 'page' },
        annotations: { summary: 'p95 above 1 s for 2 minutes' },
        source: 'alertmanager',
      },
    ],
    runs: ['run-0'],
    answer: incident.answer('run-0', 'inv-31'),
    feedback: [],
  };
}

function olderInvestigations(now: string): Investigation[] {
  const older = (id: string, title: string, hoursAgo: number): Investigation => ({
    id,
    title,
    status: 'resolved',
    openedAt: isoOf(msOf(now) - hoursAgo * 3_600_000),
    updatedAt: isoOf(msOf(now) - hoursAgo * 3_600_000 + 900_000),
    openedBy: 'console',
    alerts: [],
    runs: [],
    feedback: [],
  });
  return [
    older('inv-30', 'Why does search return errors?', 5),
    older('inv-28', 'What changed in catalog since lunch?', 27),
  ];
}
