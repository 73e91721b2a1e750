// Controls, what reorders text on a screen, and what hides in it. Joiners stay: scripts and emoji need them.
const controls = /[\p{Cc}\p{Bidi_Control}\u00AD\u200B\u2028\u2029\u2060-\u2064\uFEFF]/gu;

/**
 * Text by others, safe to print: no escape sequence reaches the terminal and nothing is reordered or hidden. Line breaks and tabs become spaces; other C0
 * controls show as their control pictures (ESC as ␛), the rest as `<U+202E>`.
 */
export function plainText(text: string): string {
  return text.replace(/[\t\r\n]+/g, ' ').replace(controls, (character) => {
    const code = character.charCodeAt(0);
    if (code < 0x20) return String.fromCharCode(0x2400 + code);
    if (code === 0x7f) return '\u2421';
    return `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`;
  });
}
