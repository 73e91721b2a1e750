import { setTimeout as delay } from 'node:timers/promises';
import { errorFields } from '../service-kit/log.ts';
import type { Service } from '../service-kit/service.ts';
import type { Span } from '../service-kit/tracing.ts';

/** Fills a cache with the most wanted keys, four at a time; gives up quietly when the data cannot be read yet. */
export async function warmUp(
  service: Service,
  load: (key: number, span: Span) => Promise<unknown>,
  keys: number,
): Promise<void> {
  const span = service.tracer.start({ kind: 'client', name: 'warm up' });
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < keys) {
      const key = next;
      next += 1;
      await load(key, span);
    }
  };
  // The database may still be starting.
  await delay(700);
  try {
    await Promise.all([lane(), lane(), lane(), lane()]);
    service.log.write('info', 'cache warmed up', { entries: keys });
  } catch (error) {
    service.log.write('warn', 'cache not warmed up', { err: errorFields(error, service.name) });
  }
}
