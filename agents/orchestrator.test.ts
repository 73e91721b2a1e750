import { describe, expect, it } from 'vitest';
import { answer as answerSchema } from '../domain/answer.ts';
import type { Answer } from '../domain/answer.ts';
import { understanding as understandingSchema } from '../domain/question.ts';
import type { Question, Understanding } from '../domain/question.ts';
import { runEvent } from '../domain/run.ts';
import type { RunEvent } from '../domain/run.ts';
import { createFakeClock } from '../infra/runtime/clock.ts';
import { CerebroError } from '../infra/runtime/errors.ts';
import { createFakeOrchestrator } from './fake-orchestrator.ts';
import { shopQuestion, shopTools, shopUnderstanding } from './fake-shop.ts';
import { createAgents } from './agents.ts';
import { openStateFile } from './state-file.ts';

async function all(events: AsyncIterable<RunEvent>): Promise<RunEvent[]> {
  const list: RunEvent[] = [];
  for await (const event of events) list.push(runEvent.parse(event));
  return list;
}
function answerIn(events: RunEvent[]): Answer {
  const found = events.find((event) => event.type === 'answer');
  if (found === undefined) throw new Error(`no answer: ${JSON.stringify(events.at(-1))}`);
  return answerSchema.parse(found.answer);
}
const textOf = (answer: Answer): string =>
  [...answer.headline, ...answer.sections.flatMap(({ sentences }) => sentences)].map(({ text }) => text).join('\n');
const never = (): Promise<never> => new Promise(() => undefined);

describe('orchestrator', () => {
  it('takes a question through understanding, investigation and diagnosis to a cited answer', async () => {
    const { orchestrator } = createFakeOrchestrator();
    const events = await all(orchestrator.ask(shopQuestion));
    const types = events.map(({ type }) => type);
    expect(types[0]).toBe('run-start');
    expect(types).toEqual(
      expect.arrayContaining(['question-understood', 'agent-start', 'tool-call', 'tool-result', 'agent-end']),
    );
    expect(types.slice(-2)).toEqual(['answer', 'run-end']);
    const answer = answerIn(events);
    expect(answer.status).toBe('answered');
    expect(answer.headline[0]?.text).toBe(
      'The root cause is payment (change cfg-7): its pool of connections was set from 20 to 2, so requests wait for one.',
    );
    expect(answer.headline[1]?.text).toContain('15:05:30 Europe/Berlin');
    const known = new Set(answer.evidence.map(({ id }) => id));
    for (const { kind, evidence } of [...answer.headline, ...answer.sections.flatMap(({ sentences }) => sentences)]) {
      if (kind === 'fact') expect(evidence.length).toBeGreaterThan(0);
      for (const id of evidence) expect(known.has(id)).toBe(true);
    }
    expect(answer.sections.map(({ title }) => title)).toEqual([
      'Why',
      'Seen',
      'Timeline',
      'Ruled out',
      'Not seen',
      'Blast radius',
      'Next step',
    ]);
    expect(events.at(-1)).toMatchObject({ type: 'run-end', status: 'done' });
  });

  it('gives the same bytes for the same question over the same world', async () => {
    const [one, two] = await Promise.all(
      [0, 1].map(async (late) => {
        const clock = createFakeClock(Date.parse(shopQuestion.askedAt) + late * 86_400_000);
        return answerIn(await all(createFakeOrchestrator({ clock }).orchestrator.ask(shopQuestion)));
      }),
    );
    expect(JSON.stringify(two)).toBe(JSON.stringify(one));
  });

  it.each(['supported', 'suspected', 'unproven'] as const)(
    'does not say "root cause" of a cause that is %s',
    async (grade) => {
      const { orchestrator } = createFakeOrchestrator({ canned: shopTools(grade) });
      const answer = answerIn(await all(orchestrator.ask(shopQuestion)));
      expect(textOf(answer).toLowerCase()).not.toContain('root cause');
      expect(textOf(answer)).toContain('payment');
    },
  );

  it('lets no model claim more than the certificate', async () => {
    const { orchestrator } = createFakeOrchestrator({
      canned: shopTools('suspected'),
      reasoner: {
        name: 'bold',
        decide: (query) => {
          const ruled = query.rule(query.facts);
          if (query.name !== 'write-report')
            return Promise.resolve({ result: ruled, by: 'rule', inputTokens: 0, outputTokens: 0 });
          const cite = JSON.stringify(query.facts).match(/ev_[0-9a-f]{16}/)?.[0] ?? '';
          const sentences = ['The root cause is definitely payment.', 'Cart caused it.', 'Payment is slow.'].map(
            (text) => ({ text, kind: 'fact', evidence: [cite] }),
          );
          const bare = { text: 'Nobody else is affected.', kind: 'fact', evidence: [] };
          const result = query.schema.parse({
            headline: sentences,
            sections: [{ title: 'The root cause', sentences: [bare, sentences[2]] }],
          });
          return Promise.resolve({ result, by: 'model', model: 'bold-1', inputTokens: 1, outputTokens: 1 });
        },
      },
    });
    const answer = answerIn(await all(orchestrator.ask(shopQuestion)));
    expect(answer.by).toBe('bold-1');
    expect(answer.headline.map(({ text }) => text)).toEqual(['The suspected cause is payment.', 'Payment is slow.']);
    expect(answer.sections).toMatchObject([{ title: 'Cause', sentences: [{ text: 'Payment is slow.' }] }]);
  });

  it('asks back when the question is ambiguous, without running an agent', async () => {
    const { orchestrator, calls } = createFakeOrchestrator({
      understanding: { ...shopUnderstanding, clarify: 'Do you mean cart or checkout?' },
    });
    const answer = answerIn(await all(orchestrator.ask(shopQuestion)));
    expect(answer).toMatchObject({ status: 'clarify', headline: [{ text: 'Do you mean cart or checkout?' }] });
    expect(calls.map(({ tool }) => tool)).toEqual(['list_services']);
  });

  it('answers a redelivered question from the record, and joins one that is at work', async () => {
    const { orchestrator, calls } = createFakeOrchestrator();
    const [one, two] = await Promise.all([all(orchestrator.ask(shopQuestion)), all(orchestrator.ask(shopQuestion))]);
    const made = calls.length;
    const three = await all(orchestrator.ask(shopQuestion));
    expect(calls.length).toBe(made);
    expect(answerIn(two)).toEqual(answerIn(one));
    expect(answerIn(three)).toEqual(answerIn(one));
  });

  it('hands the last understanding of the thread to the next question in it, and of no other thread', async () => {
    const seen: (Understanding | undefined)[] = [];
    const { orchestrator } = createFakeOrchestrator({
      understand: (facts) => {
        seen.push(facts.previous);
        return {
          name: 'understand',
          facts,
          schema: understandingSchema,
          prompt: () => ({ instruction: '', data: [] }),
          rule: () => shopUnderstanding,
        };
      },
    });
    await all(orchestrator.ask(shopQuestion));
    await all(orchestrator.ask({ ...shopQuestion, text: 'and payment?', askedAt: '2026-11-20T14:11:00.000Z' }));
    await all(orchestrator.ask({ ...shopQuestion, thread: 'other', askedAt: '2026-11-20T14:12:00.000Z' }));
    expect(seen).toEqual([undefined, shopUnderstanding, undefined]);
  });

  it('runs independent agents side by side', async () => {
    let waiting = 0;
    let most = 0;
    const agents = createAgents().map((agent) => ({
      ...agent,
      run: async (...given: Parameters<typeof agent.run>) => {
        waiting += 1;
        most = Math.max(most, waiting);
        await new Promise((resolve) => setTimeout(resolve, 5));
        waiting -= 1;
        return agent.run(...given);
      },
    }));
    const { orchestrator } = createFakeOrchestrator({
      agents,
      understanding: { ...shopUnderstanding, agents: ['optimizer', 'investigator', 'security-analyst'] },
    });
    await all(orchestrator.ask(shopQuestion));
    expect(most).toBe(3);
  });

  it('still answers when an agent fails and when tools throw, fail or are absent', async () => {
    const broken = { answer: () => Promise.reject(new Error('bug')) };
    const canned = {
      ...shopTools(),
      find_anomalies: broken,
      search_traces: { answer: () => ({ data: { findings: 'nonsense' } }) },
    };
    expect(answerIn(await all(createFakeOrchestrator({ canned }).orchestrator.ask(shopQuestion))).status).toBe(
      'answered',
    );
    const agents = createAgents().map((agent) =>
      agent.name === 'investigator' ? { ...agent, run: () => Promise.reject(new Error('bug')) } : agent,
    );
    const events = await all(createFakeOrchestrator({ agents }).orchestrator.ask(shopQuestion));
    expect(events).toContainEqual(
      expect.objectContaining({ type: 'agent-end', agent: 'investigator', status: 'failed' }),
    );
    expect(textOf(answerIn(events))).toContain('The investigator could not finish');
    const nothing = answerIn(await all(createFakeOrchestrator({ canned: {} }).orchestrator.ask(shopQuestion)));
    expect(nothing.status).toBe('abstained');
    expect(nothing.headline[0]?.kind).toBe('note');
  });

  it('refuses a malformed question and says what is wrong', async () => {
    const { orchestrator } = createFakeOrchestrator();
    await expect(all(orchestrator.ask({ ...shopQuestion, askedAt: 'noon' }))).rejects.toMatchObject({
      code: 'INPUT_INVALID',
    });
    await expect(all(orchestrator.ask({ ...shopQuestion, text: 'x'.repeat(9_000) }))).rejects.toBeInstanceOf(
      CerebroError,
    );
  });

  it('stops when the asker withdraws, and does not take the run up again by itself', async () => {
    const state = openStateFile(':memory:');
    const stop = new AbortController();
    const canned = {
      ...shopTools(),
      find_anomalies: {
        answer: (_input: unknown, _session: unknown, signal?: AbortSignal) =>
          new Promise<never>((_resolve, reject) =>
            signal?.addEventListener('abort', () => reject(new Error('withdrawn'))),
          ),
      },
    };
    const { orchestrator } = createFakeOrchestrator({ canned, state });
    const asked = all(orchestrator.ask(shopQuestion, { signal: stop.signal }));
    setTimeout(() => stop.abort(), 20);
    expect((await asked).at(-1)).toMatchObject({
      type: 'run-end',
      status: 'failed',
      error: expect.stringContaining('CANCELLED'),
    });
    expect(await createFakeOrchestrator({ state }).orchestrator.resume()).toEqual([]);
    expect(answerIn(await all(createFakeOrchestrator({ state }).orchestrator.ask(shopQuestion))).status).toBe(
      'answered',
    );
  });

  it('lets go of a run when the process stops, and the next process finishes it from its last checkpoint', async () => {
    const state = openStateFile(':memory:');
    const first = createFakeOrchestrator({
      state,
      canned: { ...shopTools(), rank_causes: { answer: never } },
      options: { owner: { token: 'first', pid: 1 } },
    });
    const asked = all(first.orchestrator.ask(shopQuestion));
    await expect.poll(() => first.calls.map(({ tool }) => tool)).toContain('rank_causes');
    await first.orchestrator.close();
    expect((await asked).at(-1)).toMatchObject({ type: 'run-end', status: 'failed' });
    const told: string[] = [];
    const second = createFakeOrchestrator({
      state,
      options: { owner: { token: 'second', pid: 2 } },
      investigations: { started: () => undefined, answered: ({ run }) => void told.push(run) },
    });
    const [run] = await second.orchestrator.resume();
    expect(told).toEqual([run]);
    // What the first process had found is not looked up again.
    expect(second.calls.map(({ tool }) => tool)).not.toContain('find_anomalies');
    const kept = answerIn(await all(second.orchestrator.ask(shopQuestion)));
    expect(kept).toEqual(answerIn(await all(createFakeOrchestrator().orchestrator.ask(shopQuestion))));
    expect(state.sql.prepare('SELECT count(*) AS n FROM checkpoints').get()?.['n']).toBe(0);
  });

  it('leaves a run alone that another living process works on', async () => {
    const state = openStateFile(':memory:');
    const canned = { ...shopTools(), rank_causes: { answer: never } };
    const first = createFakeOrchestrator({ state, canned, options: { owner: { token: 'first', pid: process.pid } } });
    void all(first.orchestrator.ask(shopQuestion));
    await expect.poll(() => first.calls.map(({ tool }) => tool)).toContain('rank_causes');
    const second = createFakeOrchestrator({ state, options: { owner: { token: 'second', pid: process.pid + 1 } } });
    expect(await second.orchestrator.resume()).toEqual([]);
    await expect(all(second.orchestrator.ask(shopQuestion))).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  it('tells what it would understand without running anything', async () => {
    const { orchestrator, calls, state } = createFakeOrchestrator();
    expect(await orchestrator.understand(shopQuestion)).toEqual(shopUnderstanding);
    expect(calls.map(({ tool }) => tool)).toEqual(['list_services']);
    expect(state.sql.prepare('SELECT count(*) AS n FROM runs').get()?.['n']).toBe(0);
  });

  it('looks at the window that the door gave, in a replay too', async () => {
    const window = { from: '2025-01-01T10:00:00.000Z', to: '2025-01-01T10:20:00.000Z' };
    const question: Question = { ...shopQuestion, askedAt: window.to, window };
    const { orchestrator, calls } = createFakeOrchestrator();
    await all(orchestrator.ask(question));
    expect(calls.find(({ tool }) => tool === 'find_anomalies')?.input).toEqual({ entities: [], window });
    expect(calls.find(({ tool }) => tool === 'rank_causes')?.input).toMatchObject({ window });
  });
});
