import type { KnownType } from './metric-knowledge.ts';

/** What a HELP text says of type and unit. */
export interface HelpFacts {
  type?: KnownType;
  unit?: string;
}

const units: readonly (readonly [RegExp, string])[] = [
  [/\b(unix ?time|unix timestamp|timestamp|since (the )?epoch|since 1970)\b/, 'timestamp'],
  [/\bmilliseconds?\b|\(ms\)/, 'milliseconds'],
  [/\bmicroseconds?\b/, 'microseconds'],
  [/\bnanoseconds?\b/, 'nanoseconds'],
  [/\bseconds?\b/, 'seconds'],
  [/\bpercent(age)?\b|\(%\)/, 'percent'],
  [/\b(in|of|number of|size in) bytes\b|\bbytes\b/, 'bytes'],
  [/\b(whether|boolean)\b|\b1 (if|for|=)|\b1 when\b/, 'bool'],
];

/** Reads a HELP text: the first 500 characters count. Linear. */
export function factsOfHelp(help: string): HelpFacts {
  const text = help.slice(0, 500).toLowerCase();
  const facts: HelpFacts = {};
  const unit = units.find(([pattern]) => pattern.test(text))?.[1];
  if (unit !== undefined) facts.unit = unit;
  if (
    /^(the )?(total|cumulative)( number| count| amount| time)?\b|\bsince (start|startup|boot|the (server|process) (was )?started)\b/.test(
      text,
    )
  )
    facts.type = 'counter';
  else if (/\b(current|currently|at the moment|maximum|limit|whether)\b/.test(text)) facts.type = 'gauge';
  return facts;
}
