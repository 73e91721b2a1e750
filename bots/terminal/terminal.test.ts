import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { answer as answerSchema } from '../../domain/answer.ts';
import type { RunEvent } from '../../domain/run.ts';
import { CerebroError } from '../../infra/runtime/errors.ts';
import { createFakeConsole } from '../console/fake-console.ts';
import { renderAnswer } from './render-answer.ts';
import { createTerminal } from './terminal.ts';
import type { Asker, TerminalOptions } from './terminal.ts';

const now = '2026-11-02T09:40:00.000Z';

function setUp(options: Partial<TerminalOptions> = {}, asker?: Asker, terminal = false) {
  const console = createFakeConsole(now);
  const out = Object.assign(new PassThrough(), terminal ? { isTTY: true, columns: 60 } : {});
  const steps = Object.assign(
    new PassThrough(),
    terminal ? { isTTY: true, columns: 60, cursorTo: () => true, clearLine: () => true, moveCursor: () => true } : {},
  );
  const input = new PassThrough();
  const door = createTerminal(
    { asker: asker ?? console.asker, clock: console.clock, out, steps, input },
    { principal: { id: 'me', kind: 'person', roles: ['responder'] }, timeZone: 'UTC', ...options },
  );
  const textOf = (stream: PassThrough): string => String(stream.read() ?? '');
  return { door, input, incident: console.incident, printed: () => textOf(out), told: () => textOf(steps) };
}

function failing(thrown: Error): Asker {
  return {
    // oxlint-disable-next-line require-yield
    async *ask() {
      await Promise.resolve();
      throw thrown;
    },
  };
}

describe('the terminal', () => {
  it('tells steps apart from the answer, so that the answer can be piped on', async () => {
    const { door, printed, told } = setUp();
    await door.ask('why is checkout slow?');
    expect(told()).toMatch(/understood: diagnose.*\n.*investigator: Collect[\s\S]*rank_causes: payment pool-exhausted/);
    const text = printed();
    expect(text).toContain('Checkout is slow because payment ran out of connections');
    expect(text).toMatch(/PROVEN service:payment: pool-exhausted, brought by chg-4812 \(94 % sure\)/);
    expect(text).toContain('+ order: payment departs 12 s before checkout');
    expect(text).toMatch(/Ruled out\n {2}- chg-4809: Deployed 4 min before/);
    expect(text).toMatch(/Not seen\n {2}\? The time that acquirer/);
    expect(text).toMatch(/waits for approval; nothing was executed/);
    expect(text).toMatch(/\[2\] ev_[0-9a-f]{16} query_metrics/);
    expect(text.match(/Ruled out/g)).toHaveLength(1);
    expect(text).not.toContain('understood:');
  });

  it('uses no escape sequence where there is no terminal, and fits the terminal where there is one', async () => {
    const piped = setUp();
    await piped.door.ask('why?');
    expect(piped.printed() + piped.told()).not.toContain('\u001B');
    const shown = setUp({ colours: false }, undefined, true);
    await shown.door.ask('why?');
    const lines = shown.printed().split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(60);
    const coloured = setUp({}, undefined, true);
    await coloured.door.ask('why?');
    expect(coloured.printed()).toContain('\u001B[');
  });

  it('tells what the diagnosis holds where the sections do not, and never the same twice', async () => {
    const { incident } = setUp();
    const answer = incident.answer('run-1', 'thread');
    const { certificate, mechanism } = answer.diagnosis!.hypotheses[0]!;
    const why = { title: 'Why', sentences: [`Order in time holds: ${certificate.temporal.reason}`, mechanism] };
    const sections = [
      { ...why, sentences: why.sentences.map((text) => ({ text, evidence: [], kind: 'fact' as const })) },
    ];
    const text = renderAnswer({ ...answer, sections }, { width: 200, colours: false });
    expect(text).toContain('Ruled out\n  - service:recommendation, chg-4809: Deployed');
    expect(text).toContain('+ structure: checkout calls payment');
    expect(text).not.toContain('+ order');
    expect(text.split(mechanism)).toHaveLength(2);
  });

  it('prints the answer alone as JSON when asked to', async () => {
    const { door, printed, told } = setUp({ json: true });
    await door.ask('why?');
    expect(answerSchema.parse(JSON.parse(printed())).status).toBe('answered');
    expect(told()).toBe('');
  });

  it('lets no text of others steer the terminal', async () => {
    const hostile = '\u001B]0;owned\u0007\u001B[2J\u009B1mbold\nfake line';
    const { incident } = setUp();
    const answer = incident.answer('run-1', 'thread');
    answer.headline[0]!.text = hostile;
    answer.evidence[0]!.digest = hostile;
    answer.diagnosis!.hypotheses[0]!.mechanism = hostile;
    answer.sections[0]!.title = hostile;
    const asker: Asker = {
      async *ask() {
        await Promise.resolve();
        const common = { run: 'run-1', at: now };
        const events: RunEvent[] = [
          { type: 'tool-result', ...common, agent: 'a', tool: hostile, status: 'ok', digest: hostile },
          { type: 'answer', ...common, answer },
          { type: 'run-end', ...common, status: 'failed', error: hostile },
        ];
        yield* events;
      },
    };
    const { door, printed, told } = setUp({}, asker);
    await door.ask('why?');
    // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
    expect(printed() + told()).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u007F-\u009F]/);
  });

  it('says what failed and returns it', async () => {
    const asker: Asker = {
      async *ask() {
        await Promise.resolve();
        yield { type: 'run-end', run: 'run-1', at: now, status: 'failed', error: 'TIMEOUT: too slow' };
      },
    };
    const { door, told } = setUp({}, asker);
    expect(await door.ask('why?')).toEqual({ error: 'TIMEOUT: too slow' });
    expect(told()).toContain('failed TIMEOUT: too slow');
  });
});

describe('the chat', () => {
  it('asks line by line in one thread until the person leaves', async () => {
    const { incident } = setUp();
    const asked: [string, string][] = [];
    const asker: Asker = {
      async *ask(question) {
        await Promise.resolve();
        asked.push([question.text, question.thread]);
        yield { type: 'answer', run: 'r', at: now, answer: incident.answer('r', question.thread) };
      },
    };
    const { door, input } = setUp({}, asker);
    input.end('why is checkout slow?\n\nand payment?\nexit\nnot asked\n');
    const last = await door.chat('thread-1');
    expect(asked).toEqual([
      ['why is checkout slow?', 'thread-1'],
      ['and payment?', 'thread-1'],
    ]);
    expect(last?.thread).toBe('thread-1');
  });

  it('goes on after a question that failed', async () => {
    const { door, input, told } = setUp({}, failing(new CerebroError('BACKEND_UNAVAILABLE', 'no\u001B[2J answer')));
    input.end('one\ntwo\n');
    await door.chat('thread-1');
    expect(told().match(/BACKEND_UNAVAILABLE: no␛\[2J answer/g)).toHaveLength(2);
  });
});
