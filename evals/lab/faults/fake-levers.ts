import { createChangeFeed } from '../changes/feed.ts';
import { nextVersion } from '../changes/next-version.ts';
import { createRandom } from '../random.ts';
import type { World } from '../world.ts';
import type { Levers } from './fault.ts';

/** Levers that move nothing and remember what was asked. */
export interface FakeLevers {
  readonly levers: Levers;
  /** What is in force by name of process: the last value of each setting and side work, and lasting states. */
  readonly inForce: Map<string, unknown>;
  readonly changes: ReturnType<typeof createChangeFeed>;
}

/** Fake levers over a world. */
export function createFakeLevers(world: World): FakeLevers {
  const inForce = new Map<string, unknown>();
  const changes = createChangeFeed(createRandom(1));
  let foreign = 0;
  const levers: Levers = {
    world,
    order: (name, order) => {
      for (const [key, value] of Object.entries({ ...order.settings, ...order.strain })) {
        inForce.set(`${name}.${key}`, value);
      }
    },
    publish: (draft) => changes.publish(draft),
    deploy: (_name, describe) => void changes.publish(describe(nextVersion('1.2.3'))),
    hold: (name) => void inForce.set(`${name}.held`, true),
    revive: async (name) => void inForce.set(`${name}.held`, false),
    proxy: (name) => ({
      delay: (milliseconds) => void inForce.set(`${name}.delay`, milliseconds),
      open: async (isOpen) => void inForce.set(`${name}.closed`, !isOpen),
    }),
    load: (factor) => void inForce.set('load', factor),
    runForeign: () => {
      foreign += 1;
      const id = `foreign ${foreign}`;
      inForce.set(id, true);
      return () => void inForce.set(id, false);
    },
    databaseFile: (name) => `${name}.sqlite`,
  };
  return { levers, inForce, changes };
}
