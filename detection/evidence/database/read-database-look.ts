import { median } from '../signals/robust-statistics.ts';
import type { DatabaseLook, DatabaseStatement, LockWait } from './database-look.ts';

/** What keeps a database's sessions from their answers. */
export type DatabaseCause = 'lock' | 'io' | 'cpu' | 'network' | 'none';

/** The cause that a look shows, the statement behind it where one is, and why, in words. */
export interface DatabaseReading {
  cause: DatabaseCause;
  statement?: Pick<DatabaseStatement, 'session' | 'text' | 'digest'>;
  /** How many sessions wait for it, where it is a lock. */
  blocked?: number;
  reason: string;
}

/** A cause holds more than this share of the time that is being spent. */
const mostOf = 0.5;
/** Waits for a lock are news from here on; a busy row is waited for some milliseconds all day. */
const longWaitMs = 100;
/** A statement that runs so long is no part of a busy load of short ones. */
const longStatementMs = 1_000;
/** Between two statements of a transaction a client near by takes a millisecond or two. */
const longPauseMs = 10;
/** Fewer sessions at work than this are no queue for processors. */
const fewestBusy = 4;

/**
 * Reads one look without any before, by mechanism and in this order. Lock: most of the time of running statements is waiting for others;
 * the statement is that of who blocks most and waits for nobody, be it idle in its transaction. A heavy statement: most of the time
 * is spent by statements that run for a second or more; their waits tell whether on files and tables (io), on whoever reads the answer
 * (network), or on none (cpu). Network: sessions spend most of their transactions between short statements, and long. Io: most sessions wait
 * for files, or for the log at commit. Cpu: most sessions are within a statement and wait for nothing that is told. Else none. The limits
 * are round numbers of practice, fitted on nothing. Pure; cost linear but for sorting.
 */
export function readDatabaseLook(look: DatabaseLook): DatabaseReading {
  const running = look.statements.filter(({ isRunning }) => isRunning);
  const busyMs = timeOf(running);
  return (
    lockReading(look, running, busyMs) ??
    heavyReading(look, running, busyMs) ??
    pauseReading(look.statements) ??
    loadReading(look, running)
  );
}

function timeOf(statements: readonly DatabaseStatement[]): number {
  return statements.reduce((total, { elapsedMs }) => total + elapsedMs, 0);
}

function lockReading(
  { statements, locks }: DatabaseLook,
  running: readonly DatabaseStatement[],
  busyMs: number,
): DatabaseReading | undefined {
  const waiters = new Set(locks.map(({ waiter }) => waiter));
  const waiting = running.filter(({ session }) => waiters.has(session));
  const longest = Math.max(0, ...waiting.map(({ elapsedMs }) => elapsedMs));
  if (timeOf(waiting) <= mostOf * busyMs || longest < longWaitMs) return undefined;
  const [blocker] = rootsOf(locks);
  const share = Math.round((100 * timeOf(waiting)) / busyMs);
  const reason = `${waiting.length} statements wait for locks, the longest for ${Math.round(longest)} ms; that is ${share} % of the time being spent`;
  if (blocker === undefined) return { cause: 'lock', reason };
  const statement = culpritOf(statements, blocker.session);
  return { cause: 'lock', ...(statement === undefined ? {} : { statement }), blocked: blocker.blocked, reason };
}

/** Sessions that block others, those that wait for nobody first, then by how many wait for them directly or through others. */
function rootsOf(locks: readonly LockWait[]): { session: string; blocked: number }[] {
  const behind = new Map<string, Set<string>>();
  for (const { waiter, blocker } of locks)
    if (waiter !== blocker) behind.set(blocker, (behind.get(blocker) ?? new Set()).add(waiter));
  const waiters = new Set(locks.map(({ waiter }) => waiter));
  const blockedBy = (session: string): number => {
    const reached = new Set([session]);
    const open = [session];
    for (let at = open.pop(); at !== undefined; at = open.pop())
      for (const waiter of behind.get(at) ?? [])
        if (!reached.has(waiter)) {
          reached.add(waiter);
          open.push(waiter);
        }
    return reached.size - 1;
  };
  return [...behind.keys()]
    .map((session) => ({ session, blocked: blockedBy(session), waits: waiters.has(session) }))
    .sort(
      (left, right) =>
        Number(left.waits) - Number(right.waits) ||
        right.blocked - left.blocked ||
        (left.session < right.session ? -1 : 1),
    );
}

/** The statement by which a session holds its locks: of its open transaction the one that took longest of those that take locks, else its last. */
function culpritOf(
  statements: readonly DatabaseStatement[],
  session: string,
): DatabaseReading['statement'] | undefined {
  const own = statements
    .filter((one) => one.session === session)
    .toSorted((left, right) => left.startMs - right.startMs);
  const open = own.filter(({ inOpenTransaction, takesLocks }) => inOpenTransaction && takesLocks);
  const [holding] = open.toSorted((left, right) => right.elapsedMs - left.elapsedMs);
  return partsOf(holding ?? own.findLast(({ takesLocks }) => takesLocks) ?? own.at(-1));
}

function partsOf(one: DatabaseStatement | undefined): DatabaseReading['statement'] | undefined {
  return one === undefined ? undefined : { session: one.session, text: one.text, digest: one.digest };
}

function heavyReading(
  { waits, tellsWaits }: DatabaseLook,
  running: readonly DatabaseStatement[],
  busyMs: number,
): DatabaseReading | undefined {
  const heavy = running.filter(({ elapsedMs }) => elapsedMs >= longStatementMs);
  if (timeOf(heavy) <= mostOf * busyMs || heavy.length === 0) return undefined;
  const byDigest = new Map<string, DatabaseStatement[]>();
  for (const one of heavy) byDigest.set(one.digest, [...(byDigest.get(one.digest) ?? []), one]);
  const [worst = []] = [...byDigest.values()].sort((left, right) => timeOf(right) - timeOf(left));
  const [longest] = worst.toSorted((left, right) => right.elapsedMs - left.elapsedMs);
  const sessions = new Set(worst.map(({ session }) => session));
  const kinds = waits.filter(({ session }) => sessions.has(session)).map(({ kind }) => kind);
  const sending = worst.filter(({ phase }) => phase === 'client').length;
  const cause: DatabaseCause =
    sending > mostOf * worst.length || kinds.filter((kind) => kind === 'socket').length > mostOf * worst.length
      ? 'network'
      : !tellsWaits || kinds.some((kind) => kind === 'file' || kind === 'table')
        ? 'io'
        : 'cpu';
  const statement = partsOf(longest);
  const share = Math.round((100 * timeOf(heavy)) / busyMs);
  return {
    cause,
    ...(statement === undefined ? {} : { statement }),
    reason: `${heavy.length} statements run for ${Math.round((longest?.elapsedMs ?? 0) / 100) / 10} s and hold ${share} % of the time being spent`,
  };
}

/** How long sessions were between the statements of their open transactions. */
function pauseReading(statements: readonly DatabaseStatement[]): DatabaseReading | undefined {
  const bySession = new Map<string, DatabaseStatement[]>();
  for (const one of statements) bySession.set(one.session, [...(bySession.get(one.session) ?? []), one]);
  const pauses: number[] = [];
  let workMs = 0;
  for (const own of bySession.values()) {
    const inOrder = own
      .filter(({ inOpenTransaction }) => inOpenTransaction)
      .sort((left, right) => left.startMs - right.startMs);
    for (const [index, one] of inOrder.entries()) {
      workMs += one.elapsedMs;
      const next = inOrder[index + 1];
      if (next !== undefined && !one.isRunning) pauses.push(Math.max(0, next.startMs - one.startMs - one.elapsedMs));
    }
  }
  const pausedMs = pauses.reduce((total, ms) => total + ms, 0);
  const usual = median(pauses);
  if (!(usual >= longPauseMs) || pausedMs <= mostOf * (pausedMs + workMs)) return undefined;
  return {
    cause: 'network',
    reason: `sessions spend ${Math.round((100 * pausedMs) / (pausedMs + workMs))} % of their transactions between statements, ${Math.round(usual)} ms each time`,
  };
}

function loadReading({ statements, waits }: DatabaseLook, running: readonly DatabaseStatement[]): DatabaseReading {
  const sessions = new Set(statements.map(({ session }) => session)).size;
  const busy = new Set(running.map(({ session }) => session));
  const onFiles = new Set([
    ...waits.flatMap(({ session, kind }) => (kind === 'file' ? [session] : [])),
    ...running.flatMap(({ session, phase }) => (phase === 'commit' ? [session] : [])),
  ]);
  const about = `${busy.size} of ${sessions} sessions are within a statement`;
  if (busy.size < fewestBusy || busy.size <= mostOf * sessions)
    return { cause: 'none', reason: `${about}; nobody waits long for anything` };
  const stuck = [...busy].filter((session) => onFiles.has(session)).length;
  if (stuck > mostOf * busy.size)
    return { cause: 'io', reason: `${about}, ${stuck} of them waiting for files or the log` };
  return { cause: 'cpu', reason: `${about} and wait for no lock, file or client: they compete for processors` };
}
