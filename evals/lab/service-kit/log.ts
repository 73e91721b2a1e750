import { closeSync, openSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Random } from '../random.ts';

export type Level = 'debug' | 'info' | 'warn' | 'error';

/** JSON lines into one file; written in small batches, so a crash may lose the last fifth of a second. */
export interface Log {
  write(level: Level, message: string, fields?: Readonly<Record<string, unknown>>): void;
  flush(): void;
  close(): void;
}

export interface LogOptions {
  readonly service: string;
  readonly path: string;
  readonly skewMs: number;
  /** Hold some lines back, so that they land after younger ones. */
  readonly shuffled: boolean;
  readonly random: Random;
}

const linesPerSecond = 60;

/** Opens the log of one service and appends to what is there. */
export function openLog(options: LogOptions): Log {
  const file = openSync(options.path, 'a');
  const folder = dirname(options.path);
  let pending: string[] = [];
  let written = 0;
  let dropped = 0;
  let second = 0;
  const flush = (): void => {
    if (pending.length === 0) return;
    const text = pending.join('');
    pending = [];
    try {
      writeSync(file, text);
    } catch {
      // A log that cannot be written must not stop the service.
    }
  };
  const append = (at: number, level: Level, fields: object): void => {
    const line = `${JSON.stringify({
      time: new Date(at + options.skewMs).toISOString(),
      level,
      service: options.service,
      ...fields,
    })}\n`.replaceAll(folder, '/var/lib/shop');
    if (options.shuffled && options.random.chance(0.12)) {
      setTimeout(() => pending.push(line), options.random.between(300, 1500)).unref();
    } else {
      pending.push(line);
    }
  };
  const write: Log['write'] = (level, message, fields = {}) => {
    const now = Date.now();
    if (Math.floor(now / 1000) !== second) {
      if (dropped > 0) append(now, 'warn', { msg: 'log lines suppressed', suppressed: dropped });
      second = Math.floor(now / 1000);
      written = 0;
      dropped = 0;
    }
    written += 1;
    if (written > linesPerSecond) dropped += 1;
    else append(now, level, { msg: message, ...fields });
  };
  const timer = setInterval(flush, 200);
  timer.unref();
  return {
    write,
    flush,
    close: () => {
      clearInterval(timer);
      flush();
      closeSync(file);
    },
  };
}

const sourceRoot = join(import.meta.dirname, '..');

/** An error in the form that logs carry it; paths are shown as in the deployed image. */
export function errorFields(error: unknown, service: string): object {
  if (!(error instanceof Error)) return { type: 'Error', message: String(error) };
  const stack = (error.stack ?? '').split('\n').slice(0, 6).join('\n');
  return {
    type: error.name,
    message: error.message,
    stack: stack.replaceAll(`file://${sourceRoot}`, `/srv/${service}`).replaceAll(sourceRoot, `/srv/${service}`),
  };
}
