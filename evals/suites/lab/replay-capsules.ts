import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openApp } from '../../../app.ts';
import { answerOf } from '../../../app/triage.ts';
import { configSchema } from '../../../config.ts';
import type { Answer } from '../../../domain/answer.ts';
import type { Question } from '../../../domain/question.ts';
import { systemClock } from '../../../infra/runtime/clock.ts';
import { openCapsule } from '../../../tools/sources/capsule/open-capsule.ts';
import { type LabTruth, labTruth } from '../../lab-process.ts';

/** What an experiment asks, live and in replay. */
export function labQuestion(name: string, window: { from: string; to: string }): Question {
  return {
    text: 'Something may be wrong. What is it, and why?',
    thread: `lab:${name}`,
    askedAt: window.to,
    timeZone: 'UTC',
    principal: { id: 'evaluation', kind: 'evaluation', roles: ['responder'] },
    window,
  };
}

/** Keeps the truth of an experiment beside its capsule, never in it. */
export function keepTruth(capsule: string, truth: LabTruth): void {
  writeFileSync(`${capsule}.truth.json`, JSON.stringify(truth));
}

/** The kept experiments of a folder, by name. */
export function keptCases(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, 'manifest.json')))
    .sort();
}

/** The truth of a kept experiment; undefined where none was kept. Only the scorer calls this. */
export function keptTruth(folder: string, name: string): LabTruth | undefined {
  const path = join(folder, `${name}.truth.json`);
  return existsSync(path) ? labTruth.parse(JSON.parse(readFileSync(path, 'utf8'))) : undefined;
}

/** Asks a kept experiment again, on the rules as they are now. */
export async function replayCase(
  folder: string,
  name: string,
): Promise<{ answer: Answer | undefined; elapsedMs: number }> {
  const capsule = await openCapsule(join(folder, name));
  const dataDir = mkdtempSync(join(tmpdir(), 'cerebro-replay-'));
  const app = await openApp(configSchema.parse({ dataDir, logLevel: 'error' }), { sources: capsule.sources });
  try {
    const startedAt = systemClock.monotonic();
    const answer = await answerOf(app.ask(labQuestion(name, capsule.manifest.window)));
    return { answer, elapsedMs: systemClock.monotonic() - startedAt };
  } finally {
    await app.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}
