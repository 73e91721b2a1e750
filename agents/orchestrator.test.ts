import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../domain/run.ts';
import { answer as answerSchema } from '../domain/answer.ts';
import { createFakeOrchestrator } from './fake-orchestrator.ts';
import { shopQuestion } from './fake-shop.ts';

async function all(events: AsyncIterable<RunEvent>): Promise<RunEvent[]> {
  const list: RunEvent[] = [];
  for await (const event of events) list.push(event);
  return list;
}

describe('orchestrator', () => {
  it('takes a question through understanding, investigation and diagnosis to a cited answer', async () => {
    const { orchestrator } = createFakeOrchestrator();
    const events = await all(orchestrator.ask(shopQuestion));
    expect(events.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['run-start', 'question-understood', 'tool-call', 'answer', 'run-end']),
    );
    const answered = events.find((event) => event.type === 'answer');
    const answer = answerSchema.parse(answered?.answer);
    expect(answer.status).toBe('answered');
    expect(answer.headline[0]?.text).toBe(
      'The root cause is payment (change cfg-7): its pool of connections was set from 20 to 2, so requests wait for one.',
    );
    expect(answer.headline[1]?.text).toContain('15:05:30 Europe/Berlin');
    for (const { kind, evidence } of answer.headline) if (kind === 'fact') expect(evidence.length).toBeGreaterThan(0);
    expect(answer.sections.map(({ title }) => title)).toEqual([
      'Why',
      'Seen',
      'Timeline',
      'Ruled out',
      'Not seen',
      'Blast radius',
    ]);
    expect(events.at(-1)).toMatchObject({ type: 'run-end', status: 'done' });
  });
});
