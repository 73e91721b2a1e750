import type { Stack } from './rig.ts';
import { createHotrodStack } from './hotrod/hotrod-stack.ts';
import { createPostgresStack } from './postgres/postgres-stack.ts';
import { createQueueStack } from './queue/queue-stack.ts';
import { createShopStack } from './shop/shop-stack.ts';

/** Every stack, one line each. */
export const stacks: readonly Stack[] = [
  createShopStack(),
  createPostgresStack(),
  createQueueStack(),
  createHotrodStack(),
];
