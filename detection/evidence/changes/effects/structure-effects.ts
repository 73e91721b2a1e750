import type { EffectClass } from '../../../faults/effect-symptoms.ts';
import type { Fact } from '../facts/fact.ts';
import type { ChangeEffect } from './change-effect.ts';
import type { FactDifference } from './fact-difference.ts';

type Kind = Fact['kind'];

/** Things that are there or not: what their going and their coming does, and how surely. */
const presence: readonly {
  kind: Kind;
  gone?: readonly [EffectClass, number];
  fresh?: readonly [EffectClass, number];
}[] = [
  { kind: 'lock', gone: ['lock-dropped', 0.9], fresh: ['lock-added', 0.6] },
  { kind: 'transaction', gone: ['transaction-dropped', 0.7], fresh: ['transaction-added', 0.7] },
  { kind: 'release', gone: ['release-dropped', 0.8] },
  { kind: 'cached', gone: ['cache-dropped', 0.85], fresh: ['cache-added', 0.4] },
  { kind: 'spawn', gone: ['concurrency-lowered', 0.5], fresh: ['concurrency-raised', 0.5] },
  { kind: 'growth', fresh: ['growth-added', 0.6] },
  { kind: 'default', gone: ['guard-dropped', 0.6] },
];

/** Effects of what code no longer does or does anew: guards, failures handled, locks, things given back, formulas. */
export function structureEffects({ gone, fresh }: FactDifference, after: readonly Fact[]): ChangeEffect[] {
  const effects: ChangeEffect[] = [];
  const tell = (effect: EffectClass, sure: number, fact: Fact, more: Partial<ChangeEffect> = {}): void => {
    effects.push({ effect, subject: fact.subject.slice(0, 160), sure, file: fact.file, ...more });
  };
  const of = (facts: readonly Fact[], kind: Kind): Fact[] => facts.filter((fact) => fact.kind === kind);
  for (const row of presence) {
    const [out, came] = [of(gone, row.kind), of(fresh, row.kind)];
    // What goes here and comes there in another form is still there.
    const both = row.kind === 'growth' ? 0 : Math.min(out.length, came.length);
    for (const fact of out.slice(both)) if (row.gone !== undefined) tell(...row.gone, fact);
    for (const fact of came.slice(both)) if (row.fresh !== undefined) tell(...row.fresh, fact);
  }
  branchEffects({ gone, fresh }, tell);
  failureEffects({ gone, fresh }, after, tell);
  const formulas = [of(gone, 'formula'), of(fresh, 'formula')] as const;
  if (formulas[0].length > 0 && formulas[1].length > 0)
    tell('formula-changed', 0.6, formulas[1][0]!, { before: formulas[0][0]!.subject });
  return effects;
}

type Tell = (effect: EffectClass, sure: number, fact: Fact, more?: Partial<ChangeEffect>) => void;

function branchEffects({ gone, fresh }: FactDifference, tell: Tell): void {
  const asks = (facts: readonly Fact[]): Fact[] => facts.filter(({ kind }) => kind === 'guard' || kind === 'condition');
  const left = asks(fresh);
  for (const old of asks(gone)) {
    const at = likest(old, left);
    const now = at === undefined ? undefined : left.splice(at, 1)[0];
    if (now !== undefined) movedCondition(old, now, tell);
    else if (old.kind === 'guard') tell('guard-dropped', 0.85, old);
    else tell('condition-changed', 0.4, old);
  }
  for (const now of left)
    if (now.kind === 'guard') tell('guard-added', 0.6, now);
    else tell('condition-changed', 0.3, now);
}

/** The condition that most of the words are shared with, at least half. */
function likest(old: Fact, candidates: readonly Fact[]): number | undefined {
  const words = new Set(old.subject.split(' '));
  let best: { index: number; share: number } | undefined;
  for (const [index, one] of candidates.entries()) {
    const others = new Set(one.subject.split(' '));
    const both = [...words].filter((word) => others.has(word)).length;
    const share = both / Math.max(words.size, others.size);
    if (share >= 0.5 && share > (best?.share ?? 0)) best = { index, share };
  }
  return best?.index;
}

/** A condition that was rewritten: terms fewer than before is a guard made weaker, a number moved is a bound. */
function movedCondition(old: Fact, now: Fact, tell: Tell): void {
  const before = old.subject.split(' ');
  const after = now.subject.split(' ');
  const numbers = [numberIn(before, after), numberIn(after, before)] as const;
  const about = { before: old.subject, after: now.subject };
  if (numbers[0] !== undefined && numbers[1] !== undefined && before.length === after.length)
    tell(numbers[1] > numbers[0] ? 'bound-raised' : 'bound-lowered', 0.7, now, about);
  else if (old.kind === 'guard' && now.kind !== 'guard') tell('guard-dropped', 0.7, old, about);
  else if (after.length < before.length - 1 && old.kind === 'guard') tell('guard-dropped', 0.6, old, about);
  else tell('condition-changed', 0.7, now, about);
}

/** The number that one side's words have and the other's have not. */
function numberIn(words: readonly string[], others: readonly string[]): number | undefined {
  const found = words.find((word) => !others.includes(word) && Number.isFinite(Number(word)));
  return found === undefined ? undefined : Number(found);
}

function failureEffects({ gone, fresh }: FactDifference, after: readonly Fact[], tell: Tell): void {
  const of = (facts: readonly Fact[], kind: Kind): Fact[] => facts.filter((fact) => fact.kind === kind);
  const swallowed = of(fresh, 'swallow');
  const was = of(gone, 'swallow').length;
  const handledBefore = of(gone, 'handler').length + of(gone, 'raise').length > 0;
  // A new call whose failure nobody asks for is less than one whose failure is no longer asked for.
  for (const fact of swallowed.slice(0, Math.max(0, swallowed.length - was)))
    tell('error-swallowed', handledBefore || fact.id === 'swallow:catch' ? 0.85 : 0.3, fact);
  const handled = of(gone, 'handler');
  const handlesAnew = of(fresh, 'handler').length + swallowed.length;
  const calls = new Set(of(after, 'call').map(({ subject }) => subject));
  for (const fact of handled.slice(0, Math.max(0, handled.length - handlesAnew))) {
    const caught = fact.id === 'handler:catch';
    // A check of a call that is gone too went with it.
    if (!caught && fact.id !== 'handler:' && !calls.has(fact.subject)) continue;
    if (caught) tell('handling-dropped', 0.7, fact);
    else if (calls.has(fact.subject)) tell('error-swallowed', 0.7, fact);
  }
  const guards = of(fresh, 'guard').length;
  const raises = of(fresh, 'raise');
  const rose = raises.length - of(gone, 'raise').length;
  if (rose > 0 && guards === 0) tell('raise-added', 0.5, raises[0]!);
}
