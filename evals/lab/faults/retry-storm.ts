import { diffOf } from '../changes/diff.ts';
import type { DataDomain, Role } from '../names.ts';
import type { RetrySetting } from '../service-kit/settings.ts';
import { defaultSettings } from '../service-kit/settings.ts';
import type { Fault } from './fault.ts';
import { namesOf } from './fault.ts';
import type { World } from '../world.ts';
import { databaseOf } from '../world.ts';

/** By caller: the peer that it calls too often. */
const calleeOf: Readonly<Partial<Record<Role, Role>>> = {
  gateway: 'cart',
  cart: 'catalog',
  checkout: 'payment',
  search: 'catalog',
};

/** A deadline in milliseconds that most good answers of the callee miss; answers take as long as its statements. */
function deadlineFor(world: World, caller: Role): number {
  const statement = (domain: DataDomain): number => databaseOf(world, domain).latencyMs;
  if (caller === 'gateway') return Math.round(2 * statement('carts') + 1.1 * statement('products') + 3);
  if (caller !== 'checkout') return Math.round(0.82 * statement('products') + 2);
  const ledger = world.services.some(({ role, data }) => role === 'payment' && data.includes('orders'));
  return Math.round(29 + (ledger ? statement('orders') : 0));
}

/** A configuration change makes a caller give up early and try again at once, many times. */
export const retryStorm: Fault = {
  kind: 'retry-storm',
  culprit: true,
  targets: (world) => namesOf(world, 'gateway', 'cart', 'checkout', 'search'),
  inject: (levers, target, random) => {
    const role = levers.world.services.find(({ name }) => name === target)?.role ?? 'gateway';
    const peer = calleeOf[role] ?? 'catalog';
    const timeoutMs = deadlineFor(levers.world, role);
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
