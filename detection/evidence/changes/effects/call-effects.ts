import type { EffectClass } from '../../../faults/effect-symptoms.ts';
import { codeWords } from '../facts/code-words.ts';
import type { Fact } from '../facts/fact.ts';
import { wordsOfName } from '../words-of-name.ts';
import type { ChangeEffect } from './change-effect.ts';
import type { FactDifference } from './fact-difference.ts';
import { topicOf } from './topics.ts';

type Tell = (effect: EffectClass, sure: number, fact: Fact, more?: Partial<ChangeEffect>) => void;

/** Effects of calls that came, went, took another's place or moved into a loop; of waiting dropped or added. */
export function callEffects({ gone, fresh }: FactDifference, after: readonly Fact[]): ChangeEffect[] {
  const effects: ChangeEffect[] = [];
  const tell: Tell = (effect, sure, fact, more = {}) =>
    void effects.push({ effect, subject: nameOf(fact), sure, file: fact.file, ...more });
  const calls = (facts: readonly Fact[]): Fact[] => facts.filter(({ kind }) => kind === 'call');
  const out = calls(gone);
  const came = calls(fresh);
  loopEffects(out, came, tell);
  waitEffects({ gone, fresh }, after, tell);
  for (const fact of out) topicEffect(fact, 'dropped', came, tell);
  for (const fact of came) topicEffect(fact, 'added', out, tell);
  const plain = came.filter((fact) => fact.loop !== true && isOutward(fact));
  const left = out.filter((fact) => isOutward(fact) && fact.loop !== true);
  const replaced = Math.min(left.length, plain.length);
  for (const [index, fact] of plain.entries()) {
    if (index < replaced) tell('call-replaced', 0.4, fact, { before: nameOf(left[index]!), after: nameOf(fact) });
    else tell('call-added', 0.45, fact);
  }
  for (const fact of left.slice(replaced))
    if (!came.some((one) => one.subject === fact.subject)) tell('call-dropped', 0.45, fact);
  return effects;
}

function nameOf({ subject, on }: Fact): string {
  return `${(on ?? '').split(' ')[0] ?? ''}.${subject}`.replace(/^\./, '').slice(0, 120);
}

/** Whether a call leaves the process or reads a store: it is waited for, or its name begins with what such calls do. */
function isOutward({ subject, awaited, inside }: Fact): boolean {
  const words = wordsOfName(subject);
  return awaited === true || (inside !== true && codeWords.outward.has(words[0] ?? ''));
}

function loopEffects(out: readonly Fact[], came: readonly Fact[], tell: Tell): void {
  const before = out.filter(({ loop }) => loop !== true);
  for (const fact of came) {
    if (fact.loop !== true || !isOutward(fact)) continue;
    const moved = before.some(({ subject }) => subject === fact.subject);
    const instead = before.some((one) => isManyOf(one, fact));
    tell('call-in-loop', moved || instead ? 0.9 : fact.awaited === true ? 0.6 : 0.4, fact);
  }
}

/** Whether one call did for many what another does for each: on the same thing, or of the same words, by a name that speaks of many. */
function isManyOf(one: Fact, each: Fact): boolean {
  const words = wordsOfName(one.subject);
  const others = wordsOfName(each.subject);
  const alike = ownerOf(one) === ownerOf(each) || words.some((word) => others.includes(word));
  return (
    alike && (words.some((word) => codeWords.many.has(word) || word.endsWith('s')) || words.length > others.length)
  );
}

function ownerOf({ on }: Fact): string {
  return (on ?? '').split(' ')[0] ?? '';
}

function waitEffects({ gone, fresh }: FactDifference, after: readonly Fact[], tell: Tell): void {
  const names = new Set(after.filter(({ kind }) => kind === 'call').map(({ subject }) => subject));
  for (const fact of gone)
    if (fact.kind === 'await' && names.has(fact.subject) && !fresh.some((one) => one.id === fact.id))
      tell('await-dropped', 0.85, fact);
  const called = new Set(gone.filter(({ kind }) => kind === 'call').map(({ subject }) => subject));
  for (const fact of fresh) {
    if (fact.kind === 'await' && called.size === 0 && names.has(fact.subject)) tell('await-added', 0.4, fact);
    const words = wordsOfName(fact.subject);
    const blocks = fact.kind === 'call' && fact.awaited !== true && codeWords.blocking.has(words.at(-1) ?? '');
    if (blocks) tell('blocking-added', words.at(-1) === 'sync' || words.at(-1) === 'sleep' ? 0.8 : 0.4, fact);
  }
}

/** What a call by its name alone brings or takes away; what other names govern is told by the values under them. */
const governing: ReadonlySet<string> = new Set<EffectClass>([
  'backoff-lowered',
  'backoff-raised',
  'retries-lowered',
  'retries-raised',
  'timeout-lowered',
  'timeout-raised',
  'cache-dropped',
]);

/** What a call's own name, and what is handed to it, say that it governs. */
function topicEffect(fact: Fact, way: 'dropped' | 'added', others: readonly Fact[], tell: Tell): void {
  if (others.some((one) => one.subject === fact.subject)) return;
  const effect = topicOf(fact.subject)?.[way] ?? topicOf(fact.on ?? '')?.[way];
  if (effect !== undefined && governing.has(effect)) tell(effect, 0.7, fact);
}
