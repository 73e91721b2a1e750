import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type App, type AppParts, openApp } from './app.ts';
import { verifiedIncidentOf } from './app/remember-outcome.ts';
import { answerOf } from './app/triage.ts';
import { configSchema } from './config.ts';
import { simulateIncident } from './detection/diagnosis/simulate-incident.ts';
import type { Answer } from './domain/answer.ts';
import type { Question } from './domain/question.ts';
import type { RunEvent } from './domain/run.ts';
import { verifiedIncident } from './knowledge/incidents/incident-memory.ts';
import { openCapsule } from './tools/sources/capsule/open-capsule.ts';
import { createDataSources, loadersOf } from './tools/sources/data-sources.ts';
import type { Sources } from './tools/sources/source.ts';

const folder = (): string => mkdtempSync(join(tmpdir(), 'cerebro-app-'));
const incident = simulateIncident('database-lock', 3);
const secret = 'AKIAIOSFODNN7EXAMPLE';

function sourcesOf(): Sources {
  const { series: metrics, logs, changes, topology } = incident;
  const leak = { ...logs[0]!, message: `request failed, key ${secret}`, level: 'error' as const };
  const {
    cluster: _cluster,
    advisories: _advisories,
    traces: _traces,
    ...sources
  } = createDataSources(
    loadersOf({ metrics, logs: [...logs, leak], changes, topology, spans: [], resources: [], advisories: [] }),
    'simulation',
  );
  return sources;
}

const question: Question = {
  text: 'What is wrong, and why?',
  thread: 'test',
  askedAt: incident.observed.to,
  timeZone: 'Europe/Berlin',
  principal: { id: 'tester', kind: 'person', roles: ['responder'] },
  window: { from: incident.baseline.from, to: incident.observed.to },
};

const opened: App[] = [];
async function open(sources: Sources, parts: AppParts = {}, dataDir = folder()): Promise<App> {
  const app = await openApp(configSchema.parse({ dataDir, logLevel: 'silent' }), { sources, ...parts });
  opened.push(app);
  return app;
}
afterEach(async () => {
  for (const app of opened.splice(0)) await app.close();
});

async function drain(events: AsyncIterable<RunEvent>): Promise<RunEvent[]> {
  const all: RunEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

async function ask(app: App, asked: Question = question): Promise<Answer> {
  const answer = await answerOf(app.ask(asked));
  if (answer === undefined) throw new Error('no answer');
  return answer;
}

describe('the whole', () => {
  it('answers with a certified cause, every fact cited, and keeps the investigation', async () => {
    const app = await open(sourcesOf());
    const events = await drain(app.ask(question));
    expect(events.at(-1)).toMatchObject({ type: 'run-end', status: 'done' });
    const answer = events.find((event) => event.type === 'answer')?.answer;
    expect(answer?.diagnosis?.verdict).toBe('cause');
    expect(answer?.diagnosis?.hypotheses[0]).toMatchObject({
      entity: incident.truth.entity,
      faultKind: 'database-lock',
    });
    const known = new Set(answer?.evidence.map((one) => one.id));
    const facts = [answer?.headline ?? [], ...(answer?.sections ?? []).map((section) => section.sentences)]
      .flat()
      .filter((sentence) => sentence.kind === 'fact');
    expect(facts.length).toBeGreaterThan(3);
    expect(facts.filter((fact) => fact.evidence.length === 0 || fact.evidence.some((id) => !known.has(id)))).toEqual(
      [],
    );
    expect(app.investigations.list(5)).toMatchObject([{ id: 'test', runs: [answer?.run] }]);
  });

  it('replays a kept run byte for byte, and lets no secret into it', async () => {
    const app = await open(sourcesOf());
    const first = await ask(app);
    const capsule = await openCapsule(app.recordings.folderOf(first.run));
    expect(capsule.manifest.asked).toEqual(question);
    const again = await ask(await open(capsule.sources), capsule.manifest.asked);
    expect(JSON.stringify(again)).toBe(JSON.stringify(first));
    expect(
      JSON.stringify(
        await (
          await openCapsule(app.recordings.folderOf(first.run))
        ).sources.logs?.search({ entities: [], window: question.window!, limit: 1_000 }),
      ),
    ).not.toContain(secret);
    expect(JSON.stringify(first)).not.toContain(secret);
  });

  it('replays a follow-up as it was understood, with what the knowledge answered', async () => {
    const knowledge = {
      name: 'notes',
      search: () =>
        Promise.resolve([
          {
            id: 'n1',
            kind: 'runbook' as const,
            title: 'Locks',
            text: 'Find who holds the lock.',
            source: 'locks.md:1',
            score: 1,
          },
        ]),
    };
    const app = await open(sourcesOf(), { knowledge });
    await ask(app, { ...question, text: 'why is everything slow?' });
    const follow = {
      ...question,
      text: 'what should we do about it?',
      askedAt: new Date(Date.parse(question.askedAt) + 2_000).toISOString(),
    };
    const first = await ask(app, follow);
    expect(JSON.stringify(first.evidence)).toContain('notes');
    const capsule = await openCapsule(app.recordings.folderOf(first.run));
    const { previous } = capsule.manifest;
    const again = await ask(
      await open(capsule.sources, { knowledge: capsule.knowledge!, previous: previous! }),
      follow,
    );
    expect(JSON.stringify(again)).toBe(JSON.stringify(first));
  });

  it('goes on in a thread, and shows what it saw', async () => {
    const app = await open(sourcesOf());
    const names = incident.topology.entities.filter((one) => one.kind === 'service').map((one) => one.name);
    const first = await ask(app, { ...question, text: `show me the latency of ${names[0]}` });
    expect(first.charts.length).toBeGreaterThan(0);
    const next = await ask(app, {
      ...question,
      text: `and ${names[1]}?`,
      askedAt: new Date(Date.parse(question.askedAt) + 1_000).toISOString(),
    });
    expect(next.understanding).toMatchObject({ intent: first.understanding.intent, entities: [`service:${names[1]}`] });
  });

  it('remembers a cause that a person confirmed, and nothing else', async () => {
    const answer = await ask(await open(sourcesOf()));
    const feedback = { run: answer.run, at: question.askedAt, by: 'ann', right: true };
    const remembered = verifiedIncidentOf(answer, feedback);
    expect(remembered).toMatchObject({
      id: answer.run,
      verifiedBy: 'ann',
      cause: { entity: incident.truth.entity, faultKind: 'database-lock' },
    });
    expect(verifiedIncident.safeParse(remembered).success).toBe(true);
    expect(verifiedIncidentOf(answer, { ...feedback, right: false })).toBeUndefined();
  });

  it('opens one span a run, agent, decision and tool call', async () => {
    const names: string[] = [];
    const tracer = {
      span: <T>(name: string, _attributes: object, work: () => Promise<T>) => (names.push(name), work()),
      close: () => Promise.resolve(),
    };
    const answer = await ask(await open(sourcesOf(), { tracer }));
    const count = (name: string): number => names.filter((one) => one === name).length;
    expect(count('run')).toBe(1);
    expect(count('agent')).toBe(answer.understanding.agents.length);
    expect(count('decision')).toBeGreaterThan(1);
    expect(names.filter((name) => !['run', 'agent', 'decision'].includes(name)).length).toBeGreaterThan(5);
  });

  it('refuses a data folder that another app holds', async () => {
    const dataDir = folder();
    await open(sourcesOf(), {}, dataDir);
    await expect(openApp(configSchema.parse({ dataDir }), { sources: {} })).rejects.toMatchObject({
      code: 'STORE_LOCKED',
    });
  });

  it('says what is missing when nothing is connected', async () => {
    const answer = await ask(await open({}));
    expect(answer.diagnosis?.verdict ?? 'abstain').toBe('abstain');
    expect(JSON.stringify(answer)).toMatch(/connected|Not seen|missing/);
  });
});
