import type { Sentence } from '../domain/answer.ts';

/** A sentence that states a fact, with the evidence that carries it (each id once, in order). */
export function fact(text: string, ...evidence: (string | readonly string[] | undefined)[]): Sentence {
  const ids = evidence.flatMap((item) => item ?? []);
  return { kind: 'fact', text, evidence: [...new Set(ids)] };
}

/** A sentence about the run itself; it states no fact about any system. */
export function note(text: string, ...evidence: (string | readonly string[] | undefined)[]): Sentence {
  return { ...fact(text, ...evidence), kind: 'note' };
}

/** The text with a full stop where it ends in none. */
export function ended(text: string): string {
  return /[.!?…]$/.test(text.trim()) ? text.trim() : `${text.trim()}.`;
}
