import type { Entity } from '../../domain/entity.ts';
import type { Alert, Understanding } from '../../domain/question.ts';

/** What a question is understood from. `askedAt` is ISO with offset, `timeZone` an IANA name (an unknown one counts as UTC). */
export interface UnderstandFacts {
  text: string;
  askedAt: string;
  timeZone: string;
  entities: Entity[];
  metrics: string[];
  /** The question before this one in the same thread. */
  previous?: Understanding;
  alert?: Alert;
}
