import type { EntityId } from '../../domain/entity.ts';
import type { Finding } from '../../domain/finding.ts';
import type { Board } from './board.ts';
import type { Candidate } from './candidates.ts';
import { changeHints } from '../evidence/changes/change-hints.ts';
import { memberOf, numbersOf } from '../../infra/runtime/member-of.ts';
import type { TelemetryWords } from './telemetry-words.ts';
import { telemetryWords } from './telemetry-words.ts';

/** How well a change's content explains a candidate, in [0, 1]. */
export interface Fit {
  strength: number;
  /** What speaks for it, in words. */
  because: string[];
}

/** Kinds that many changes touch something of: alone, a hint at them says little. */
const broad = new Set([
  'code that can fail',
  'guards',
  'code',
  'calls in a loop',
  'synchronous work',
  'names of fields',
  'kept state',
  'worker threads',
  'dependency versions',
]);

/**
 * Weighs changes against candidates of one board by four mechanisms, joined as independent evidence (noisy or): what the diff touches brings
 * this kind of fault; what the diff touches is what logs and metrics say failed; a value it sets anew is the step that a metric took; rare
 * words that it alters are the words of the new errors.
 */
export function createChangeFits(board: Board): (candidate: Candidate, change: Finding) => Fit {
  const spread = spreadOfWords(board.changes);
  const seen = new Map<EntityId, TelemetryWords>();
  const wordsAt = (entity: EntityId): TelemetryWords => {
    let words = seen.get(entity);
    if (words === undefined) seen.set(entity, (words = telemetryWords(board, entity)));
    return words;
  };
  return (candidate, change) => {
    const data = change.data ?? {};
    if (typeof data['innocent'] === 'string') return { strength: 0, because: [] };
    const telemetry = wordsAt(candidate.entity);
    const because: string[] = [];
    const touches = textsOf(data['touches']);
    const shown = shownStrength(touches, telemetry.text);
    if (shown > 0) because.push('what it touches is what the logs say failed');
    const step = stepStrength(data['constants'], board.at(candidate.entity, 'self'));
    if (step > 0) because.push('the value it sets is the step that a metric took');
    const told = wordStrength(data, telemetry, spread);
    if (told > 0.25) because.push('the errors speak of what it alters');
    const named = touches.every((touched) => broad.has(touched)) ? 0.5 : 1;
    const hint = (numbersOf(data['hints'])[candidate.fault.kind] ?? 0) * named;
    if (hint > 0) because.push(`what it touches brings ${candidate.fault.title}`);
    // Words alone only point; they prove together with a mechanism.
    const strength = 1 - (1 - hint) * (1 - shown) * (1 - step) * (1 - told);
    return { strength, because };
  };
}

function shownStrength(touches: readonly string[], text: string): number {
  let best = 0;
  for (const hint of changeHints) {
    if (hint.shownBy === undefined || !touches.includes(hint.touches)) continue;
    if (hint.shownBy.test(text)) best = Math.max(best, hint.strength);
  }
  return best;
}

/** A metric that went from the old value to the new one: a capacity, a limit, a count of replicas. */
function stepStrength(constants: unknown, findings: readonly Finding[]): number {
  if (!Array.isArray(constants)) return 0;
  for (const constant of constants) {
    const before = memberOf(constant, 'before');
    const after = memberOf(constant, 'after');
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

/** Rare words that the change alters and the errors use; a word beside the alteration counts a third, a file that a stack names counts one. */
function wordStrength(
  data: Record<string, unknown>,
  { weights, text }: TelemetryWords,
  spread: ReadonlyMap<string, number>,
): number {
  let score = 0;
  for (const word of textsOf(data['words'])) score += (weights.get(word) ?? 0) / (spread.get(word) ?? 1);
  for (const word of textsOf(data['nearWords'])) score += (0.33 * (weights.get(word) ?? 0)) / (spread.get(word) ?? 1);
  for (const file of textsOf(data['files'])) {
    const name = file.slice(file.lastIndexOf('/') + 1);
    if (name.includes('.') && name.length > 4 && text.includes(name)) score += 1;
  }
  return score === 0 ? 0 : 0.9 * (1 - Math.exp(-0.45 * score));
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
