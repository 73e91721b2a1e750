import { isDigit } from './characters.ts';
import type { HeaderField } from './header-fields.ts';
import { fieldKind, kindOfField, noField, readField } from './header-fields.ts';

/** How the lines of one source begin: learned, never configured. */
export interface LineHeader {
  /** Where the message of a line begins; 0 for a line that does not begin as the others do. Cost: the length of the header. */
  messageAt(line: string): number;
  /** What stands at each aligned place, and what ends the header after these; for a person to read. */
  readonly layout: string;
}

const names = ['…', 'time', 'level', 'number', '[…]', '-', 'name:'];
const most = 14;

/**
 * Learns from a sample of lines where the header ends: columns that are a time or a level in 9 of 10 lines, up to three other fields
 * between these, numbers, brackets and separators right after; then whatever closes nearly every header: a name with a colon, a separator
 * standing alone, or brackets after a field of few values. Lines without a time or level among the first fields (stack traces) do not
 * vote. Without a time or a level in the others there is no header. Reads at most 1,000 lines of the sample.
 */
export function learnHeader(sample: readonly string[]): LineHeader {
  const step = Math.max(1, Math.floor(sample.length / 1_000));
  const lines: string[] = [];
  for (let index = 0; index < sample.length && lines.length < 1_000; index += step)
    if (sample[index] !== '') lines.push(sample[index]!);
  const barred = share(lines, (line) => line.slice(0, 100).split('|').length > 2) >= 0.9;
  const rows = lines.map((line) => fieldsOf(line, barred)).filter((fields) => fields.slice(0, 10).some(isAnchor));
  if (rows.length < Math.max(3, lines.length * 0.2)) return { messageAt: () => 0, layout: 'none' };
  const { width, anchors } = alignedColumns(rows, barred);
  // Where most lines are of another form, a level alone may be a word of the messages.
  if (width === 0 || (rows.length < 0.5 * lines.length && !anchors.includes(fieldKind.time)))
    return { messageAt: () => 0, layout: 'none' };
  const tail = tailOf(rows, width);
  const shown = Array.from({ length: width }, (_, place) => names[anchors[place] ?? fieldKind.other]).join(' ');
  const field = noField(barred);
  return {
    layout: `${shown}${tail === undefined ? '' : ` … ${names[tail.kind]}`}`,
    messageAt(line) {
      field.next = 0;
      field.barred = barred;
      let isDated = false;
      for (let place = 0; place < width; place += 1) {
        if (!readField(line, field)) return 0;
        const anchor = anchors[place];
        if (anchor === undefined) continue;
        // One date looked at closely is enough: further ones need only begin with a digit.
        if (isDated && anchor === fieldKind.time && isDigit(line.charCodeAt(field.start))) continue;
        const kind = kindOfField(line, field);
        // A level that is none of the usual words, in a line that is dated as the others are.
        if (anchor !== kind && !(isDated && anchor === fieldKind.level && isCapitals(line, field)))
          return looseEnd(line);
        isDated ||= kind === fieldKind.time;
      }
      return skipSpaces(line, tail === undefined ? field.next : afterTail(line, field, tail));
    },
  };
}

/** Where a line's own header ends after the aligned columns. */
function afterTail(line: string, field: HeaderField, { kind, within, held }: Tail): number {
  let end = field.next;
  field.barred = false;
  for (let place = 0; place <= within && readField(line, field); place += 1) {
    const last = line.charCodeAt(field.end - 1);
    const canBe = kind !== fieldKind.name || last === 58 || last === 93;
    if (canBe && kindOfField(line, field) === kind) return field.next;
    if (place < held) end = field.next;
  }
  return end;
}

/** What ends the header after the aligned columns, within how many fields, and how many fields go where it is missing. */
interface Tail {
  kind: number;
  within: number;
  held: number;
}

interface Seen {
  kind: number;
  text: string;
  /** Whether a bar ends it. */
  bar: boolean;
}

function fieldsOf(line: string, barred: boolean): Seen[] {
  const fields: Seen[] = [];
  const field = noField(barred);
  while (fields.length < most && readField(line, field))
    fields.push({
      kind: kindOfField(line, field),
      text: line.slice(field.start, field.end),
      bar: field.next > field.end,
    });
  return fields;
}

function isAnchor({ kind }: Seen): boolean {
  return kind === fieldKind.time || kind === fieldKind.level;
}

/** How many columns are aligned, and which kind nine of ten lines have there (times and levels only: others may differ). */
function alignedColumns(rows: readonly Seen[][], barred: boolean): { width: number; anchors: (number | undefined)[] } {
  const anchors: (number | undefined)[] = [];
  let width = 0;
  let anchored = false;
  for (let place = 0; place < most && place - width <= 3; place += 1) {
    const of = (kind: number) => share(rows, (fields) => fields[place]?.kind === kind) >= 0.9;
    if (of(fieldKind.time) || of(fieldKind.level)) {
      anchors[place] = of(fieldKind.time) ? fieldKind.time : fieldKind.level;
      width = place + 1;
      anchored = true;
    } else if (place === width) {
      const plain = of(fieldKind.number) || of(fieldKind.separator) || of(fieldKind.brackets);
      const either =
        share(rows, (fields) => fields[place]?.kind === fieldKind.number || fields[place]?.kind === fieldKind.time) >=
        0.9;
      if (anchored ? plain || either : of(fieldKind.number) || of(fieldKind.separator)) width = place + 1;
    }
  }
  if (!anchored) return { width: 0, anchors };
  // Fields divided by bars are the header up to the last bar that nearly every line has.
  return { width: barred ? Math.max(width, barsOf(rows)) : width, anchors };
}

function barsOf(rows: readonly Seen[][]): number {
  let width = 0;
  for (let place = 0; place < most; place += 1)
    if (share(rows, (fields) => fields[place]?.bar === true) >= 0.98) width = place + 1;
  return width;
}

function tailOf(rows: readonly Seen[][], width: number): Tail | undefined {
  for (const [kind, within, least] of [
    [fieldKind.name, 2, 0.8],
    [fieldKind.brackets, 1, 0.9],
    [fieldKind.separator, 5, 0.9],
  ] as const) {
    const found = rows
      .map((fields) => fields.slice(width, width + within + 1).findIndex((field) => field.kind === kind))
      .filter((place) => place >= 0);
    if (found.length < least * rows.length) continue;
    const before = new Set(
      rows.flatMap((fields) => (kind === fieldKind.brackets && fields[width] ? [fields[width].text] : [])),
    );
    if (before.size > Math.max(2, 0.1 * rows.length)) continue;
    const held = found.toSorted((left, right) => left - right)[found.length >> 1]!;
    return { kind, within, held };
  }
  return undefined;
}

/** For a line of another form: only the times, levels and numbers that it begins with. */
function looseEnd(line: string): number {
  const field = noField(false);
  let end = 0;
  for (let place = 0; place < most && readField(line, field); place += 1) {
    const kind = kindOfField(line, field);
    if (kind !== fieldKind.time && kind !== fieldKind.level && kind !== fieldKind.number) break;
    end = field.next;
  }
  return end === 0 ? 0 : skipSpaces(line, end);
}

function isCapitals(line: string, { start, end }: HeaderField): boolean {
  for (let at = start; at < end; at += 1) if (line.charCodeAt(at) < 65 || line.charCodeAt(at) > 90) return false;
  return true;
}

function skipSpaces(line: string, from: number): number {
  let at = from;
  while (at < line.length && line.charCodeAt(at) <= 32) at += 1;
  return at;
}

function share<Item>(items: readonly Item[], holds: (item: Item) => boolean): number {
  return items.length === 0 ? 0 : items.filter(holds).length / items.length;
}
