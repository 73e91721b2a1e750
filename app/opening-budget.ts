/** Holds back a watch that would open too much by itself. */
export interface OpeningBudget {
  /** Whether an incident about these entities may be opened at `now` (milliseconds). */
  allows(entities: ReadonlySet<string>, now: number): boolean;
  opened(now: number): void;
  /** An incident about these entities is over. */
  ended(entities: ReadonlySet<string>, now: number): void;
}

const hourMs = 3_600_000;

/**
 * At most `perHour` openings in any hour; and none within `coolDownMs` after an incident about the same entities, unless one of them is new. Forgets what
 * no longer matters.
 */
export function createOpeningBudget({ perHour, coolDownMs }: { perHour: number; coolDownMs: number }): OpeningBudget {
  let openings: number[] = [];
  const endedAt = new Map<string, number>();
  return {
    allows(entities, now) {
      openings = openings.filter((at) => now - at < hourMs);
      for (const [entity, at] of endedAt) if (now - at >= coolDownMs) endedAt.delete(entity);
      return openings.length < perHour && ![...entities].every((entity) => endedAt.has(entity));
    },
    opened: (now) => void openings.push(now),
    ended(entities, now) {
      for (const entity of entities) endedAt.set(entity, now);
    },
  };
}
