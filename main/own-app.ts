import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type App, openApp } from '../app.ts';
import type { Config } from '../config.ts';
import type { Question } from '../domain/question.ts';
import { CerebroError } from '../infra/runtime/errors.ts';
import { openCapsule } from '../tools/sources/capsule/open-capsule.ts';
import { hasSources } from './open-config.ts';

/**
 * Opens an app for one question or conversation and closes it again. Over a capsule a question is asked as it was recorded: `fix` gives it the same
 * time, asker, thread and window. To explain only what was understood, nothing need be connected. Throws NOT_FOUND where there is nothing to ask about.
 */
export async function withApp(
  config: Config,
  options: { capsule?: string; explain?: boolean },
  work: (app: App, fix: (question: Question) => Question) => Promise<number>,
): Promise<number> {
  if (options.capsule === undefined) {
    if (!hasSources(config) && options.explain !== true) {
      throw new CerebroError(
        'NOT_FOUND',
        'There is nothing to look at: start the product with `npm start` in another terminal, name sources with --config, or replay an incident with --capsule.',
      );
    }
    const scratch = options.explain === true ? mkdtempSync(join(tmpdir(), 'cerebro-')) : undefined;
    const app = await openApp(scratch === undefined ? config : { ...config, dataDir: scratch });
    try {
      return await work(app, (question) => question);
    } finally {
      await app.close();
      if (scratch !== undefined) rmSync(scratch, { recursive: true, force: true });
    }
  }
  const capsule = await openCapsule(options.capsule);
  const dataDir = mkdtempSync(join(tmpdir(), 'cerebro-capsule-'));
  const app = await openApp(
    { ...config, dataDir },
    {
      sources: capsule.sources,
      ...(capsule.knowledge === undefined ? {} : { knowledge: capsule.knowledge }),
      ...(capsule.manifest.previous === undefined ? {} : { previous: capsule.manifest.previous }),
    },
  );
  const { asked, askedAt, window } = capsule.manifest;
  try {
    return await work(app, (question) => {
      if (asked !== undefined && asked.text === question.text) return asked;
      return {
        ...question,
        askedAt: asked?.askedAt ?? askedAt ?? window.to,
        timeZone: asked?.timeZone ?? question.timeZone,
        window: asked?.window ?? window,
      };
    });
  } finally {
    await app.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}
