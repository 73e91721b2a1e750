import type { Resource } from '../../../../domain/signal.ts';
import { isoOf } from '../../../../infra/runtime/clock.ts';
import type { KubectlContext } from './kubectl-context.ts';
import { kindOfWord } from './kubectl-context.ts';
import { sightsOf } from './parse-age.ts';

/** One event before it is an object. */
interface Row {
  type: string;
  reason: string;
  age: string;
  message: string;
  about: { kind: string; name: string };
}

const listed = /^(\S+(?: \(x\d+ over \S+\))?)\s{2,}(Normal|Warning)\s+(\S+)\s+([a-z.]+)\/(\S+)\s+(.*)$/;
const described = /^\s+(Normal|Warning)\s+(\S+)\s+(\S+(?: \(x\d+ over \S+\))?)\s+(\S+(?:, \S+)?)\s{2,}(.*)$/;

/** The rows of `kubectl get events`, with or without a header. */
export function parseEventTable(text: string, context: KubectlContext): Resource[] {
  return text.split('\n').flatMap((line) => {
    const match = listed.exec(line.trim());
    if (match === null) return [];
    const [, age = '', type = '', reason = '', word = '', name = '', message = ''] = match;
    return [eventOf({ type, reason, age, message: message.trim(), about: { kind: kindOfWord(word), name } }, context)];
  });
}

/** The events that `kubectl describe` prints under an object. */
export function parseDescribedEvents(
  lines: readonly string[],
  about: { kind: string; name: string },
  context: KubectlContext,
): Resource[] {
  return lines.flatMap((line) => {
    const match = described.exec(line);
    if (match === null) return [];
    const [, type = '', reason = '', age = '', , message = ''] = match;
    return [eventOf({ type, reason, age, message: message.trim(), about }, context)];
  });
}

function eventOf(row: Row, { namespace, printedAt }: KubectlContext): Resource {
  const { last, first, count } = sightsOf(row.age);
  const at = (ago: number | undefined): string | undefined =>
    printedAt === undefined || ago === undefined ? undefined : isoOf(printedAt - ago * 1_000);
  const lastTimestamp = at(last);
  const firstTimestamp = at(first);
  const { type, reason, message, about } = row;
  return {
    kind: 'Event',
    name: `${about.name}.${reason}`,
    ...(namespace === undefined ? {} : { namespace }),
    object: {
      type,
      reason,
      message,
      count,
      involvedObject: { ...about, ...(namespace === undefined ? {} : { namespace }) },
      ...(lastTimestamp === undefined ? {} : { lastTimestamp }),
      ...(firstTimestamp === undefined ? {} : { firstTimestamp }),
    },
  };
}
