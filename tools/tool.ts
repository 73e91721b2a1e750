import type { z } from 'zod';
import type { Evidence, EvidenceKind } from '../domain/evidence.ts';
import type { EntityId } from '../domain/entity.ts';
import type { Window } from '../domain/time.ts';
import type { ToolSession } from './client.ts';

/** What a tool's work ends in, before the toolbox turns it into an outcome with evidence. */
export type ToolResult<Output> =
  | {
      status: 'ok';
      output: Output;
      /** A few hundred bytes that a person or model can act on; own words and numbers, quotes only when `tainted`. */
      digest: string;
      kind: EvidenceKind;
      source: string;
      window?: Window;
      entities: EntityId[];
      tainted: boolean;
      /** The full result when `output` is cut; spilled to the evidence store, read with `get_evidence`. Defaults to `output`. */
      raw?: unknown;
      /** Set when the result only re-reads evidence that is already stored; nothing new is stored then. */
      stored?: Evidence;
    }
  | { status: 'no-data'; lookedAt: string; hint?: string }
  | { status: 'failed'; code: string; message: string; hint: string };

/** What a tool gets with each call. */
export interface ToolContext {
  session: ToolSession;
  signal: AbortSignal;
}

/** One capability. Method syntax is deliberate: its bivariance lets `Tool<In, Out>` join a `Tool[]` without casts. */
export interface Tool<Input = unknown, Output = unknown> {
  name: string;
  description: string;
  effect: 'read' | 'propose' | 'act';
  input: z.ZodType<Input>;
  output: z.ZodType<Output>;
  /** The input's JSON Schema where it is not derived from `input` (tools of remote servers keep their own). */
  inputSchema?: Record<string, unknown>;
  run(input: Input, context: ToolContext): Promise<ToolResult<Output>>;
}
