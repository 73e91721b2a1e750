import { z } from 'zod';
import type { Facet, KnownType, LimitPartner, MetricKnowledge, MetricOwner } from './metric-knowledge.ts';
import { facets } from './metric-knowledge.ts';
import { goodOf } from './good-direction.ts';

const types: Readonly<Record<string, KnownType>> = {
  c: 'counter',
  g: 'gauge',
  h: 'histogram',
  s: 'summary',
  i: 'info',
};
const facetWord = z.enum(facets);

/**
 * Reads one row: `names type unit facet subject words [options]`. Names are split by commas and may hold `{a,b}` alternatives and `*`; the type is
 * c, g, h, s or i; unit `-` is none. Options: `/limit` use against a limit, `//total` what is left of a total, `+rest` use and what is left, `/now` a moment against
 * the clock, `@kind(labels)`, `good=up|down`, `role=…`, `states=0:off,1:on`, `split=label:value=facet,…`. In `/…` a `~` stands for the row's own
 * name: `~_used~_max` replaces the first part by the second.
 */
export function readRow(line: string, defaults: { technology: string; owner: string }): MetricKnowledge[] {
  const [names = '', type = '', unit = '', facet = '', ...rest] = line.split(/\s+/);
  const known = types[type];
  if (known === undefined) throw new Error(`No type ${JSON.stringify(type)} in the row ${JSON.stringify(line)}.`);
  const options = rest.filter((word) => /^[/+@]|^\w+=/.test(word));
  const subject = rest.filter((word) => !options.includes(word)).join(' ');
  return expand(names).map((metric) => {
    const row: MetricKnowledge = {
      metric,
      technology: defaults.technology,
      type: known,
      facet: facetWord.parse(facet),
      subject,
      owner: ownerOf(defaults.owner),
      source: 'table',
    };
    if (unit !== '-') row.unit = unit;
    for (const option of options) apply(row, option);
    const good = row.good ?? goodOf(row.facet, subject);
    if (good !== undefined) row.good = good;
    return row;
  });
}

function apply(row: MetricKnowledge, option: string): void {
  if (option.startsWith('@')) row.owner = ownerOf(option);
  else if (option === '/now') row.limit = { metric: 'now', how: 'now' };
  else if (option.startsWith('//')) row.limit = partnerOf(row.metric, option.slice(2), 'total');
  else if (option.startsWith('/')) row.limit = partnerOf(row.metric, option.slice(1), 'limit');
  else if (option.startsWith('+')) row.limit = partnerOf(row.metric, option.slice(1), 'rest');
  else setNamed(row, option);
}

function setNamed(row: MetricKnowledge, option: string): void {
  const at = option.indexOf('=');
  const [key, value] = [option.slice(0, at), option.slice(at + 1)];
  if (key === 'good') row.good = z.enum(['up', 'down']).parse(value);
  else if (key === 'role') row.role = value;
  else if (key === 'states') row.states = pairsOf(value, ':');
  else if (key === 'split') {
    const [label = '', ...parts] = value.split(':');
    const named = Object.entries(pairsOf(parts.join(':'), '='));
    row.split = {
      label,
      facets: Object.fromEntries(named.map(([name, one]): [string, Facet] => [name, facetWord.parse(one)])),
    };
  } else throw new Error(`No option ${JSON.stringify(option)} is known.`);
}

function partnerOf(metric: string, written: string, how: LimitPartner['how']): LimitPartner {
  if (!written.startsWith('~')) return { metric: written, how };
  const [, from = '', to = ''] = written.split('~');
  return { metric: metric.replace(from, to), how };
}

function pairsOf(text: string, sign: string): Record<string, string> {
  return Object.fromEntries(text.split(',').map((pair) => [pair.split(sign)[0] ?? '', pair.split(sign)[1] ?? '']));
}

function ownerOf(text: string): MetricOwner {
  const match = /^@([\w-]+)(?:\(([\w,.]*)\))?$/.exec(text);
  if (match === null) throw new Error(`No owner ${JSON.stringify(text)}.`);
  return { kind: match[1] ?? '', labels: (match[2] ?? '').split(',').filter((label) => label !== '') };
}

/** Names with `{a,b}` written out. */
function expand(names: string): string[] {
  return splitOutside(names).flatMap(alternatives);
}

function alternatives(name: string): string[] {
  const open = name.indexOf('{');
  const close = name.indexOf('}', open);
  if (open < 0 || close < 0) return [name];
  const [before, after] = [name.slice(0, open), name.slice(close + 1)];
  return name
    .slice(open + 1, close)
    .split(',')
    .flatMap((one) => alternatives(`${before}${one}${after}`));
}

/** Splits at the commas that stand outside braces. */
function splitOutside(names: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let index = 0; index < names.length; index += 1) {
    if (names[index] === '{') depth += 1;
    else if (names[index] === '}') depth -= 1;
    else if (names[index] === ',' && depth === 0) {
      parts.push(names.slice(start, index));
      start = index + 1;
    }
  }
  return [...parts, names.slice(start)];
}
