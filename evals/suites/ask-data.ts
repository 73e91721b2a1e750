import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openApp } from '../../app.ts';
import { answerOf } from '../../app/triage.ts';
import { configSchema } from '../../config.ts';
import type { Answer } from '../../domain/answer.ts';
import type { Question } from '../../domain/question.ts';
import { systemClock } from '../../infra/runtime/clock.ts';
import type { Sources } from '../../tools/sources/source.ts';
import type { SuiteOptions } from '../suite.ts';

/** Opens the whole product over some sources, asks one question, closes it. The time is that of the question alone. */
export async function askData(
  sources: Sources,
  question: Question,
  options: Pick<SuiteOptions, 'reasoner'>,
): Promise<{ answer: Answer | undefined; elapsedMs: number }> {
  const dataDir = mkdtempSync(join(tmpdir(), 'cerebro-case-'));
  const config = configSchema.parse({ dataDir, logLevel: 'error', reasoner: { kind: options.reasoner } });
  const app = await openApp(config, { sources });
  try {
    const startedAt = systemClock.monotonic();
    const answer = await answerOf(app.ask(question));
    return { answer, elapsedMs: systemClock.monotonic() - startedAt };
  } finally {
    await app.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}
