import type { Stack } from './rig.ts';
import { createShopStack } from './shop/shop-stack.ts';

/** Every stack, one line each. */
export const stacks: readonly Stack[] = [createShopStack()];
