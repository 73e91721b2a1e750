import { diffOf } from '../changes/diff.ts';
import type { Role } from '../names.ts';
import type { RetrySetting } from '../service-kit/settings.ts';
import { defaultSettings } from '../service-kit/settings.ts';
import type { Fault } from './fault.ts';
import { namesOf } from './fault.ts';

interface Impatience {
  readonly peer: Role;
  readonly timeoutMs: number;
}

/** By caller: the peer that it calls too often, and a deadline that many good answers miss. */
const impatience: Readonly<Partial<Record<Role, Impatience>>> = {
  gateway: { peer: 'cart', timeoutMs: 30 },
  cart: { peer: 'catalog', timeoutMs: 13 },
  checkout: { peer: 'payment', timeoutMs: 32 },
  search: { peer: 'catalog', timeoutMs: 13 },
  recommendation: { peer: 'catalog', timeoutMs: 20 },
};

/** A configuration change makes a caller give up early and try again at once, many times. */
export const retryStorm: Fault = {
  kind: 'retry-storm',
  culprit: true,
  targets: (world) => namesOf(world, 'gateway', 'cart', 'checkout', 'search'),
  inject: (levers, target, random) => {
    const role = levers.world.services.find(({ name }) => name === target)?.role ?? 'gateway';
    const { peer, timeoutMs } = impatience[role] ?? { peer: 'catalog', timeoutMs: 13 };
    const callee = namesOf(levers.world, peer)[0] ?? '';
    const before = defaultSettings('').retry;
    const old: RetrySetting = before['default'] ?? { attempts: 2, timeoutMs: 1500, backoffMs: 30 };
    const now: RetrySetting = { attempts: random.int(8, 12), timeoutMs, backoffMs: 0 };
    const file = `deploy/${target}/values.yaml`;
    levers.publish({
      kind: 'config',
      service: target,
      title: `${target}: fail fast on calls to ${callee}`,
      summary: 'A slow instance should be given up early and asked again.',
      files: [file],
      diff: diffOf({
        file,
        line: 20,
        before: ['clients:', `  ${callee}:`],
        removed: [
          `    attempts: ${old.attempts}`,
          `    timeoutMs: ${old.timeoutMs}`,
          `    backoffMs: ${old.backoffMs}`,
        ],
        added: [`    attempts: ${now.attempts}`, `    timeoutMs: ${now.timeoutMs}`, `    backoffMs: ${now.backoffMs}`],
        after: ['    keepAlive: true'],
      }),
    });
    levers.order(callee, { settings: { unavailableShare: 0.06 } });
    levers.order(target, { settings: { retry: { ...before, [peer]: now } } });
    return () => {
      levers.order(target, { settings: { retry: before } });
      levers.order(callee, { settings: { unavailableShare: 0 } });
      levers.publish({
        kind: 'config',
        service: target,
        title: `${target}: retries of ${callee} as before`,
        summary: `attempts: ${old.attempts}, timeoutMs: ${old.timeoutMs}`,
      });
    };
  },
};
