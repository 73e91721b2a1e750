import type { Outcome } from '../../domain/outcome.ts';
import type { ToolSession } from '../client.ts';

/** One call on its way through the guards. */
export interface GuardedCall {
  /** Unique per call. */
  id: string;
  tool: string;
  effect: 'read' | 'propose' | 'act';
  /** As parsed, or as sent where it does not fit the tool's schema (`valid` is false then). */
  input: unknown;
  valid: boolean;
  session: ToolSession;
  /** Hash of tool and input: what a loop, an approval and a repeated act are told by. Computed on first use. */
  key(): string;
}

/**
 * Wraps every call of every tool on every route. `before` may end the call with an outcome; the first one that does wins, and the tool does
 * not run. `after` sees how each call ended, also one that a guard stopped. Neither may throw for an ordinary refusal; a guard that does
 * throw stops the call (fail closed).
 */
export interface Guard {
  name: string;
  before?(call: GuardedCall): Outcome | undefined;
  after?(call: GuardedCall, outcome: Outcome, durationMs: number): void;
}
