import { diffOf } from '../changes/diff.ts';
import { defaultSettings } from '../service-kit/settings.ts';
import type { Fault } from './fault.ts';
import { namesOf } from './fault.ts';

/** A configuration change leaves a service one database connection and little patience. */
export const poolExhaustion: Fault = {
  kind: 'pool-exhaustion',
  culprit: true,
  targets: (world) => namesOf(world, 'catalog', 'cart', 'checkout'),
  inject: (levers, target, random) => {
    const { poolMax, poolWaitMs } = defaultSettings('');
    const waitMs = random.int(20, 30) * 10;
    const file = `deploy/${target}/values.yaml`;
    levers.publish({
      kind: 'config',
      service: target,
      title: `${target}: fewer idle database connections`,
      summary: 'The database team asks every service to hold fewer connections.',
      files: [file],
      diff: diffOf({
        file,
        line: 12,
        before: ['database:', '  pool:'],
        removed: [`    max: ${poolMax}`, `    acquireTimeoutMs: ${poolWaitMs}`],
        added: ['    max: 1', `    acquireTimeoutMs: ${waitMs}`],
        after: ['    idleTimeoutMs: 30000'],
      }),
    });
    levers.order(target, { settings: { poolMax: 1, poolWaitMs: waitMs } });
    return () => {
      levers.order(target, { settings: { poolMax, poolWaitMs } });
      levers.publish({
        kind: 'config',
        service: target,
        title: `${target}: database pool as before`,
        summary: `max: ${poolMax}, acquireTimeoutMs: ${poolWaitMs}`,
      });
    };
  },
};
