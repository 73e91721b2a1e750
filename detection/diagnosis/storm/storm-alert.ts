import type { EntityId } from '../../../domain/entity.ts';

/** What an alert was made of. */
export type AlertSource = 'metric' | 'log' | 'trace' | 'other';

/** One alert of a storm. Of an alert about a call `entity` is the called end and `peer` the caller. */
export interface StormAlert {
  entity: EntityId;
  source: AlertSource;
  name: string;
  direction?: 'up' | 'down';
  status?: string;
  peer?: EntityId;
  /** Milliseconds since the epoch; where absent, the order of the list is that of time within each source. */
  atMs?: number;
}
