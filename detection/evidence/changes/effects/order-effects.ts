import { codeWords } from '../facts/code-words.ts';
import type { Fact } from '../facts/fact.ts';
import { wordsOfName } from '../words-of-name.ts';
import type { ChangeEffect } from './change-effect.ts';

const mostCalls = 60;

/**
 * Calls on the same thing that changed places, one of which leaves the process or ends something (acknowledges, commits, gives back): what was
 * done before is now done after. Lines that share nothing may stand in any order. Cost: calls squared, at most 60 a file.
 */
export function orderEffects(before: readonly Fact[], after: readonly Fact[]): ChangeEffect[] {
  const effects: ChangeEffect[] = [];
  for (const file of new Set(after.map((fact) => fact.file))) {
    const old = onceCalled(before, file);
    const now = onceCalled(after, file);
    const names = [...old.keys()].filter((name) => now.has(name)).slice(0, mostCalls);
    for (const [index, first] of names.entries())
      for (const second of names.slice(index + 1)) {
        const [a, b] = [now.get(first)!, now.get(second)!];
        if (a.at < b.at || a.fact.owner !== b.fact.owner || !ends(a.fact, b.fact) || !shareThing(a.fact, b.fact))
          continue;
        effects.push({ effect: 'order-changed', subject: `${second} before ${first}`, sure: 0.5, file });
      }
  }
  return effects;
}

/** Calls of a file that are made once, by name, in order. */
function onceCalled(facts: readonly Fact[], file: string): Map<string, { fact: Fact; at: number }> {
  const calls = facts.filter((fact) => fact.kind === 'call' && fact.file === file && fact.loop !== true);
  const counts = new Map<string, number>();
  for (const { subject } of calls) counts.set(subject, (counts.get(subject) ?? 0) + 1);
  return new Map(
    calls.flatMap((fact, at) => (counts.get(fact.subject) === 1 ? [[fact.subject, { fact, at }] as const] : [])),
  );
}

function ends(...facts: readonly Fact[]): boolean {
  return facts.some(({ subject }) =>
    wordsOfName(subject).some(
      (word) => codeWords.ending.has(word) || codeWords.release.has(word) || codeWords.transaction.has(word),
    ),
  );
}

function shareThing(left: Fact, right: Fact): boolean {
  const things = new Set((left.on ?? '').split(/[ .]/));
  return (right.on ?? '')
    .split(/[ .]/)
    .some((thing) => thing !== '' && thing !== 'ctx' && thing !== 'this' && things.has(thing));
}
