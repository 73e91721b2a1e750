import type { Change } from '../../../domain/signal.ts';
import type { ChangeEffect } from './effects/change-effect.ts';
import { callEffects } from './effects/call-effects.ts';
import type { FactDifference } from './effects/fact-difference.ts';
import { differenceOf } from './effects/fact-difference.ts';
import { orderEffects } from './effects/order-effects.ts';
import { pinEffects } from './effects/pin-effects.ts';
import { queryEffects } from './effects/query-effects.ts';
import { structureEffects } from './effects/structure-effects.ts';
import { withoutHandovers } from './effects/without-handovers.ts';
import { valueEffects } from './effects/value-effects.ts';
import type { Fact } from './facts/fact.ts';
import { readSides } from './facts/read-sides.ts';
import type { Grammars } from './parse/grammars.ts';
import { isRunByTests } from './parse/language-of.ts';
import type { Hunk } from './read-diff.ts';
import { isReadWhole, readDiff } from './read-diff.ts';

/** What a change does, as read from its diff. */
export interface EffectReading {
  effects: ChangeEffect[];
  /** Names and texts that it touches, those of altered facts first. */
  touched: string[];
  hunks: Hunk[];
  /** Languages that no grammar read: their effects are those of lines and words. */
  byLines: string[];
  /** Why it does nothing at run time, where that is certain of what was read. */
  quiet?: string;
}

const mostEffects = 24;

/**
 * Reads a change into typed effects. Both sides of each place are rebuilt and parsed; what both sides say, wherever it stands and whatever it is
 * called, was not changed. So renaming, moving, extracting, laying out, comments, log texts and types leave nothing.
 */
export function readEffects(change: Change, grammars: Grammars): EffectReading {
  const all = readDiff(change);
  const hunks = all.filter(({ file }) => !isRunByTests(file));
  const { before, after, moved, byLines } = readSides(hunks, grammars);
  const alive = withoutDeadCode(differenceOf(before.facts, after.facts), { before, after });
  const difference = withoutHandovers(alive, moved);
  const effects = effectsOf(difference, before.facts, after.facts);
  const hidden = callsHidden(difference, after.functions);
  const judged = strongest(
    effects.map((effect) => {
      const dropped = effect.effect.endsWith('-dropped') || effect.effect === 'error-swallowed';
      const uncalled = isUncalled(difference, effect, after);
      return {
        ...effect,
        sure: Math.round(100 * effect.sure * (dropped && hidden ? 0.5 : 1) * (uncalled ? 0.4 : 1)) / 100,
      };
    }),
  );
  const touched = [...new Set([...difference.gone, ...difference.fresh].map(({ subject }) => subject))];
  return {
    effects: judged,
    touched,
    hunks,
    byLines,
    ...quietOf(change, { all, hunks, judged }),
  };
}

function quietOf(
  { files = [], diff }: Change,
  { all, hunks, judged }: { all: readonly Hunk[]; hunks: readonly Hunk[]; judged: readonly ChangeEffect[] },
): { quiet?: string } {
  if (all.length > 0 && hunks.length === 0) return { quiet: 'only tests run what it alters' };
  if (diff !== undefined && diff !== '' && judged.length === 0 && isReadWhole(diff))
    return { quiet: 'what runs is the same before and after' };
  const idle = files.length > 0 && files.every((file) => isRunByTests(file));
  return idle ? { quiet: 'only tests run what it alters' } : {};
}

function effectsOf(difference: FactDifference, before: readonly Fact[], after: readonly Fact[]): ChangeEffect[] {
  const found = [
    ...valueEffects(difference),
    ...structureEffects(difference, after),
    ...callEffects(difference, after),
    ...queryEffects(difference),
    ...pinEffects(difference),
    ...accessEffects(difference),
    ...orderEffects(before, after),
  ];
  if (found.length > 0) return found;
  return restEffects(difference);
}

/** What is left when nothing tells what it does: a line of which one word was replaced, or that code was changed at all. */
function restEffects({ gone, fresh }: FactDifference): ChangeEffect[] {
  const lines = (facts: readonly Fact[]): Fact[] =>
    facts.filter(({ kind }) => kind === 'statement' || kind === 'formula');
  const [old, now] = [lines(gone)[0], lines(fresh)[0]];
  const rest = old ?? now;
  if (rest === undefined) return [];
  const replaced = old === undefined || now === undefined ? undefined : replacedWord(old.subject, now.subject);
  const about = { subject: rest.subject, file: rest.file, ...replaced };
  if (replaced === undefined || !old!.id.startsWith('line:')) return [{ effect: 'code-changed', sure: 0.5, ...about }];
  const [from, to] = [Number(replaced.before), Number(replaced.after)];
  if (Number.isNaN(from) || Number.isNaN(to))
    return [{ effect: 'key-renamed', sure: 0.4, ...about, subject: replaced.before }];
  return [{ effect: to > from ? 'bound-raised' : 'bound-lowered', sure: 0.4, ...about }];
}

/** The word that stands for another in a line that is otherwise the same. */
function replacedWord(old: string, now: string): { before: string; after: string } | undefined {
  const [left, right] = [old.split(/\s+/), now.split(/\s+/)];
  if (left.length !== right.length) return undefined;
  const at = left.flatMap((word, index) => (word === right[index] ? [] : [index]));
  return at.length === 1 ? { before: left[at[0]!]!, after: right[at[0]!]! } : undefined;
}

/** A new read through several levels of what another gave, without asking whether it is there. */
function accessEffects({ gone, fresh }: FactDifference): ChangeEffect[] {
  const deep = (facts: readonly Fact[]): Fact[] => facts.filter(({ kind }) => kind === 'access');
  return deep(fresh)
    .slice(deep(gone).length)
    .map(({ subject, file }) => ({ effect: 'access-added', subject, sure: 0.6, file }));
}

/** Functions that nothing calls are no loss; their facts go with them. */
function withoutDeadCode(
  { gone, fresh }: FactDifference,
  {
    before,
    after,
  }: {
    before: { functions: Set<string>; called: Set<string> };
    after: { functions: Set<string>; called: Set<string> };
  },
): FactDifference {
  const dead = ({ owner }: Fact): boolean =>
    owner !== undefined && before.functions.has(owner) && !after.functions.has(owner) && !before.called.has(owner);
  return { gone: gone.filter((fact) => !dead(fact)), fresh };
}

/** Whether the new side calls something that it does not show: what is missing may be done there. */
function callsHidden({ gone, fresh }: FactDifference, functions: ReadonlySet<string>): boolean {
  if (!gone.some(({ kind }) => kind === 'call')) return false;
  return fresh.some(({ kind, subject }) => kind === 'call' && !functions.has(subject));
}

/** Whether an effect lies in a function that is new and that nothing shown calls. */
function isUncalled(
  { fresh }: FactDifference,
  { subject }: ChangeEffect,
  after: { functions: Set<string>; called: Set<string> },
): boolean {
  const fact = fresh.find((one) => one.subject === subject || subject.endsWith(`.${one.subject}`));
  return fact?.owner !== undefined && fact.isNew === true && !after.called.has(fact.owner);
}

function strongest(effects: readonly ChangeEffect[]): ChangeEffect[] {
  const kept = new Map<string, ChangeEffect>();
  for (const effect of effects) {
    const key = `${effect.effect}|${effect.subject}`;
    const known = kept.get(key);
    if (known === undefined || known.sure < effect.sure) kept.set(key, effect);
  }
  return [...kept.values()].toSorted((left, right) => right.sure - left.sure).slice(0, mostEffects);
}
