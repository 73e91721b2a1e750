import { signal } from '@preact/signals';
import { messageOf, postJson } from './api.ts';
import { readRunStream } from './read-run-stream.ts';
import { advance, noProgress } from './run-progress.ts';
import type { Progress } from './run-progress.ts';

/** One question of the conversation and how far its run is. */
export interface Turn {
  key: number;
  text: string;
  progress: Progress;
}

/** The questions of this page, oldest first. */
export const turns = signal<readonly Turn[]>([]);

let thread = crypto.randomUUID();
let keys = 0;

/** True while a question is being worked on; one at a time, since a follow-up leans on the answer before. */
export function isBusy(): boolean {
  return turns.value.at(-1)?.progress.status === 'running';
}

/** Asks in the current thread and streams the run into the last turn. Never rejects: what goes wrong is shown in the turn. */
export async function ask(text: string): Promise<void> {
  const question = text.trim();
  if (question === '' || isBusy()) return;
  keys += 1;
  const key = keys;
  turns.value = [...turns.value, { key, text: question, progress: noProgress }];
  const change = (next: (progress: Progress) => Progress): void => {
    turns.value = turns.value.map((turn) => (turn.key === key ? { ...turn, progress: next(turn.progress) } : turn));
  };
  const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  try {
    await readRunStream({ text: question, thread: `console:${thread}`, timeZone }, (event) =>
      change((progress) => advance(progress, event)),
    );
    change((progress) =>
      progress.status === 'running' ? failed(progress, 'The connection ended before the answer came.') : progress,
    );
  } catch (thrown) {
    change((progress) => failed(progress, messageOf(thrown)));
  }
}

/** Withdraws the question that is being worked on. */
export async function stop(): Promise<void> {
  const run = turns.value.at(-1)?.progress.run;
  // A run that has just ended cannot be withdrawn any more; its end is on the way to the page.
  if (run !== undefined && isBusy()) await postJson('/api/cancel', { run }).catch(() => undefined);
}

/** Starts a new conversation; the old one stays among the investigations. */
export function startAnew(): void {
  thread = crypto.randomUUID();
  turns.value = [];
}

function failed(progress: Progress, error: string): Progress {
  return { ...progress, status: 'failed', error };
}
