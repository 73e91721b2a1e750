import { describe, expect, it } from 'vitest';
import type { DatabaseLook, DatabaseStatement } from './database-look.ts';
import { readDatabaseLook } from './read-database-look.ts';

const statement = (session: string, text: string, more: Partial<DatabaseStatement> = {}): DatabaseStatement => ({
  session,
  text,
  digest: text,
  startMs: 0,
  elapsedMs: 1,
  isRunning: false,
  takesLocks: /^(update|delete|insert)/i.test(text),
  inOpenTransaction: true,
  ...more,
});
const running = (session: string, text: string, elapsedMs: number): DatabaseStatement =>
  statement(session, text, { elapsedMs, isRunning: true });
const look = (more: Partial<DatabaseLook>): DatabaseLook => ({
  statements: [],
  waits: [],
  locks: [],
  tellsWaits: true,
  ...more,
});
const ten = Array.from({ length: 10 }, (_, index) => `s${index}`);

describe('readDatabaseLook', () => {
  it('finds who holds the lock, idle in its transaction, behind a chain of waiters', () => {
    const reading = readDatabaseLook(
      look({
        statements: [
          statement('root', 'BEGIN'),
          statement('root', 'update stock set n = 0', { startMs: 2, elapsedMs: 90 }),
          statement('root', 'select 1', { startMs: 100 }),
          running('a', 'update stock set n = 1 where id = 7', 5_000),
          running('b', 'update price set n = 1', 4_000),
          running('c', 'select 2', 3),
        ],
        locks: [
          { waiter: 'b', blocker: 'a' },
          { waiter: 'a', blocker: 'root' },
        ],
      }),
    );
    expect(reading).toMatchObject({ cause: 'lock', blocked: 2, statement: { text: 'update stock set n = 0' } });
  });

  it('takes short waits for a busy row for no lock trouble', () => {
    const statements = [running('a', 'update x', 20), running('b', 'update x', 15), statement('c', 'select 1')];
    expect(readDatabaseLook(look({ statements, locks: [{ waiter: 'b', blocker: 'a' }] })).cause).toBe('none');
  });

  it('tells a heavy statement that reads from one that computes and one that nobody takes from it', () => {
    const statements = ['h1', 'h2'].map((session) => running(session, 'select * from big order by n', 9_000));
    const waits = (kind: 'table' | 'socket') => ['h1', 'h2'].map((session) => ({ session, kind }));
    const read = (more: Partial<DatabaseLook>) => readDatabaseLook(look({ statements, ...more }));
    expect(read({ waits: waits('table') })).toMatchObject({
      cause: 'io',
      statement: { text: 'select * from big order by n' },
    });
    expect(read({ waits: waits('socket') }).cause).toBe('network');
    expect(read({}).cause).toBe('cpu');
  });

  it('blames the way to the client when transactions pass between short statements', () => {
    const statements = ten.flatMap((session) =>
      [0, 1, 2, 3].map((index) => statement(session, 'select 1', { startMs: index * 50 })),
    );
    expect(readDatabaseLook(look({ statements })).cause).toBe('network');
  });

  it('blames processors when most sessions are at work and wait for nothing, the log when they wait at commit', () => {
    const busy = ten.map((session) => running(session, 'update x', 30));
    expect(readDatabaseLook(look({ statements: busy })).cause).toBe('cpu');
    const committing = busy.map((one): DatabaseStatement => ({ ...one, phase: 'commit' }));
    expect(readDatabaseLook(look({ statements: committing })).cause).toBe('io');
  });

  it('says none where little is going on, and where nothing is', () => {
    const quiet = [...ten.map((session) => statement(session, 'select 1')), running('s1', 'select 2', 3)];
    expect(readDatabaseLook(look({ statements: quiet }))).toMatchObject({ cause: 'none' });
    expect(readDatabaseLook(look({})).cause).toBe('none');
  });

  it('ends on sessions that wait for each other in a circle', () => {
    const statements = [running('a', 'update x', 900), running('b', 'update y', 900)];
    const locks = [
      { waiter: 'a', blocker: 'b' },
      { waiter: 'b', blocker: 'a' },
    ];
    expect(readDatabaseLook(look({ statements, locks }))).toMatchObject({ cause: 'lock', blocked: 1 });
  });
});
