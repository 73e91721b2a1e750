import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Question } from '../../../domain/question.ts';
import type { Window } from '../../../domain/time.ts';
import { openCapsule } from '../../../tools/sources/capsule/open-capsule.ts';
import type { Sources } from '../../../tools/sources/source.ts';
import { type LabTruth, labTruth } from '../../lab-process.ts';
import type { SuiteOptions } from '../../suite.ts';
import { type AskedAnswer, askSources, withoutSignals } from '../ask-data.ts';

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

/** Asks a kept experiment again, on the rules as they are now; the capsule's data are loaded before the clock starts. */
export async function replayCase(
  folder: string,
  name: string,
  options: Pick<SuiteOptions, 'reasoner' | 'without'>,
): Promise<Omit<AskedAnswer, 'capsule'>> {
  const { sources, manifest } = await openCapsule(join(folder, name));
  const connected = withoutSignals(sources, options.without);
  await loadAll(connected, manifest.window);
  return askSources(connected, labQuestion(name, manifest.window), options);
}

async function loadAll(sources: Sources, window: Window): Promise<void> {
  const signal = new AbortController().signal;
  await Promise.all([
    sources.metrics?.list(window, signal),
    sources.logs?.search({ entities: [], window, limit: 1 }, signal),
    sources.traces?.search({ entities: [], window, limit: 1 }, signal),
  ]);
}
