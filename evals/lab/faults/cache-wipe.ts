import { diffOf } from '../changes/diff.ts';
import { defaultSettings } from '../service-kit/settings.ts';
import type { Fault } from './fault.ts';
import { namesOf } from './fault.ts';

/** A cache is emptied and keeps nothing any more; every read goes to what lies behind it. */
export const cacheWipe: Fault = {
  kind: 'cache-wipe',
  culprit: true,
  targets: (world) => namesOf(world, 'catalog', 'search', 'recommendation'),
  inject: (levers, target, random) => {
    const { cacheTtlMs } = defaultSettings('');
    const configured = random.chance(0.6);
    const file = `deploy/${target}/values.yaml`;
    const announce = (title: string, from: number, to: number): void => {
      levers.publish({
        kind: 'config',
        service: target,
        title: `${target}: ${title}`,
        summary: 'Freshness of displayed data.',
        files: [file],
        diff: diffOf({
          file,
          line: 26,
          before: ['cache:', '  maxEntries: 5000'],
          removed: [`  ttlSeconds: ${from / 1000}`],
          added: [`  ttlSeconds: ${to / 1000}`],
          after: ['  stats: true'],
        }),
      });
    };
    if (configured) announce('always show fresh prices', cacheTtlMs, 0);
    levers.order(target, { settings: { cacheTtlMs: 0 }, forgetCache: true });
    return () => {
      levers.order(target, { settings: { cacheTtlMs } });
      if (configured) announce('keep prices again', 0, cacheTtlMs);
    };
  },
};
