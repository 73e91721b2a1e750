import type { EntityHealth } from '../../server/console-deps.ts';

const marks = { ok: '\u2713', warn: '!', bad: '\u00D7', unknown: '?' } as const;

/** Health in words, for labels. */
export const healthWords = { ok: 'well', warn: 'strained', bad: 'unwell', unknown: 'not seen' } as const;

/** A health sign by colour and letter, so that colour is never alone. */
export function HealthMark({ state }: { state: EntityHealth['state'] }) {
  return (
    <span class={`health health-${state}`} role="img" aria-label={healthWords[state]}>
      {marks[state]}
    </span>
  );
}
