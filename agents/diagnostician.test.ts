import { describe, expect, it } from 'vitest';
import type { Answer } from '../domain/answer.ts';
import { createFakeOrchestrator } from './fake-orchestrator.ts';
import { shopQuestion, shopTools, shopUnderstanding } from './fake-shop.ts';

const hits = [{ title: 'Payment waited', text: 'The pool was too small.', source: 'i1:1-4' }];
const foresight = {
  causeClass: 'internal',
  confidence: 0.4,
  learntFrom: 4,
  firstSteps: ['Look at the pool.'],
  like: [{ id: 'i1', title: 'Payment waited', entity: 'service:payment', faultKind: 'pool-exhausted', likeness: 0.7 }],
};

async function diagnose(past: Record<string, unknown>): Promise<{ answer: Answer; ranked: unknown }> {
  const { orchestrator, calls } = createFakeOrchestrator({
    canned: { ...shopTools(), find_similar_incidents: { kind: 'knowledge', answer: () => ({ data: past }) } },
    understanding: shopUnderstanding,
  });
  for await (const event of orchestrator.ask(shopQuestion))
    if (event.type === 'answer')
      return { answer: event.answer, ranked: calls.find(({ tool }) => tool === 'rank_causes')?.input['evidence'] };
  throw new Error('no answer');
}
const seenBefore = ({ sections }: Answer) => sections.find(({ title }) => title === 'Seen before')?.sentences ?? [];

describe('what past incidents say in a diagnosis', () => {
  it('is told with its citation and handed to the ranking as a prior', async () => {
    const { answer, ranked } = await diagnose({ hits, foresight });
    expect(seenBefore(answer).map(({ text }) => text)).toEqual([
      'Past incidents that resemble this: “Payment waited”.',
      'The closest, “Payment waited”, was payment (pool-exhausted): the same as now.',
      'By 4 verified incidents the cause would be internal (40 %, a prior that evidence overrules).',
      'First step for what is named: Look at the pool.',
    ]);
    const [cited] = seenBefore(answer)[1]?.evidence ?? [];
    expect(cited).toMatch(/^ev_/);
    expect(ranked).toContain(cited);
  });

  it('is no prior where only pages were found, and says when the evidence shows another cause', async () => {
    const { answer, ranked } = await diagnose({ hits });
    const [cited] = seenBefore(answer)[0]?.evidence ?? [];
    expect(cited).toMatch(/^ev_/);
    expect(ranked).not.toContain(cited);
    const other = { ...foresight, like: [{ ...foresight.like[0], entity: 'service:cart' }] };
    const said = seenBefore((await diagnose({ hits, foresight: other })).answer).map(({ text }) => text);
    expect(said[1]).toBe(
      'The closest, “Payment waited”, was cart (pool-exhausted): another cause than the evidence shows now.',
    );
  });
});
