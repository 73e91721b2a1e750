import { hashOf, hashStep } from './token-classes.ts';
import type { LogTemplate } from './template-groups.ts';

/**
 * Id of a template by its content: the same words and delimiters have the same id in every run, process and order of lines. It changes
 * when a place of the template is found to vary. 64 bits as 16 hexadecimal digits.
 */
export function templateId(template: Pick<LogTemplate, 'tokens'>): string {
  const text = template.tokens.join(' ');
  let second = hashStep(0x5bd1e995, text.length);
  for (let index = text.length - 1; index >= 0; index -= 1) second = hashStep(second, text.charCodeAt(index));
  return [hashOf(text), second].map((part) => (part >>> 0).toString(16).padStart(8, '0')).join('');
}

/** A template as a line reads, with `<*>` for what varies. Repeated values were folded into one; spaces are those of its first line. */
export function templateText({ tokens, spaced }: Pick<LogTemplate, 'tokens' | 'spaced'>): string {
  return tokens.map((token, place) => (spaced[place] === true ? ` ${token}` : token)).join('');
}
