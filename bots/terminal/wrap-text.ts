/**
 * Breaks text at spaces into lines of at most `width` characters (code points), each behind its indent; a word longer than a line is cut, so that no line
 * overflows. The indents must be shorter than the width.
 */
export function wrapText(text: string, width: number, indents: { first: string; rest: string }): string[] {
  const lines: string[] = [];
  let line = Array.from(indents.first);
  let bare = true;
  const breakLine = (): void => {
    lines.push(line.join('').trimEnd());
    line = Array.from(indents.rest);
    bare = true;
  };
  for (const word of text.split(' ').filter((one) => one !== '')) {
    let left = Array.from(word);
    if (!bare && line.length + 1 + left.length > width) breakLine();
    while (line.length + left.length > width) {
      const room = width - line.length;
      line.push(...left.slice(0, room));
      left = left.slice(room);
      breakLine();
    }
    if (!bare) line.push(' ');
    line.push(...left);
    bare = false;
  }
  if (!bare || lines.length === 0) breakLine();
  return lines;
}
