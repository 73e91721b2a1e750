import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createFakeClock } from '../infra/runtime/clock.ts';
import { CerebroError } from '../infra/runtime/errors.ts';
import { createFakeToolbox, fakeSession } from './fake-toolbox.ts';
import type { Tool, ToolResult } from './tool.ts';

const input = z.strictObject({ service: z.string() });
const output = z.object({ value: z.number() });
type Echo = Tool<z.infer<typeof input>, z.infer<typeof output>>;

function echo(changes: Partial<Echo> = {}): Echo {
  return {
    name: 'read_value',
    description: 'Reads a value.',
    effect: 'read',
    input,
    output,
    run: () => Promise.resolve(ok(1)),
    ...changes,
  };
}
function ok(value: number): ToolResult<{ value: number }> {
  return {
    status: 'ok',
    output: { value },
    digest: `value ${value}`,
    kind: 'other',
    source: 'test',
    entities: [],
    tainted: false,
  };
}

describe('toolbox', () => {
  it('gives data with an evidence record that the store holds', async () => {
    const { toolbox, evidence } = createFakeToolbox([echo()]);
    const outcome = await toolbox.clientFor(fakeSession()).call('read_value', { service: 'a' });
    expect(outcome).toMatchObject({
      status: 'ok',
      data: { value: 1 },
      digest: 'value 1',
      evidence: { tool: 'read_value', query: { service: 'a' } },
    });
    const id = outcome.status === 'ok' ? outcome.evidence?.id : undefined;
    expect(evidence.raw(id ?? '')).toEqual({ value: 1 });
  });

  it('tells a model what is wrong with its input and which members there are', async () => {
    const { toolbox } = createFakeToolbox([echo()]);
    const outcome = await toolbox.clientFor(fakeSession()).call('read_value', { servce: 'a' });
    expect(outcome).toMatchObject({ status: 'failed', code: 'INPUT_INVALID' });
    expect(outcome.status === 'failed' && outcome.message).toContain('servce');
    expect(outcome.status === 'failed' && outcome.hint).toContain('service');
  });

  it('suggests near names for a tool that does not exist', async () => {
    const { toolbox } = createFakeToolbox([echo()]);
    const outcome = await toolbox.clientFor(fakeSession()).call('read_valu', {});
    expect(outcome).toMatchObject({ status: 'failed', code: 'NOT_FOUND' });
    expect(outcome.status === 'failed' && outcome.hint).toContain('read_value');
  });

  it('turns what a tool throws into an outcome with the back end’s reply', async () => {
    const broken = echo({
      run: () =>
        Promise.reject(
          new CerebroError('BACKEND_REJECTED', 'prometheus said 400', {
            details: { query: 'rate(x[', reply: 'parse error' },
          }),
        ),
    });
    const { toolbox } = createFakeToolbox([broken]);
    const outcome = await toolbox.clientFor(fakeSession()).call('read_value', { service: 'a' });
    expect(outcome).toMatchObject({ status: 'failed', code: 'BACKEND_REJECTED' });
    expect(outcome.status === 'failed' && outcome.message).toContain('parse error');
  });

  it('survives a tool that throws before its promise', async () => {
    const broken = echo({
      run: () => {
        throw new TypeError('no');
      },
    });
    const { toolbox } = createFakeToolbox([broken]);
    expect(await toolbox.clientFor(fakeSession()).call('read_value', { service: 'a' })).toMatchObject({
      status: 'failed',
      code: 'INTERNAL',
    });
  });

  it('ends a tool that does not listen to its signal when the time is up', async () => {
    let aborted = false;
    const slow = echo({
      run: (_request, { signal }) =>
        new Promise(() => {
          signal.addEventListener('abort', () => (aborted = true));
        }),
    });
    const { toolbox } = createFakeToolbox([slow], { timeoutMs: 5 });
    expect(await toolbox.clientFor(fakeSession()).call('read_value', { service: 'a' })).toMatchObject({
      status: 'failed',
      code: 'TIMEOUT',
    });
    expect(aborted).toBe(true);
  });

  it('ends a call that the caller withdraws', async () => {
    const { toolbox } = createFakeToolbox([echo({ run: () => new Promise(() => undefined) })]);
    const caller = new AbortController();
    const outcome = toolbox.clientFor(fakeSession()).call('read_value', { service: 'a' }, caller.signal);
    caller.abort();
    expect(await outcome).toMatchObject({ status: 'failed', code: 'CANCELLED' });
    expect(await toolbox.clientFor(fakeSession()).call('read_value', { service: 'a' }, caller.signal)).toMatchObject({
      code: 'CANCELLED',
    });
  });

  it('does not hand out an output that does not fit', async () => {
    const { toolbox } = createFakeToolbox([
      echo({
        output: output.extend({ value: z.number().max(0) }),
      }),
    ]);
    expect(await toolbox.clientFor(fakeSession()).call('read_value', { service: 'a' })).toMatchObject({
      status: 'failed',
      code: 'INTERNAL',
    });
  });

  it('lists JSON Schemas, and to each principal only what he may call', async () => {
    const { toolbox } = createFakeToolbox([echo(), echo({ name: 'restart_service', effect: 'act' })]);
    const listed = await toolbox.clientFor(fakeSession()).list();
    expect(listed.map(({ name }) => name)).toEqual(['read_value']);
    expect(listed[0]?.inputSchema).toMatchObject({
      type: 'object',
      properties: { service: { type: 'string' } },
      additionalProperties: false,
    });
    const admin = fakeSession({ principal: { id: 'root', kind: 'person', roles: ['admin'] } });
    expect(await toolbox.clientFor(admin).list()).toHaveLength(2);
  });

  it('refuses two tools of one name', () => {
    const { toolbox } = createFakeToolbox([echo()]);
    expect(() => toolbox.register([echo()])).toThrow('Two tools are named read_value');
  });

  it('stops the call when a guard fails', async () => {
    const { toolbox, guards } = createFakeToolbox([echo()], { clock: createFakeClock(0) });
    guards.list.unshift({
      name: 'broken',
      before: () => {
        throw new Error('disk full');
      },
    });
    let ran = false;
    toolbox.register([echo({ name: 'other', run: () => ((ran = true), Promise.resolve(ok(1))) })]);
    expect(await toolbox.clientFor(fakeSession()).call('other', { service: 'a' })).toMatchObject({
      status: 'failed',
      code: 'INTERNAL',
    });
    expect(ran).toBe(false);
  });

  it('counts calls by outcome, unknown tools under one label', async () => {
    const { toolbox, metrics } = createFakeToolbox([echo()]);
    const client = toolbox.clientFor(fakeSession());
    await client.call('read_value', { service: 'a' });
    await client.call('x'.repeat(50), {});
    const text = await metrics.text();
    expect(text).toContain('cerebro_tool_calls_total{tool="read_value",status="ok"} 1');
    expect(text).toContain('cerebro_tool_calls_total{tool="unknown",status="failed"} 1');
  });
});
