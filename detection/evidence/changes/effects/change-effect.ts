import type { EffectClass } from '../../../faults/effect-symptoms.ts';

/** One thing that a change does, read from its diff. */
export interface ChangeEffect {
  effect: EffectClass;
  /** The key, callee, condition or clause that it is about. */
  subject: string;
  /** How surely the diff does that, in [0, 1]: less where what was dropped may live on in a function that the diff does not show. */
  sure: number;
  before?: number | string;
  after?: number | string;
  file: string;
}
