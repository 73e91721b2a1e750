import type { EffectClass } from '../../../faults/effect-symptoms.ts';
import type { Fact } from '../facts/fact.ts';
import { unitFactor } from '../facts/quantity-of.ts';
import { wordsOfName } from '../words-of-name.ts';
import type { ChangeEffect } from './change-effect.ts';
import type { FactDifference } from './fact-difference.ts';
import type { Topic } from './topics.ts';
import { topicOf, topicOfEither } from './topics.ts';

/** Effects of values set anew, dropped and added, and of names given anew to those who read them. */
export function valueEffects({ gone, fresh }: FactDifference): ChangeEffect[] {
  const effects: ChangeEffect[] = [];
  const values = { gone: gone.filter(isValue), fresh: fresh.filter(isValue) };
  const used = new Set<Fact>();
  const settle = (old: Fact, now: Fact): void => {
    used.add(old).add(now);
    const effect = movedEffect(old, now);
    if (effect !== undefined) effects.push(effect);
  };
  // In the same file first; what moved to another file with a new value was set anew too.
  for (const sameFile of [true, false])
    for (const old of values.gone.filter((one) => !used.has(one))) {
      const now = values.fresh.find(
        (one) => !used.has(one) && one.subject === old.subject && (!sameFile || one.file === old.file),
      );
      if (now !== undefined) settle(old, now);
    }
  for (const { from, to } of renamedKeys(gone, fresh)) {
    const sure = from.wire === true || to.wire === true ? 0.85 : 0.4;
    effects.push({
      effect: from.subject.startsWith('/') ? 'route-changed' : 'key-renamed',
      subject: from.subject,
      sure,
      before: from.subject,
      after: to.subject,
      file: to.file,
    });
    used.add(from).add(to);
    const old = values.gone.find((one) => !used.has(one) && one.subject === from.subject);
    const now = values.fresh.find((one) => !used.has(one) && one.subject === to.subject);
    if (old !== undefined && now !== undefined) settle(old, now);
  }
  for (const fact of [...gone, ...fresh]) {
    if (used.has(fact) || (fact.kind !== 'key' && fact.kind !== 'value' && fact.kind !== 'field')) continue;
    const effect = comesOrGoes(fact, gone.includes(fact));
    if (effect !== undefined) effects.push(effect);
  }
  return [...effects, ...textEffects({ gone, fresh }, effects)];
}

/** Texts that something goes by (a topic, a header, a path) where others stood, unless a value or key under them told of it. */
function textEffects({ gone, fresh }: FactDifference, told: readonly ChangeEffect[]): ChangeEffect[] {
  const texts = (facts: readonly Fact[]): Fact[] => facts.filter(({ kind }) => kind === 'text');
  const known = new Set(told.flatMap(({ before, after, subject }) => [before, after, subject]));
  const came = texts(fresh).filter(({ subject }) => !known.has(subject));
  return texts(gone)
    .filter(({ subject }) => !known.has(subject))
    .flatMap((old, index): ChangeEffect[] => {
      const now = came[index];
      if (now === undefined) return [];
      const effect = literalTopic(old.subject, now.subject) ?? 'value-changed';
      return [{ effect, subject: old.subject, sure: 0.5, before: old.subject, after: now.subject, file: now.file }];
    });
}

function isValue({ kind }: Fact): boolean {
  return kind === 'value';
}

const loudness = ['off', 'fatal', 'error', 'warn', 'warning', 'info', 'debug', 'trace', 'verbose', 'all'];

function movedEffect(old: Fact, now: Fact): ChangeEffect | undefined {
  const before = scaled(old.value, keyFactor(old.subject));
  const after = scaled(now.value, keyFactor(now.subject));
  if (before === undefined || after === undefined || before === after) return undefined;
  const topic = topicOfEither(old.subject, now.subject);
  const told =
    typeof before === 'number' && typeof after === 'number'
      ? steppedEffect(before, after, topic)
      : replacedEffect(before, after, topic);
  return told === undefined ? undefined : { ...told, subject: old.subject, before, after, file: now.file };
}

type Told = Pick<ChangeEffect, 'effect' | 'sure'>;

/** Of a number: which way it moved. Moving it a way that brings nothing is no effect; a small step brings less than a large one. */
function steppedEffect(before: number, after: number, topic: Topic | undefined): Told | undefined {
  const raised = after > before;
  const share = stepShare(before, after);
  if (topic === undefined) return { effect: raised ? 'bound-raised' : 'bound-lowered', sure: 0.5 * share };
  const effect = raised ? topic.raised : topic.lowered;
  return effect === undefined ? undefined : { effect, sure: 0.9 * share };
}

function replacedEffect(before: number | string, after: number | string, topic: Topic | undefined): Told | undefined {
  if (topic?.changed === 'verbosity-raised')
    return isLouder(String(before), String(after)) ? { effect: 'verbosity-raised', sure: 0.9 } : undefined;
  if (!isName(before) && !isName(after))
    // Texts for people do nothing; a schedule has blanks too.
    return topic?.changed === 'schedule-changed' ? { effect: 'schedule-changed', sure: 0.8 } : undefined;
  const told = topic?.changed ?? literalTopic(String(before), String(after));
  if (told === undefined) return { effect: 'value-changed', sure: 0.5 };
  return { effect: told, sure: told === 'key-renamed' ? 0.5 : told === 'flag-changed' ? 0.7 : 0.85 };
}

/** Whether a level of logging went from a lower one to one that writes of everything, or a switch of it went on. */
function isLouder(before: string, after: string): boolean {
  const from = loudness.indexOf(before.toLowerCase());
  const to = loudness.indexOf(after.toLowerCase());
  return to < 0 ? after !== 'false' : to >= loudness.indexOf('debug') && to > from;
}

/** A text for people (it has blanks) is not a name that anything goes by. */
function isName(value: number | string): boolean {
  return typeof value === 'number' || (value.length > 0 && value.length < 200 && !value.trim().includes(' '));
}

/** What a text is about by its form: an address, a route, else a name that is looked up. */
function literalTopic(before: string, after: string): EffectClass | undefined {
  const both = [before, after];
  if (both.some((text) => text.includes('://') || isHost(text))) return 'address-changed';
  if (both.every((text) => text.startsWith('/'))) return 'route-changed';
  if (both.some((text) => text === 'true' || text === 'false')) return 'flag-changed';
  if (both.includes('null')) return undefined;
  return both.every((text) => wordsOfName(text).length > 0) ? 'key-renamed' : undefined;
}

function isHost(text: string): boolean {
  const [name = '', port] = text.split(':');
  return (port !== undefined && Number(port) > 0) || name.split('.').length >= 4;
}

/** How much of a full move a step is, in [0.3, 1]: doubling or halving is one. */
function stepShare(before: number, after: number): number {
  if (before <= 0 || after <= 0) return 1;
  return Math.max(0.3, Math.min(1, Math.abs(Math.log2(after / before))));
}

function keyFactor(key: string): number {
  return unitFactor(wordsOfName(key).at(-1) ?? '') ?? 1;
}

function scaled(value: number | string | undefined, factor: number): number | string | undefined {
  return typeof value === 'number' ? value * factor : value;
}

function comesOrGoes(fact: Fact, isGone: boolean): ChangeEffect | undefined {
  const topic = topicOf(fact.subject);
  const about = { subject: fact.subject, file: fact.file };
  const effect = isGone ? topic?.dropped : topic?.added;
  if (effect !== undefined) return { effect, sure: fact.wire === true ? 0.8 : 0.6, ...about };
  if (fact.kind === 'value' && fact.wire !== true) return undefined;
  if (fact.kind === 'field') return isGone ? { effect: 'key-dropped', sure: 0.3, ...about } : undefined;
  if (fact.kind === 'key' && fact.wire === true)
    return { effect: isGone ? 'key-dropped' : 'key-added', sure: isGone ? 0.6 : 0.3, ...about };
  return undefined;
}

/** Keys that went where others came: on the same lines, of one section, in the same file first, the nearest first. */
function renamedKeys(gone: readonly Fact[], fresh: readonly Fact[]): { from: Fact; to: Fact }[] {
  const pairs: { from: Fact; to: Fact }[] = [];
  const taken = new Set<Fact>();
  const dropped = gone.filter(({ kind }) => kind === 'key');
  const added = fresh.filter(({ kind }) => kind === 'key');
  if (dropped.length > 60 || added.length > 60) return pairs;
  for (const sameFile of [true, false])
    for (const from of dropped.filter((one) => !pairs.some((pair) => pair.from === one))) {
      const to = added
        .filter((one) => !taken.has(one) && (!sameFile || one.file === from.file) && sectionOf(one) === sectionOf(from))
        .sort((left, right) => Math.abs(left.row - from.row) - Math.abs(right.row - from.row))[0];
      if (to === undefined || Math.abs(to.row - from.row) > 3 || valuesOf(to, fresh) !== valuesOf(from, gone)) continue;
      taken.add(to);
      pairs.push({ from, to });
    }
  return pairs;
}

function sectionOf({ subject }: Fact): string {
  return subject.slice(0, subject.lastIndexOf('.') + 1);
}

/** Whether a number, a word or nothing literal stands under a key: one that held a number is not renamed to one that holds a word. */
function valuesOf({ subject }: Fact, facts: readonly Fact[]): string {
  return typeof facts.find((one) => one.kind === 'value' && one.subject === subject)?.value;
}
