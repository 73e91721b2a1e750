import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Principal } from '../../domain/question.ts';
import { createFakeClock } from '../../infra/runtime/clock.ts';
import { createFakeToolbox, fakeSession } from '../fake-toolbox.ts';
import type { Tool } from '../tool.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});
function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'guards-'));
  folders.push(folder);
  return folder;
}
const input = z.strictObject({ replicas: z.number().default(1), password: z.string().optional() });
function toolOf(
  name: string,
  effect: Tool['effect'],
  run: () => void = () => undefined,
): Tool<z.infer<typeof input>, { done: boolean }> {
  return {
    name,
    description: name,
    effect,
    input,
    output: z.object({ done: z.boolean() }),
    run: () => {
      run();
      return Promise.resolve({
        status: 'ok',
        output: { done: true },
        digest: 'done',
        kind: 'other',
        source: 'test',
        entities: [],
        tainted: false,
      });
    },
  };
}
const person = (id: string, ...roles: Principal['roles']): Principal => ({ id, kind: 'person', roles });
const ann = person('ann', 'approver');
const bob = person('bob', 'approver');

describe('authorise', () => {
  it.each([
    ['viewer', 'ok', 'failed', 'failed'],
    ['responder', 'ok', 'ok', 'failed'],
    ['approver', 'ok', 'ok', 'needs-approval'],
    ['admin', 'ok', 'ok', 'needs-approval'],
  ] as const)('lets a %s read: %s, propose: %s, act: %s', async (role, read, propose, act) => {
    const { toolbox } = createFakeToolbox([toolOf('a', 'read'), toolOf('b', 'propose'), toolOf('c', 'act')]);
    const client = toolbox.clientFor(fakeSession({ principal: person('ann', role) }));
    const statuses = [];
    for (const name of ['a', 'b', 'c']) statuses.push((await client.call(name, {})).status);
    expect(statuses).toEqual([read, propose, act]);
  });

  it('gives no right to whom has no role', async () => {
    const { toolbox } = createFakeToolbox([toolOf('a', 'read')]);
    expect(await toolbox.clientFor(fakeSession({ principal: person('eve') })).call('a', {})).toMatchObject({
      code: 'FORBIDDEN',
    });
  });
});

describe('budget', () => {
  it('stops a run that has used its steps, also after a restart', async () => {
    const folder = newFolder();
    const options = { folder, guards: { budget: { maxSteps: 3 } } };
    const first = createFakeToolbox([toolOf('a', 'read')], options);
    for (let index = 0; index < 3; index += 1)
      await first.toolbox.clientFor(fakeSession()).call('a', { replicas: index });
    first.close();
    const second = createFakeToolbox([toolOf('a', 'read')], options);
    expect(await second.toolbox.clientFor(fakeSession()).call('a', { replicas: 9 })).toMatchObject({
      code: 'BUDGET_EXHAUSTED',
    });
    expect(await second.toolbox.clientFor(fakeSession({ run: 'run-2' })).call('a', { replicas: 9 })).toMatchObject({
      status: 'ok',
    });
    second.close();
  });

  it('counts mistaken calls, tokens and money', async () => {
    const { toolbox, guards } = createFakeToolbox([toolOf('a', 'read')], {
      guards: { budget: { maxSteps: 10, maxTokens: 100, maxMoney: 1 } },
    });
    await toolbox.clientFor(fakeSession()).call('a', { replicas: 'many' });
    await toolbox.clientFor(fakeSession()).call('nothing', {});
    expect(guards.budgets.of('run-1')).toEqual({ steps: 2, tokens: 0, money: 0 });
    guards.budgets.spend('run-1', { tokens: 100 });
    expect(guards.budgets.exhausted('run-1')).toBe('100 tokens');
    expect(await toolbox.clientFor(fakeSession()).call('a', {})).toMatchObject({ code: 'BUDGET_EXHAUSTED' });
    guards.budgets.spend('run-2', { money: 1.5 });
    expect(guards.budgets.exhausted('run-2')).toBe('1 US dollars');
    expect(guards.budgets.exhausted('run-3')).toBeUndefined();
  });
});

describe('loop', () => {
  it('stops the same call with the same input, not another input or run', async () => {
    const { toolbox } = createFakeToolbox([toolOf('a', 'read')], { guards: { loop: { maxRepeats: 2 } } });
    const client = toolbox.clientFor(fakeSession());
    await client.call('a', { replicas: 1 });
    await client.call('a', {});
    expect(await client.call('a', { replicas: 1 })).toMatchObject({ status: 'failed', code: 'LOOP_DETECTED' });
    expect(await client.call('a', { replicas: 2 })).toMatchObject({ status: 'ok' });
    expect(await toolbox.clientFor(fakeSession({ run: 'other' })).call('a', {})).toMatchObject({ status: 'ok' });
  });

  it('forgets the repeats of an MCP client after a while, never those of a run', async () => {
    const clock = createFakeClock(0);
    const { toolbox } = createFakeToolbox([toolOf('a', 'read')], {
      clock,
      guards: { loop: { maxRepeats: 1, forgetMs: 1_000 } },
    });
    const ide = toolbox.clientFor(
      fakeSession({ principal: { id: 'ide', kind: 'mcp-client', roles: ['viewer'] }, run: 'ide' }),
    );
    const run = toolbox.clientFor(fakeSession());
    for (const client of [ide, run]) await client.call('a', {});
    expect(await ide.call('a', {})).toMatchObject({ code: 'LOOP_DETECTED' });
    clock.advance(2_000);
    expect(await ide.call('a', {})).toMatchObject({ status: 'ok' });
    expect(await run.call('a', {})).toMatchObject({ code: 'LOOP_DETECTED' });
  });
});

describe('rate limit', () => {
  it('holds a principal to its rate and lets it go on later', async () => {
    const clock = createFakeClock(0);
    const { toolbox } = createFakeToolbox([toolOf('a', 'read')], {
      clock,
      guards: { rate: { perSecond: 1, burst: 2 } },
    });
    const client = toolbox.clientFor(fakeSession());
    const codes = [];
    for (let index = 0; index < 3; index += 1) codes.push((await client.call('a', { replicas: index })).status);
    expect(codes).toEqual(['ok', 'ok', 'failed']);
    clock.advance(1_000);
    expect(await client.call('a', { replicas: 7 })).toMatchObject({ status: 'ok' });
  });
});

describe('approve and act once', () => {
  function acting(folder = ':memory:') {
    let acts = 0;
    const made = createFakeToolbox([toolOf('scale', 'act', () => (acts += 1))], { folder });
    return { ...made, client: made.toolbox.clientFor(fakeSession({ principal: ann })), acts: () => acts };
  }

  it('acts only with an approval of another person for exactly this input', async () => {
    const { client, guards, acts } = acting();
    expect(await client.call('scale', { replicas: 5 })).toMatchObject({ status: 'needs-approval' });
    await client.call('scale', { replicas: 5 });
    expect(guards.approvals.pending()).toHaveLength(1);
    const [pending] = guards.approvals.pending();
    expect(() => guards.approvals.decide(pending!.id, ann, true)).toThrow('Nobody decides');
    expect(() => guards.approvals.decide(pending!.id, person('eve', 'responder'), true)).toThrow('no approver');
    guards.approvals.decide(pending!.id, bob, true);
    expect(await client.call('scale', { replicas: 6 })).toMatchObject({ status: 'needs-approval' });
    expect(acts()).toBe(0);
    expect(await client.call('scale', { replicas: 5 })).toMatchObject({ status: 'ok' });
    expect(acts()).toBe(1);
    expect(guards.approvals.get(pending!.id)).toMatchObject({ status: 'used', decidedBy: 'bob', requestedBy: 'ann' });
  });

  it('gives a resumed run the first outcome instead of acting twice, also after a restart', async () => {
    const folder = newFolder();
    const first = acting(folder);
    await first.client.call('scale', { replicas: 5 });
    first.guards.approvals.decide(first.guards.approvals.pending()[0]!.id, bob, true);
    const done = await first.client.call('scale', { replicas: 5 });
    first.close();
    const second = acting(folder);
    expect(await second.client.call('scale', { replicas: 5 })).toEqual(done);
    expect(second.acts()).toBe(0);
    second.close();
  });

  it('refuses an act whose first try never ended', async () => {
    const folder = newFolder();
    const first = acting(folder);
    await first.client.call('scale', { replicas: 5 });
    const [pending] = first.guards.approvals.pending();
    first.guards.approvals.decide(pending!.id, bob, true);
    first.close();
    const raw = new DatabaseSync(join(folder, 'ledger.db'));
    raw.prepare('INSERT INTO acts (run, key, tool, at) VALUES (?, ?, ?, 0)').run('run-1', pending!.action, 'scale');
    raw.close();
    const second = acting(folder);
    expect(await second.client.call('scale', { replicas: 5 })).toMatchObject({ status: 'failed', code: 'CONFLICT' });
    expect(second.acts()).toBe(0);
    second.close();
  });

  it('does not ask again after a refusal, nor use an approval that ran out', async () => {
    const clock = createFakeClock(0);
    const { toolbox, guards } = createFakeToolbox([toolOf('scale', 'act')], {
      clock,
      guards: { approval: { validMs: 1_000 } },
    });
    const client = toolbox.clientFor(fakeSession({ principal: ann }));
    await client.call('scale', { replicas: 1 });
    guards.approvals.decide(guards.approvals.pending()[0]!.id, bob, false);
    expect(await client.call('scale', { replicas: 1 })).toMatchObject({ status: 'failed', code: 'FORBIDDEN' });
    await client.call('scale', { replicas: 2 });
    const { id } = guards.approvals.pending()[0]!;
    clock.advance(2_000);
    expect(() => guards.approvals.decide(id, bob, true)).toThrow('expired');
    expect(await client.call('scale', { replicas: 2 })).toMatchObject({ status: 'needs-approval' });
  });
});

describe('audit', () => {
  it('records every call with its end, refused and mistaken ones too, and no secret', async () => {
    const { toolbox, guards } = createFakeToolbox([toolOf('a', 'read'), toolOf('b', 'act')]);
    const client = toolbox.clientFor(fakeSession());
    await client.call('a', { password: 'hunter2-hunter2' });
    await client.call('b', {});
    await client.call('a', { replicas: 'x' });
    await client.call('zzz', { token: 'abcdefgh12345678' });
    const lines = guards.audit.list(100).reverse();
    expect(
      lines.map(
        ({ kind, body }) =>
          `${kind} ${String(body['tool'])} ${JSON.stringify(body['code'] ?? body['status'] ?? '').replaceAll('"', '')}`,
      ),
    ).toEqual([
      'start a ',
      'end a ok',
      'end b FORBIDDEN',
      'start a ',
      'end a INPUT_INVALID',
      'start zzz ',
      'end zzz NOT_FOUND',
    ]);
    expect(JSON.stringify(lines)).not.toMatch(/hunter2|abcdefgh12345678/);
    expect(lines.every(({ body }) => body['principal'] === 'ann' && body['run'] === 'run-1')).toBe(true);
    expect(guards.audit.verify()).toEqual({ ok: true, records: 7 });
  });

  it('notices a line that was altered, removed or cut off', async () => {
    const folder = newFolder();
    const made = createFakeToolbox([toolOf('a', 'read')], { folder });
    for (let index = 0; index < 3; index += 1)
      await made.toolbox.clientFor(fakeSession()).call('a', { replicas: index });
    const head = made.guards.audit.head();
    const raw = new DatabaseSync(join(folder, 'audit.db'));
    expect(() => raw.exec(`UPDATE audit SET body = '{}' WHERE seq = 2`)).toThrow('append-only');
    expect(() => raw.exec('DELETE FROM audit WHERE seq = 2')).toThrow('append-only');
    raw.exec('DROP TRIGGER audit_no_update; DROP TRIGGER audit_no_delete');
    expect(made.guards.audit.verify(head)).toEqual({ ok: true, records: 6 });
    raw.exec('DELETE FROM audit WHERE seq = 6');
    expect(made.guards.audit.verify()).toMatchObject({ ok: true, records: 5 });
    expect(made.guards.audit.verify(head)).toMatchObject({ ok: false, seq: 6 });
    raw.exec(`UPDATE audit SET body = '{}' WHERE seq = 4`);
    expect(made.guards.audit.verify()).toMatchObject({ ok: false, seq: 4, reason: 'the line was altered' });
    raw.exec('DELETE FROM audit WHERE seq = 2');
    expect(made.guards.audit.verify()).toMatchObject({ ok: false, seq: 2, reason: 'a line is missing' });
    raw.close();
    made.close();
  });

  it('lets nothing act while it cannot be written; reads go on and the failure is counted', async () => {
    const folder = newFolder();
    let acts = 0;
    const made = createFakeToolbox([toolOf('a', 'read'), toolOf('b', 'act', () => (acts += 1))], { folder });
    const client = made.toolbox.clientFor(fakeSession({ principal: ann }));
    await client.call('b', {});
    made.guards.approvals.decide(made.guards.approvals.pending()[0]!.id, bob, true);
    const raw = new DatabaseSync(join(folder, 'audit.db'));
    raw.exec('DROP TABLE audit');
    raw.close();
    expect(await client.call('b', {})).toMatchObject({ status: 'failed', message: 'The audit cannot be written.' });
    expect(acts).toBe(0);
    expect(await client.call('a', {})).toMatchObject({ status: 'ok' });
    expect(await made.metrics.text()).toMatch(/cerebro_audit_failures_total [1-9]/);
    made.close();
  });
});
