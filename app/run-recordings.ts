import { AsyncLocalStorage } from 'node:async_hooks';
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Question, Understanding } from '../domain/question.ts';
import type { Window } from '../domain/time.ts';
import { CerebroError } from '../infra/runtime/errors.ts';
import type { Redactor } from '../infra/runtime/redact.ts';
import type { ToolClient, ToolSession } from '../tools/client.ts';
import { createRecorder, type Recorder } from '../tools/sources/capsule/recorder.ts';
import type { KnowledgeSearch } from '../tools/knowledge-search.ts';
import { interceptKnowledge } from '../tools/sources/intercept-knowledge.ts';
import { type Interceptor, interceptSources } from '../tools/sources/intercept-sources.ts';
import type { Sources } from '../tools/sources/source.ts';

/** What every run saw, kept by run, so that any of them can be written as a capsule and replayed. */
export interface RunRecordings {
  /** The sources to build tools over: calls made within a run are remembered for that run. */
  sources: Sources;
  /** The knowledge to build tools over, recorded likewise; absent when none is connected. */
  knowledge?: KnowledgeSearch;
  /** Binds a client's calls to its session's run. */
  bind(client: ToolClient, session: ToolSession): ToolClient;
  /** Writes what the run saw; call it when the run has ended. Nothing to write is no error. */
  keep(about: {
    run: string;
    question: Question;
    window: Window;
    previous?: Understanding;
    created: string;
  }): Promise<void>;
  /** The folder of a kept run. Throws NOT_FOUND. */
  folderOf(run: string): string;
  list(): { run: string; at: number }[];
}

/** Recordings under `folder`, the newest `most` of them. */
export function createRunRecordings(
  base: Sources,
  redactor: Redactor,
  options: { folder: string; most?: number; knowledge?: KnowledgeSearch },
): RunRecordings {
  const { folder, most = 200, knowledge } = options;
  const current = new AsyncLocalStorage<Recorder>();
  const recorders = new Map<string, Recorder>();
  const intercept: Interceptor = (call, run) => {
    const recorder = current.getStore();
    return recorder === undefined ? run() : recorder.intercept(call, run);
  };
  const sources = interceptSources(base, intercept);
  const recorderOf = (run: string): Recorder => {
    const known = recorders.get(run);
    if (known !== undefined) return known;
    const made = createRecorder(base);
    recorders.set(run, made);
    return made;
  };
  const list = (): { run: string; at: number }[] =>
    existsSync(folder)
      ? readdirSync(folder)
          .map((run) => ({ run, at: statSync(join(folder, run)).mtimeMs }))
          .toSorted((left, right) => right.at - left.at || (left.run < right.run ? -1 : 1))
      : [];

  return {
    sources,
    ...(knowledge === undefined ? {} : { knowledge: interceptKnowledge(knowledge, intercept) }),
    bind: (client, session) => {
      // Calls of IDE clients outlive no run, so nothing would ever forget what they saw.
      if (!session.run.startsWith('run_')) return client;
      return {
        list: () => client.list(),
        call: (name, input, signal) => current.run(recorderOf(session.run), () => client.call(name, input, signal)),
      };
    },
    async keep({ run, question, window, previous, created }) {
      const recorder = recorders.get(run);
      recorders.delete(run);
      if (recorder === undefined) return;
      const manifest = {
        title: question.text.slice(0, 120),
        created,
        window,
        question: question.text,
        askedAt: question.askedAt,
        asked: question,
        ...(previous === undefined ? {} : { previous }),
        ...(knowledge === undefined ? {} : { knowledge: { name: knowledge.name } }),
      };
      await recorder.save(join(folder, run), manifest, redactor);
      for (const old of list().slice(most)) rmSync(join(folder, old.run), { recursive: true, force: true });
    },
    folderOf(run) {
      const path = join(folder, run);
      if (!/^[\w-]+$/.test(run) || !existsSync(path)) {
        throw new CerebroError(
          'NOT_FOUND',
          `No run ${run} is kept; \`npx --no cerebro capsule list\` shows those that are.`,
        );
      }
      return path;
    },
    list,
  };
}
