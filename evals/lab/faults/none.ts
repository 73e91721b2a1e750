import type { Fault } from './fault.ts';

/** Nothing happens at all. */
export const none: Fault = {
  kind: 'none',
  culprit: false,
  targets: () => [],
  inject: () => () => undefined,
};
