import type { Fact } from '../facts/fact.ts';
import type { ChangeEffect } from './change-effect.ts';
import type { FactDifference } from './fact-difference.ts';

/** How surely a step may alter what runs, by the first number of the version that moved: none is meant by the last (Semantic Versioning 2.0). */
const bySteps = [0.75, 0.5, 0.12] as const;

/** Effects of packages pinned to other versions, taken in or left out. */
export function pinEffects({ gone, fresh }: FactDifference): ChangeEffect[] {
  const pins = (facts: readonly Fact[]): Fact[] => facts.filter(({ kind }) => kind === 'pin');
  const effects: ChangeEffect[] = [];
  const old = new Map(pins(gone).map((fact) => [fact.subject, fact]));
  for (const now of pins(fresh)) {
    const was = old.get(now.subject);
    old.delete(now.subject);
    const step = was === undefined ? undefined : stepOf(String(was.value), String(now.value));
    effects.push({
      effect: 'dependency-moved',
      subject: now.subject,
      sure: step === undefined ? 0.4 : (bySteps[step] ?? 0.12),
      ...(was?.value === undefined ? {} : { before: was.value }),
      ...(now.value === undefined ? {} : { after: now.value }),
      file: now.file,
    });
  }
  for (const was of old.values())
    effects.push({
      effect: 'dependency-moved',
      subject: was.subject,
      sure: 0.5,
      ...(was.value === undefined ? {} : { before: was.value }),
      file: was.file,
    });
  return effects;
}

/** The index of the first number that moved. Below 1.0 the second number counts as the first. */
function stepOf(before: string, after: string): number {
  const numbers = (text: string): number[] =>
    text
      .replace(/^v/, '')
      .split('.')
      .map((part) => Number.parseInt(part, 10));
  const [left, right] = [numbers(before), numbers(after)];
  const at = left.findIndex((number, index) => number !== right[index]);
  const step = at < 0 ? 2 : at;
  return left[0] === 0 && right[0] === 0 && step > 0 ? step - 1 : step;
}
