import type { LogLevel } from '../../../../domain/signal.ts';
import { isDigit } from '../characters.ts';
import { levelOf } from './log-level.ts';
import { type ReadTime, readTime } from './log-time.ts';

/** What a template read out of a line. */
export interface TemplateMatch {
  at?: number;
  level?: LogLevel;
  fields: Record<string, string>;
}

/** A form of lines, ready to be tried. Returns undefined for a line of another form. Cost: linear in the line's start. */
export type LineTemplate = (text: string, near: number | undefined) => TemplateMatch | undefined;

type Step = { kind: 'literal'; text: string } | { kind: 'time' | 'stamp' | 'level' | 'mark' | 'klog' } | FieldStep;

interface FieldStep {
  kind: 'field';
  name: string;
  /** Digits only. */
  digits: boolean;
  spaced: boolean;
  /** Only what names are made of. */
  bare: boolean;
}

const shortField = 300;
const longField = 2_000;
/** What Redis prints in place of a level. */
const marks: Readonly<Record<string, LogLevel>> = { '.': 'debug', '-': 'debug', '*': 'info', '#': 'warn' };
const monthNames = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/**
 * Makes a reader of lines from their form, as `log_format` settings write it: literal text and `%fields%`. A space stands for one or more. A field
 * reads up to the literal after it and holds no space; `%name*%` may hold spaces, `%name#%` is digits, `%name=%` looks like a name; quotes around a
 * field may be escaped within. `%time%` is any time, `%stamp%` one without a year, `%level%` a level's word, `%mark%` Redis' level, `%klog%` the head of a klog line; `%_%` is not kept.
 */
export function createLineTemplate(form: string): LineTemplate {
  const steps = compile(form);
  const only = steps[0]?.kind === 'literal' ? steps[0].text.charCodeAt(0) : 0;
  return (text, near) => {
    if (only !== 0 && text.charCodeAt(0) !== only) return undefined;
    return match(steps, text, near);
  };
}

function compile(form: string): Step[] {
  return form.split('%').flatMap((part, index): Step[] => {
    if (part === '') return [];
    if (index % 2 === 0) return [{ kind: 'literal', text: part }];
    if (part === 'time' || part === 'stamp' || part === 'level' || part === 'mark' || part === 'klog')
      return [{ kind: part }];
    const name = part.replace(/[#*=]$/, '');
    return [{ kind: 'field', name, digits: part.endsWith('#'), spaced: part.endsWith('*'), bare: part.endsWith('=') }];
  });
}

function match(steps: readonly Step[], text: string, near: number | undefined): TemplateMatch | undefined {
  const found: TemplateMatch = { fields: {} };
  let at = 0;
  for (let index = 0; index < steps.length; index += 1) {
    const step = steps[index]!;
    let end: number | undefined;
    if (step.kind === 'literal') end = afterLiteral(text, at, step.text);
    else if (step.kind === 'time' || step.kind === 'stamp' || step.kind === 'klog') {
      const time = step.kind === 'klog' ? klogHead(text, at, near) : readTime(text, at, near);
      if (step.kind === 'stamp' && time?.filled !== 'year') return undefined;
      if (time !== undefined) found.at = Math.floor(time.ms);
      if (step.kind === 'klog') found.level = levelOf(text[at]) ?? 'unknown';
      end = time?.end;
    } else if (step.kind === 'field') end = readInto(found, [text, at], step, steps[index + 1]);
    else {
      end = step.kind === 'mark' ? at + 1 : afterWord(text, at);
      const level = step.kind === 'mark' ? marks[text[at] ?? ''] : levelOf(text.slice(at, end));
      if (level === undefined) return undefined;
      found.level = level;
    }
    if (end === undefined) return undefined;
    at = end;
  }
  return found;
}

function readInto(
  { fields }: TemplateMatch,
  [text, at]: readonly [string, number],
  step: FieldStep,
  next: Step | undefined,
): number | undefined {
  const end = next?.kind === 'literal' ? fieldEnd(text, at, step.spaced, next.text) : text.length;
  if (end === undefined || (end === at && !step.spaced)) return undefined;
  const value = text.slice(at, Math.min(end, at + 64_000));
  if (step.digits && !isAll(value, isDigit)) return undefined;
  if (step.bare && !isAll(value, isNameCode)) return undefined;
  if (!step.spaced && value.includes(' ')) return undefined;
  if (step.name !== '_') fields[step.name] = value;
  return end;
}

/** Where a field ends: before the first place at which the literal after it stands. */
function fieldEnd(text: string, from: number, spaced: boolean, literal: string): number | undefined {
  const most = Math.min(text.length, from + (spaced ? longField : shortField));
  const isQuoted = literal.startsWith('"') && text[from - 1] === '"';
  for (let at = from; at < most; at += 1) {
    if (isQuoted && text[at] === '\\') at += 1;
    else if (text[at] === literal[0] && afterLiteral(text, at, literal) !== undefined) return at;
    else if (!spaced && text[at] === ' ') return undefined;
  }
  return undefined;
}

function afterLiteral(text: string, from: number, literal: string): number | undefined {
  let at = from;
  for (const char of literal) {
    if (text[at] !== char) return undefined;
    at += 1;
    if (char === ' ') while (text[at] === ' ') at += 1;
  }
  return at;
}

function afterWord(text: string, from: number): number {
  let at = from;
  while (at < from + 16 && isWordCode(text.charCodeAt(at))) at += 1;
  return at;
}

/** `E0301 10:00:01.123456`. */
function klogHead(text: string, at: number, near: number | undefined): ReadTime | undefined {
  if (!'IWEF'.includes(text[at] ?? ' ') || !isAll(text.slice(at + 1, at + 5), isDigit) || text[at + 5] !== ' ')
    return undefined;
  const month = monthNames[Number(text.slice(at + 1, at + 3)) - 1];
  if (month === undefined) return undefined;
  const head = `${month} ${text.slice(at + 3, at + 5)}`;
  const time = readTime(head + text.slice(at + 5, at + 24), 0, near ?? 0);
  return time === undefined ? undefined : { ...time, end: at + 5 + time.end - head.length };
}

function isAll(text: string, holds: (code: number) => boolean): boolean {
  for (let at = 0; at < text.length; at += 1) if (!holds(text.charCodeAt(at))) return false;
  return text !== '';
}

function isWordCode(code: number): boolean {
  return isDigit(code) || ((code | 32) >= 97 && (code | 32) <= 122);
}

/** Letters, digits, `_ - . / @ :`. */
function isNameCode(code: number): boolean {
  return isWordCode(code) || code === 95 || (code >= 45 && code <= 47) || code === 64 || code === 36;
}
