import { isDigit } from '../characters.ts';
import { durationAt, durationOf } from './duration-of.ts';

/** What a line says of one piece of work: a request that was served or passed on, a statement, a step. Absent where it says nothing. */
export interface LineFacts {
  method?: string;
  /** Without its query. */
  path?: string;
  /** The status of the answer, 100 to 599. */
  status?: number;
  durationMs?: number;
  /** Who was asked in turn: `host:port`, or the name of a backend. */
  upstream?: string;
  upstreamStatus?: number;
  upstreamMs?: number;
  /** Why a proxy got no answer, in its own letters (Envoy's response flags, HAProxy's termination state). */
  ending?: string;
  statement?: string;
  sqlState?: string;
}

/** Names of members, with dots and underscores left out and without case, by what they hold. */
const named: Readonly<Record<string, readonly string[]>> = {
  method: ['method', 'requestmethod', 'httpmethod', 'httprequestmethod', 'reqmethod', 'verb'],
  path: [
    'path',
    'uri',
    'url',
    'requesturi',
    'requestpath',
    'urlpath',
    'httptarget',
    'httproute',
    'requrl',
    'requesturl',
  ],
  status: [
    'status',
    'statuscode',
    'responsecode',
    'httpstatus',
    'httpstatuscode',
    'httpresponsestatuscode',
    'resstatuscode',
    'responsestatus',
  ],
  upstream: [
    'upstream',
    'upstreamaddr',
    'upstreamhost',
    'upstreamcluster',
    'serveraddress',
    'backend',
    'backendurl',
    'serviceaddr',
    'serviceurl',
  ],
  upstreamStatus: ['upstreamstatus', 'originstatus', 'us'],
  ending: ['responseflags', 'termination', 'terminationstate'],
  statement: ['statement', 'query', 'sql', 'dbstatement', 'dbquerytext'],
  sqlState: ['sqlstate', 'statecode', 'sqlstatecode'],
};
/** Names of durations with the milliseconds of one of what they count; 0 where only the value tells. */
const durations: Readonly<Record<string, number>> = {
  durationms: 1,
  durationmillis: 1,
  elapsedms: 1,
  latencyms: 1,
  responsetimems: 1,
  responsetime: 1,
  timems: 1,
  requesttime: 1_000,
  rt: 1_000,
  durationseconds: 1_000,
  querytime: 1_000,
  eventduration: 1e-6,
  duration: 0,
  elapsed: 0,
  latency: 0,
  took: 0,
  service: 0,
};
const upstreamDurations: Readonly<Record<string, number>> = {
  upstreamresponsetime: 1_000,
  urt: 1_000,
  uht: 1_000,
  upstreamms: 1,
  upstreamservicetime: 1,
  originduration: 1e-6,
};
const nameOfMember = new Map(
  Object.entries(named).flatMap(([fact, names]) => names.map((name) => [name, fact] as const)),
);
const mostMembers = 80;

/** Reads what the members of a line say; nested objects count two deep. Members are read by their usual names in access logs and loggers. */
export function lineFactsOf(fields: Readonly<Record<string, unknown>>): LineFacts {
  const flat = new Map<string, unknown>();
  flatten(fields, '', flat, 3);
  const texts = textsOf(flat);
  const method = texts.get('method');
  const path = texts.get('path');
  const facts: { [Fact in keyof LineFacts]: LineFacts[Fact] | undefined } = {
    method: method !== undefined && isMethod(method) ? method.toUpperCase() : undefined,
    path: path !== undefined && (path.startsWith('/') || path.includes('://')) ? pathOf(path) : undefined,
    status: statusOf(texts.get('status')),
    durationMs: durationIn(flat, durations),
    upstream: hostOf(texts.get('upstream')),
    upstreamStatus: statusOf(lastOf(texts.get('upstreamStatus'))),
    upstreamMs: durationIn(flat, upstreamDurations),
    ending: texts.get('ending')?.slice(0, 40),
    statement: texts.get('statement')?.slice(0, 2_000),
    sqlState: texts.get('sqlState')?.slice(0, 5),
  };
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
}

/** The members that name a fact, the first of each. */
function textsOf(flat: ReadonlyMap<string, unknown>): Map<string, string> {
  const texts = new Map<string, string>();
  for (const [name, value] of flat) {
    const fact = nameOfMember.get(name);
    if (fact === undefined || texts.has(fact) || (typeof value !== 'string' && typeof value !== 'number')) continue;
    if (value !== '' && value !== '-') texts.set(fact, String(value));
  }
  return texts;
}

function durationIn(flat: ReadonlyMap<string, unknown>, scales: Readonly<Record<string, number>>): number | undefined {
  for (const [name, value] of flat) {
    const scale = scales[name];
    const ms = scale === undefined ? undefined : millisecondsOf(value, scale, flat.has('responseflags'));
    if (ms !== undefined) return ms;
  }
  return undefined;
}

/** The parts of `GET /products/17?x=1 HTTP/1.1`. */
export function requestOf(text: string): Pick<LineFacts, 'method' | 'path'> {
  const from = text.startsWith('"') ? 1 : 0;
  const space = text.indexOf(' ', from);
  const method = text.slice(from, space);
  if (space < 0 || !isMethod(method)) return {};
  const end = text.indexOf(' ', space + 1);
  const path = text.slice(space + 1, end < 0 ? Math.min(text.length, space + 500) : Math.min(end, space + 500));
  return path.startsWith('/') || path.includes('://') ? { method, path: pathOf(path) } : { method };
}

/**
 * What follows the usual members of an access log: `name=value` pairs; else, by their look, decimals with three digits (seconds; the first is the
 * whole request, the next the upstream), `12ms`, the upstream's address, and its status after it. What could be anything is left out.
 */
export function tailFactsOf(tail: string): LineFacts {
  const pairs: Record<string, string> = {};
  const facts: LineFacts = {};
  let bareMs = 0;
  for (const word of wordsOf(tail)) {
    const equals = word.indexOf('=');
    if (equals > 0 && !word.includes('://')) {
      pairs[word.slice(0, equals)] = word.slice(equals + 1).replaceAll('"', '');
      continue;
    }
    const bare = word.replace(/^"|"$/g, '').replace(/,$/, '');
    const ms = isSeconds(bare) ? Math.round(Number(bare) * 1e6) / 1e3 : durationOf(bare);
    if (ms !== undefined) {
      bareMs += 1;
      if (bareMs === 1) facts.durationMs = ms;
      else facts.upstreamMs ??= ms;
    } else if (isAddress(bare)) {
      const host = hostOf(bare);
      if (host !== undefined) facts.upstream = host;
    } else if (facts.upstream !== undefined && bare.length === 3) {
      const status = statusOf(bare);
      if (status !== undefined) facts.upstreamStatus = status;
    }
  }
  return { ...facts, ...lineFactsOf(pairs) };
}

const aboutTime = new Set(['duration', 'took', 'elapsed', 'after']);

/** A duration that a message tells: `duration: 2301.4 ms`, `took 512ms`, `after 1000.1 ms`. Looks at the first 400 characters. */
export function durationInText(text: string): number | undefined {
  const start = text.slice(0, 400);
  for (let at = 0; at < start.length; at += 1) {
    if (!isDigit(start.charCodeAt(at)) || isPart(start.charCodeAt(at - 1))) continue;
    let end = at - 1;
    while (end >= 0 && (start[end] === ' ' || start[end] === ':' || start[end] === '=')) end -= 1;
    let from = end;
    while (from >= 0 && isLetter(start.charCodeAt(from))) from -= 1;
    if (!aboutTime.has(start.slice(from + 1, end + 1).toLowerCase())) continue;
    const read = durationAt(start, at);
    if (read !== undefined) return read.ms;
  }
  return undefined;
}

function isPart(code: number): boolean {
  return isLetter(code) || isDigit(code) || code === 46;
}

function isLetter(code: number): boolean {
  return (code | 32) >= 97 && (code | 32) <= 122;
}

function flatten(
  fields: Readonly<Record<string, unknown>>,
  prefix: string,
  into: Map<string, unknown>,
  depth: number,
): void {
  for (const [key, value] of Object.entries(fields)) {
    if (into.size >= mostMembers) return;
    const name = prefix + key.toLowerCase().replace(/[^a-z0-9]/g, '');
    if (value !== null && typeof value === 'object' && !Array.isArray(value) && depth > 1) {
      flatten({ ...value }, name, into, depth - 1);
      // `attr.durationMillis` is found by its own name as well.
      if (name === 'attr' || name === 'extra' || name === 'http') flatten({ ...value }, '', into, 1);
    } else if (!into.has(name)) into.set(name, value);
  }
}

function millisecondsOf(value: unknown, scale: number, isProxy: boolean): number | undefined {
  if (typeof value === 'string') {
    const told = durationOf(value);
    if (told !== undefined) return told;
    const number = Number(lastOf(value) ?? '');
    return scale === 0 || value === '' || !Number.isFinite(number) ? undefined : round(number * scale);
  }
  if (typeof value !== 'number' || value < 0) return undefined;
  if (scale > 0) return round(value * scale);
  if (isProxy) return value;
  // A number without a unit: parts of a second as seconds, whole ones as milliseconds, huge ones as nanoseconds; the rest may be either.
  if (!Number.isInteger(value)) return value < 1 ? round(value * 1_000) : undefined;
  return value > 1e6 ? value / 1e6 : value;
}

/** The last of several values: nginx lists one for each upstream that was tried. */
function lastOf(text: string | undefined): string | undefined {
  return text?.split(/[,:] /).at(-1)?.trim();
}

function round(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}

function statusOf(text: string | undefined): number | undefined {
  if (text?.length !== 3) return undefined;
  const status = Number(text);
  return Number.isInteger(status) && status >= 100 && status <= 599 ? status : undefined;
}

function isMethod(text: string): boolean {
  return /^[A-Za-z]{3,10}$/.test(text);
}

function pathOf(text: string): string {
  const from = text.includes('://') ? Math.max(0, text.indexOf('/', text.indexOf('://') + 3)) : 0;
  const end = text.slice(from).search(/[?#;]/);
  return text.slice(from, end < 0 ? from + 300 : from + Math.min(end, 300)) || '/';
}

/** `host:port` or a name, of an address, a URL, or a list of which the last counts. */
export function hostOf(text: string | undefined): string | undefined {
  const one = lastOf(text)?.replace(/^[a-z][a-z0-9+.-]*:\/\//i, '');
  const host = one?.split(/[/?\s"]/, 1)[0];
  return host === undefined || host === '' || host === '-' || host.length > 255 ? undefined : host;
}

function isSeconds(text: string): boolean {
  const dot = text.indexOf('.');
  return dot > 0 && text.length - dot === 4 && /^\d+\.\d{3}$/.test(text);
}

function isAddress(text: string): boolean {
  return /^(?:https?:\/\/)?[\w.-]{1,200}:\d{2,5}(?:\/.*)?$/.test(text) || /^https?:\/\/[\w.-]{1,200}/.test(text);
}

function wordsOf(text: string): string[] {
  return text
    .slice(0, 1_000)
    .split(/\s+/, 40)
    .filter((word) => word !== '' && word !== '-' && word !== '"-"');
}
