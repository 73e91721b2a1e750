import type { Logger as BoltLogger, LogLevel } from '@slack/bolt';
import type { Logger } from '../../infra/runtime/logger.ts';

/** Our logger in the form that Bolt wants. Bolt's debug lines are dropped: they hold whole messages of people. */
export function createBoltLogger(logger: Logger): BoltLogger {
  const say =
    (write: (event: string, fields: Record<string, unknown>) => void) =>
    (...words: unknown[]) =>
      write('slack-library', { text: words.map(String).join(' ').slice(0, 500) });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Bolt's enum, whose module is not loaded yet
  const level = 'info' as LogLevel;
  return {
    debug: () => undefined,
    info: () => undefined,
    warn: say((event, fields) => logger.warn(event, fields)),
    error: say((event, fields) => logger.error(event, fields)),
    setLevel: () => undefined,
    getLevel: () => level,
    setName: () => undefined,
  };
}
