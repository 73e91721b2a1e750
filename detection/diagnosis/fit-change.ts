import type { Finding } from '../../domain/finding.ts';
import { memberOf } from '../../infra/runtime/member-of.ts';
import { broughtBy } from '../faults/effect-symptoms.ts';
import type { Board } from './board.ts';
import type { Candidate } from './candidates.ts';
import type { SymptomProfile } from './symptom-profile.ts';
import { profileOf } from './symptom-profile.ts';
import type { TelemetryWords } from './telemetry-words.ts';
import { createTelemetryWords } from './telemetry-words.ts';

/** How well a change's content explains a candidate. */
export interface Fit {
  /** How readily what it does brings what is seen, in [0, 1]. */
  effect: number;
  /** How many rare words it shares with what the failure says, in [0, 1]. */
  lexical: number;
  /** The effect that brings most, in its class's words, and the symptom that it brings; absent without one. */
  by?: string;
  brings?: string;
  /** What speaks for it, in words. */
  because: string[];
}

/**
 * Weighs changes against candidates of one board: what a change does against what effects of its class do (a table), a value that it
 * sets against the step that a metric took, and the rare words that it and the failure share, by their rarity in this system and among the
 * other changes. What a file or a title is called neither convicts nor acquits.
 */
export function createChangeFits(board: Board): (candidate: Candidate, change: Finding) => Fit {
  const spread = spreadOfWords(board.changes);
  const wordsAt = createTelemetryWords(board);
  const profiles = new Map<Candidate, SymptomProfile>();
  return (candidate, change) => {
    if (typeof change.data?.['innocent'] === 'string') return { effect: 0, lexical: 0, because: [] };
    let profile = profiles.get(candidate);
    if (profile === undefined) profiles.set(candidate, (profile = profileOf(board, candidate)));
    const effects = effectsOf(change);
    const step = stepStrength(effects, board.at(candidate.entity, 'self'));
    const best = bestEffect(effects, profile);
    const shared = lexicalStrength(change.data ?? {}, wordsAt(candidate.entity), spread);
    const lexical = isAsideOf(effects, best.strength) ? aside * shared : shared;
    const because: string[] = [];
    if (step > 0) because.push('the value it sets is the step that a metric took');
    if (best.strength > 0.3)
      because.push(`${best.by?.replaceAll('-', ' ')} brings ${best.brings?.replaceAll('-', ' ')}`);
    if (lexical > 0.25) because.push('the failure speaks of what it alters');
    return {
      effect: 1 - (1 - best.strength) * (1 - step),
      lexical,
      ...(best.by === undefined ? {} : { by: best.by }),
      ...(best.brings === undefined ? {} : { brings: best.brings }),
      because,
    };
  };
}

interface ReadEffect {
  effect: string;
  sure: number;
  before: unknown;
  after: unknown;
}

function effectsOf({ data }: Finding): ReadEffect[] {
  const effects = data?.['effects'];
  if (!Array.isArray(effects)) return [];
  return effects.flatMap((one): ReadEffect[] => {
    const effect = memberOf(one, 'effect');
    const sure = memberOf(one, 'sure');
    if (typeof effect !== 'string' || typeof sure !== 'number') return [];
    return [{ effect, sure, before: memberOf(one, 'before'), after: memberOf(one, 'after') }];
  });
}

function bestEffect(
  effects: readonly ReadEffect[],
  profile: SymptomProfile,
): { strength: number; by?: string; brings?: string } {
  let best: { strength: number; by?: string; brings?: string } = { strength: 0 };
  for (const { effect, sure } of effects)
    for (const [symptom, readily] of Object.entries(broughtBy(effect))) {
      const strength = sure * readily * (profile.get(symptom) ?? 0);
      if (strength > best.strength) best = { strength, by: effect, brings: symptom };
    }
  return best;
}

/** How far shared words count where it is known what a change does, and that it does not bring what is seen. */
const aside = 0.4;

/** Whether all that a change does is to move values, none of them a way that brings what is seen: speaking of the same thing is no cause. */
function isAsideOf(effects: readonly ReadEffect[], strength: number): boolean {
  return (
    strength < 0.15 &&
    effects.length > 0 &&
    effects.every(({ effect, sure }) => sure >= 0.5 && (effect.endsWith('-raised') || effect.endsWith('-lowered')))
  );
}

/** A metric that went from the old value to the new one: a capacity, a limit, a count of replicas. */
function stepStrength(effects: readonly ReadEffect[], findings: readonly Finding[]): number {
  for (const { before, after } of effects) {
    if (typeof before !== 'number' || typeof after !== 'number') continue;
    const step = findings.some(
      ({ effect }) => effect !== undefined && isNear(effect.baseline, before) && isNear(effect.observed, after),
    );
    if (step) return 0.9;
  }
  return 0;
}

function isNear(measured: number, set: number): boolean {
  return Math.abs(measured - set) <= 0.02 * Math.max(Math.abs(set), 1e-9);
}

/** What each shared thing counts: a word beside the alteration, a whole name in the text, a file that a stack names, a line in it. */
const shares = { beside: 0.33, wholeName: 1.2, file: 1, line: 1.5, steepness: 0.45, most: 0.9 };

function lexicalStrength(
  data: Record<string, unknown>,
  { weights, text }: TelemetryWords,
  spread: ReadonlyMap<string, number>,
): number {
  let score = 0;
  const each = (word: string): number => (weights.get(word) ?? 0) / (spread.get(word) ?? 1);
  for (const word of textsOf(data['words'])) score += each(word);
  for (const word of textsOf(data['nearWords'])) score += shares.beside * each(word);
  for (const name of textsOf(data['touched']))
    if (isTelling(name) && text.includes(name.toLowerCase())) score += shares.wholeName;
  for (const file of textsOf(data['files'])) {
    const name = file.slice(file.lastIndexOf('/') + 1).toLowerCase();
    if (!name.includes('.') || name.length <= 4 || !text.includes(name)) continue;
    score += shares.file + (namesLine(data['places'], file, text) ? shares.line : 0);
  }
  return score === 0 ? 0 : shares.most * (1 - Math.exp(-shares.steepness * score));
}

/** A name that is not a plain word: long, and made of several words. */
function isTelling(name: string): boolean {
  return name.length >= 8 && name.length <= 80 && !name.includes(' ') && /[a-z][A-Z]|[_.-]/.test(name);
}

/** Whether a text names a line of a file that the change alters: `file.ext:123`, as stacks write it. */
function namesLine(places: unknown, file: string, text: string): boolean {
  if (!Array.isArray(places)) return false;
  const name = `${file.slice(file.lastIndexOf('/') + 1).toLowerCase()}:`;
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + name.length)) {
    const line = Number.parseInt(text.slice(at + name.length, at + name.length + 7), 10);
    const hit = places.some((place) => {
      const [from, to] = [memberOf(place, 'from'), memberOf(place, 'to')];
      return (
        memberOf(place, 'file') === file &&
        typeof from === 'number' &&
        typeof to === 'number' &&
        line >= from &&
        line <= to
      );
    });
    if (hit) return true;
  }
  return false;
}

/** In how many changes each word is altered or near. */
function spreadOfWords(changes: readonly Finding[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { data } of changes)
    for (const word of new Set([...textsOf(data?.['words']), ...textsOf(data?.['nearWords'])]))
      counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];
}
