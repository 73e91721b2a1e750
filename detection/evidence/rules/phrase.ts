import type { RuleUnit } from './name-series.ts';
import { listed } from './name-series.ts';
import { spanWords } from './quantity-words.ts';

/** An expression in words, with what a value of it is: `scale` brings a value to base units (0.01 where it is in percent). */
export interface Phrase {
  words: string;
  unit?: RuleUnit | undefined;
  scale: number;
  /** How counts are read: `rate` per second, `increase` over the window; absent for levels. Words leave it out. */
  form?: 'rate' | 'increase' | undefined;
  /** The window over which it is read, where it is one for all. */
  windowMs?: number;
  per?: string[];
}

/** The whole of a phrase: with its form, its grouping and its window. */
export function wholeWords(phrase: Phrase): string {
  const { windowMs, per } = phrase;
  const grouped = per === undefined || per.length === 0 ? '' : `, per ${listed(per.map(plainLabel), 'and')}`;
  const over = windowMs === undefined ? '' : `, over ${spanWords(windowMs / 1_000)}`;
  return `${innerWords(phrase)}${grouped}${over}`;
}

/** With its form alone, as it stands behind an "of". */
export function innerWords({ form, unit, words }: Phrase): string {
  if (form === 'rate') return unit === 'seconds' ? `the share of time in ${words}` : `${words} per second`;
  return form === 'increase' ? `the growth of ${words}` : words;
}

/** The unit that a value of the whole has: seconds that are counted by the second are a share. */
export function wholeUnit({ form, unit }: Phrase): RuleUnit | undefined {
  return form === 'rate' && unit === 'seconds' ? 'ratio' : unit;
}

/** A label as words. */
export function plainLabel(label: string): string {
  return label.replaceAll('_', ' ');
}
