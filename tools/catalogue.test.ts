import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { outcome as outcomeSchema } from '../domain/outcome.ts';
import { createFakeClock } from '../infra/runtime/clock.ts';
import { CerebroError } from '../infra/runtime/errors.ts';
import { createTools } from './catalogue.ts';
import { openEvidenceStore } from './evidence-store.ts';
import { createFakeToolbox, fakeSession } from './fake-toolbox.ts';
import { createDataSources, loadersOf } from './sources/data-sources.ts';
import { createExampleData, exampleWindow } from './sources/example-data.ts';
import type { Sources } from './sources/source.ts';

const unlimited = { budget: { maxSteps: 1e9 }, loop: { maxRepeats: 1e9 }, rate: { perSecond: 1e9, burst: 1e9 } };

function connect(sources: Sources) {
  const clock = createFakeClock(exampleWindow.to);
  const evidence = openEvidenceStore({ clock }, ':memory:');
  const tools = createTools({ sources, evidence, clock });
  const { toolbox } = createFakeToolbox(tools, { clock, evidence, guards: unlimited });
  const client = toolbox.clientFor(fakeSession({ principal: { id: 'eve', kind: 'mcp-client', roles: ['admin'] } }));
  return { client, names: tools.map(({ name }) => name) };
}
const example = (): Required<Sources> => createDataSources(loadersOf(createExampleData()), 'example');

/** Minimal good input of tools that need some. */
const needed: Record<string, Record<string, unknown>> = {
  describe_entity: { entity: 'service:checkout' },
  find_blast_radius: { entity: 'service:checkout' },
  show_diff: { change: 'change-1' },
  query_expression: { expression: 'up' },
  explain_score: { metric: '*' },
};

describe('every tool of the catalogue', () => {
  it('answers any input with an outcome, and none with a defect of ours', async () => {
    const { client, names } = connect(example());
    const text = fc.oneof(fc.string(), fc.constantFrom('service:checkout', '*', '__proto__', "'; --", '\u0000', '('));
    const hostile = fc.record(
      {
        entities: fc.array(text, { maxLength: 3 }),
        entity: text,
        metrics: fc.array(text, { maxLength: 3 }),
        text,
        change: text,
        expression: text,
        window: fc.oneof(fc.constant(exampleWindow), fc.jsonValue()),
        baseline: fc.constant(exampleWindow),
        limit: fc.oneof(fc.integer(), fc.double()),
      },
      { requiredKeys: [] },
    );
    const schemas = new Map((await client.list()).map(({ name, inputSchema }) => [name, JSON.stringify(inputSchema)]));
    // Members that a tool does not know are left out, so that most inputs get past its schema.
    const fitted = (name: string, input: object) =>
      Object.fromEntries(
        Object.entries(input).filter(([member]) => schemas.get(name)?.includes(`"${member}":`) === true),
      );
    const calls = fc.oneof(
      {
        weight: 4,
        arbitrary: fc
          .tuple(fc.constantFrom(...names), hostile)
          .map(([name, input]) => [name, fitted(name, input)] as const),
      },
      { weight: 1, arbitrary: fc.tuple(fc.constantFrom(...names), fc.jsonValue()) },
    );
    let through = 0;
    await fc.assert(
      fc.asyncProperty(calls, async ([name, input]) => {
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what a client over the wire can send
        const outcome = await client.call(name, input as Record<string, unknown>);
        if (outcome.status !== 'failed') through += 1;
        expect(outcomeSchema.safeParse(outcome).success).toBe(true);
        expect({ name, input, code: outcome.status === 'failed' ? outcome.code : '' }).not.toMatchObject({
          code: 'INTERNAL',
        });
      }),
      { numRuns: 400 },
    );
    expect(through).toBeGreaterThan(50);
  });

  it('says what a back end that fails replied, and never throws', async () => {
    const fail = () =>
      Promise.reject(
        new CerebroError('BACKEND_UNAVAILABLE', 'prometheus answered 503', { details: { reply: 'overloaded' } }),
      );
    const broken = {
      metrics: { name: 'm', list: fail, query: fail },
      logs: { name: 'l', search: fail },
      traces: { name: 't', search: fail },
      changes: { name: 'c', list: fail, show: fail },
      topology: { name: 'g', read: fail },
      cluster: { name: 'k', list: fail },
      advisories: { name: 'a', list: fail },
    } satisfies Sources;
    const { client } = connect(broken);
    const names = [
      'list_services',
      'query_metrics',
      'search_logs',
      'search_traces',
      'list_changes',
      'walk_topology',
      'report_resource_use',
      'find_advisories',
      ...Object.keys(needed),
    ];
    for (const name of names.filter((one) => one !== 'query_expression')) {
      const outcome = await client.call(name, { ...needed[name] });
      expect({ name, ...outcome }).toMatchObject({
        name,
        status: 'failed',
        code: 'BACKEND_UNAVAILABLE',
        message: expect.stringContaining('overloaded'),
      });
    }
  });

  it('keeps digests short and gives the same evidence id for the same question', async () => {
    const [first, second] = [connect(example()), connect(example())];
    for (const name of first.names) {
      const input = {
        ...needed[name],
        ...(name.startsWith('show') || name === 'find_advisories' ? {} : { window: exampleWindow }),
      };
      const outcomes = [await first.client.call(name, input), await second.client.call(name, input)];
      expect(outcomes[0]).toEqual(outcomes[1]);
      const [outcome] = outcomes;
      if (outcome?.status === 'ok') expect(outcome.digest.length).toBeLessThanOrEqual(600);
    }
  });
});
