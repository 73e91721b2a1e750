import type { App } from '../app.ts';
import { createTerminal, type Asker, type Terminal } from '../bots/terminal/terminal.ts';
import type { Config } from '../config.ts';
import type { Principal, Question } from '../domain/question.ts';
import { systemClock } from '../infra/runtime/clock.ts';
import { findRunning } from './process-file.ts';
import { createRemoteAsker } from './remote-asker.ts';

export interface AskOptions {
  json?: boolean;
  explain?: boolean;
  capsule?: string;
  thread?: string;
}

const principal: Principal = { id: 'terminal', kind: 'person', roles: ['responder'] };

/** Asks one question of whatever there is: a capsule, a Cerebro that runs, or the configured sources. Returns the process's exit status. */
export async function runAsk(config: Config, text: string, options: AskOptions): Promise<number> {
  if (options.explain === true) {
    const { withApp } = await import('./own-app.ts');
    return withApp(config, options, async (app, fix) => explain(app, fix(questionOf(config, text, options))));
  }
  return withAsker(config, options, async (asker) => {
    const { answer } = await terminalOf(config, asker, options).ask(
      text,
      options.thread === undefined ? {} : { thread: options.thread },
    );
    return answer === undefined ? 1 : 0;
  });
}

/** A conversation in one thread. */
export async function runChat(config: Config, options: AskOptions): Promise<number> {
  return withAsker(config, options, async (asker) => {
    await terminalOf(config, asker, options).chat(options.thread ?? `terminal:${systemClock.iso()}`);
    return 0;
  });
}

async function explain(app: App, question: Question): Promise<number> {
  process.stdout.write(`${JSON.stringify(await app.understand(question), undefined, 2)}\n`);
  return 0;
}

async function withAsker(
  config: Config,
  options: AskOptions,
  work: (asker: Asker) => Promise<number>,
): Promise<number> {
  if (options.capsule === undefined) {
    const running = await findRunning(config.dataDir);
    if (running !== undefined) {
      const { token } = config.console;
      return work(createRemoteAsker({ ...running, ...(token === undefined ? {} : { token }) }));
    }
  }
  const { withApp } = await import('./own-app.ts');
  return withApp(config, options, async (app, fix) => work({ ask: (question, more) => app.ask(fix(question), more) }));
}

function questionOf(config: Config, text: string, options: AskOptions): Question {
  return {
    text,
    thread: options.thread ?? 'terminal',
    askedAt: systemClock.iso(),
    timeZone: config.timeZone,
    principal,
  };
}

function terminalOf(config: Config, asker: Asker, options: AskOptions): Terminal {
  return createTerminal(
    { asker, clock: systemClock, out: process.stdout, steps: process.stderr, input: process.stdin },
    { principal, timeZone: config.timeZone, json: options.json ?? false },
  );
}
