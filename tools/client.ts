import type { Outcome } from '../domain/outcome.ts';
import type { Principal } from '../domain/question.ts';

/** What a tool is, as its caller sees it. Schemas are JSON Schema (draft 2020-12). */
export interface ToolDescription {
  name: string;
  description: string;
  effect: 'read' | 'propose' | 'act';
  inputSchema: Record<string, unknown>;
  outputSchema: Record<string, unknown>;
}

/** Who calls and for which run; the guards read it. */
export interface ToolSession {
  principal: Principal;
  run: string;
  /** The agent, door or client that calls, for audit. */
  caller: string;
}

/** Tools bound to one session. `call` never throws for a tool's failure: every call ends in an outcome. */
export interface ToolClient {
  list(): Promise<ToolDescription[]>;
  call(name: string, input: Record<string, unknown>, signal?: AbortSignal): Promise<Outcome>;
}
