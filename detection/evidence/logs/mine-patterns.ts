import type { EntityId } from '../../../domain/entity.ts';
import { entityKindOf, entityNameOf } from '../../../domain/entity.ts';
import type { Finding } from '../../../domain/finding.ts';
import type { LogLevel, LogRecord } from '../../../domain/signal.ts';
import { isoOf, msOf } from '../../../infra/runtime/clock.ts';
import type { Windows } from '../signals/detect-anomalies.ts';
import { memberOf } from '../../../infra/runtime/member-of.ts';
import { makeFinding } from '../signals/make-finding.ts';
import { coveredTime } from '../propagation/covered-time.ts';
import { peerFromName, peerOf, resolverOf } from '../signals/peer-of.ts';
import { clamp } from '../signals/robust-statistics.ts';
import { eventPairs } from './event-pairs.ts';
import { hintOfLine, type LineHint } from './hint-of-line.ts';
import type { LineHeader } from './line-header.ts';
import { learnHeader } from './line-header.ts';
import { peerAddressIn } from './peer-address.ts';
import { mineSequences } from './mine-sequences.ts';
import type { LogTemplate } from './template-groups.ts';
import { createTemplateMiner } from './template-miner.ts';
import { templateId, templateText } from './template-text.ts';

interface Pattern {
  entity: EntityId;
  level: LogLevel;
  template: LogTemplate;
  sample: string;
  fields: string;
  /** The first line of it. */
  record: LogRecord;
  peer?: EntityId;
  before: number;
  after: number;
  firstAfter: number;
  /** The newest line, and the longest pause between two, in milliseconds. */
  lastAfter: number;
  longestPause: number;
}

const levelWeight: Readonly<Record<LogLevel, number>> = {
  fatal: 1,
  error: 0.85,
  warn: 0.6,
  unknown: 0.35,
  info: 0.25,
  debug: 0.15,
  trace: 0.1,
};

/**
 * Log patterns that are new in the observed window or come more than three times as often as in the baseline (and surely more, by Poisson
 * counts), with level, entity, first sight, and a quoted sample (tainted). Routine levels are told only when they surge strongly. Log clocks
 * may be off; the onset is what the log says. Headers that a source left on its lines are left out of the grouping.
 */
export function minePatterns(logs: readonly LogRecord[], windows: Windows): Finding[] {
  const [baseFrom, baseTo] = [msOf(windows.baseline.from), msOf(windows.baseline.to)];
  const [from, to] = [msOf(windows.observed.from), msOf(windows.observed.to)];
  const known = resolverOf(logs.map(({ entity }) => entity));
  const miner = createTemplateMiner();
  const headers = headersOf(logs);
  const lines = logs.flatMap((record) => {
    const at = msOf(record.at);
    const observed = at >= from && at < to;
    if (!observed && !(at >= baseFrom && at < baseTo)) return [];
    const text = textOf(record);
    const fields = stringFields(record);
    const entity = subjectOfFields(fields, known) ?? record.entity;
    const message = headers.get(record.entity)?.messageAt(record.message) ?? 0;
    return [{ record, at, observed, text, fields, entity, template: miner.add(text, message) }];
  });
  miner.settle();
  for (const line of lines) line.template = miner.resolve(line.template);
  const patterns = new Map<string, Pattern>();
  for (const { record, at, observed, text, fields, entity, template } of lines) {
    const peer = peerOf(fields, known) ?? peerInText(record, text, known);
    const key = `${entity}|${record.level}|${templateId(template)}|${peer ?? ''}`;
    let pattern = patterns.get(key);
    if (pattern === undefined) {
      patterns.set(
        key,
        (pattern = {
          entity,
          level: record.level,
          template,
          sample: text,
          fields: contextOf(fields),
          record,
          before: 0,
          after: 0,
          firstAfter: Number.POSITIVE_INFINITY,
          lastAfter: Number.NEGATIVE_INFINITY,
          longestPause: 0,
        }),
      );
      if (peer !== undefined && peer !== entity) pattern.peer = peer;
    }
    if (observed) {
      pattern.after += 1;
      if (pattern.after > 1) pattern.longestPause = Math.max(pattern.longestPause, at - pattern.lastAfter);
      pattern.lastAfter = Math.max(pattern.lastAfter, at);
      if (at < pattern.firstAfter) {
        pattern.firstAfter = at;
        pattern.sample = text;
        pattern.fields = contextOf(fields);
        pattern.record = record;
      }
    } else pattern.before += 1;
  }
  const times = logs.map(({ at }) => msOf(at));
  const newest = times.reduce((latest, at) => (at < to ? Math.max(latest, at) : latest), from);
  const span = Math.max(1, to - from) / coveredTime(times, [baseFrom, baseTo]);
  const findings = [
    ...[...patterns.values()].flatMap((pattern) => findingOf(pattern, span, newest)),
    ...mineSequences(lines, windows),
    ...eventPairs(lines, windows),
  ];
  return findings.sort((left, right) => right.severity - left.severity || (left.id < right.id ? -1 : 1)).slice(0, 120);
}

/** How the raw lines of each writer begin, where they carry a header that its source left on. */
function headersOf(logs: readonly LogRecord[]): Map<EntityId, LineHeader> {
  const byEntity = Map.groupBy(logs, ({ entity }) => entity);
  return new Map(
    [...byEntity].map(([entity, records]) => [entity, learnHeader(records.map(({ message }) => message))]),
  );
}

/** Calm for so long at least, and three times the longest pause before, before a pattern is called over. */
const leastCalmMs = 30_000;

function endOf({ after, lastAfter, longestPause }: Pattern, newest: number): Pick<Finding, 'until'> {
  const isOver = after >= 3 && newest - lastAfter > Math.max(leastCalmMs, 3 * longestPause);
  return isOver ? { until: isoOf(lastAfter) } : {};
}

function findingOf(pattern: Pattern, span: number, newest: number): Finding[] {
  const expected = pattern.before * span;
  const weight = levelWeight[pattern.level];
  const surprise = (pattern.after - expected) / Math.sqrt(Math.max(1, expected));
  const ratio = pattern.after / Math.max(0.5, expected);
  const isNew = pattern.before === 0;
  if (pattern.after < (weight >= 0.6 ? 1 : 5) || (!isNew && (ratio < 3 || surprise < 4))) return [];
  const said = hintOf(pattern, weight);
  // What a client does wrong is nothing against the server that tells of it.
  const hint = said?.of === 'client' ? undefined : said;
  if (weight < 0.6 && hint === undefined && surprise < 12) return [];
  return [
    makeFinding({
      kind: 'log-pattern',
      entity: pattern.entity,
      ...(pattern.peer === undefined ? {} : { peer: pattern.peer }),
      signal: { type: 'log', role: 'logs', name: pattern.level },
      statement: `${isNew ? 'a new' : 'a surging'} ${pattern.level} log pattern at ${entityNameOf(pattern.entity)}, ${pattern.after} times`,
      excerpt: pattern.sample.slice(0, 300),
      direction: isNew ? 'new' : 'up',
      onset: isoOf(pattern.firstAfter),
      ...endOf(pattern, newest),
      effect: { baseline: expected, observed: pattern.after, size: surprise, ratio },
      severity: weight * (0.35 + 0.45 * clamp(Math.log2(1 + pattern.after) / 7, 0, 1) + (hint === undefined ? 0 : 0.2)),
      ...(hint === undefined ? {} : { faultKind: hint.faultKind }),
      data: dataOf(pattern, said),
    }),
  ];
}

function dataOf(pattern: Pattern, hint: LineHint | undefined): NonNullable<Finding['data']> {
  const about = hint?.of === 'peer' ? pattern.peer : undefined;
  return {
    level: pattern.level,
    template: templateText(pattern.template).slice(0, 200),
    count: pattern.after,
    before: pattern.before,
    ...(pattern.fields === '' ? {} : { fields: pattern.fields }),
    ...(about === undefined ? {} : { about }),
    hintOf: hint?.of ?? 'none',
  };
}

/** What the line hints at; a complaint about a party outside is about the provider, whatever its words are. */
function hintOf({ record, sample, peer }: Pattern, weight: number): LineHint | undefined {
  const outside = peer !== undefined && entityKindOf(peer) === 'external' && weight >= 0.6;
  const hint = hintOfLine({ ...record, message: sample });
  return hint ?? (outside ? { faultKind: 'provider-outage', of: 'peer' } : undefined);
}

/** Whom a complaint names by address, where its fields name nobody. */
function peerInText(
  { level }: LogRecord,
  text: string,
  known: (name: string) => EntityId | undefined,
): EntityId | undefined {
  const address = levelWeight[level] >= 0.35 ? peerAddressIn(text) : undefined;
  return address === undefined ? undefined : peerFromName(address, 'service', known);
}

/** What the fields of a line say of the failure: stacks, errors, queries, reasons; at most 400 characters. Written by others. */
function contextOf(fields: Readonly<Record<string, string>>): string {
  return Object.entries(fields)
    .filter(([key]) => /stack|error|exception|reason|cause|query|statement|operation|function|field|code/i.test(key))
    .map(([, value]) => value)
    .join(' ')
    .slice(0, 400);
}

/** Whom a line of a supervisor or node agent speaks of, where it names a process that is known. */
function subjectOfFields(
  fields: Readonly<Record<string, string>>,
  known: (name: string) => EntityId | undefined,
): EntityId | undefined {
  for (const name of ['process', 'container', 'pod', 'unit', 'workload', 'deployment']) {
    const found = fields[name] === undefined ? undefined : known(fields[name]);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The line's text with the error that its fields carry, for grouping and quoting. */
function textOf(record: LogRecord): string {
  const error = record.fields?.['err'] ?? record.fields?.['error'] ?? record.fields?.['exception'];
  if (error === undefined || error === null) return record.message;
  if (typeof error === 'string') return `${record.message} ${error}`;
  if (typeof error !== 'object') return record.message;
  const parts = ['type', 'name', 'code', 'message']
    .map((key) => memberOf(error, key))
    .filter((part): part is string => typeof part === 'string');
  return `${record.message} ${parts.join(': ')}`;
}

function stringFields(record: LogRecord): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const [key, value] of Object.entries(record.fields ?? {}))
    if (typeof value === 'string' && value.length < 600) fields[key] = value;
  return fields;
}
