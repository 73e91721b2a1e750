import { randomBytes } from 'node:crypto';
import { distance } from 'fastest-levenshtein';
import { z } from 'zod';
import type { Outcome } from '../domain/outcome.ts';
import type { Clock } from '../infra/runtime/clock.ts';
import { contentHash } from '../infra/runtime/canonical-json.ts';
import { CerebroError, errorTable } from '../infra/runtime/errors.ts';
import type { Logger } from '../infra/runtime/logger.ts';
import type { Metrics } from '../infra/runtime/metrics.ts';
import type { Tracer } from '../infra/runtime/tracing.ts';
import type { ToolClient, ToolDescription, ToolSession } from './client.ts';
import type { EvidenceStore } from './evidence-store.ts';
import { isAllowed } from './guards/authorize.ts';
import type { Guard, GuardedCall } from './guards/guard.ts';
import type { Tool, ToolResult } from './tool.ts';
import { withTimeLimit } from './time-limit.ts';

export interface ToolboxDeps {
  tools: readonly Tool[];
  evidence: EvidenceStore;
  /** In the order in which they stand; see `openGuards`. */
  guards: readonly Guard[];
  clock: Clock;
  metrics: Metrics;
  logger: Logger;
  tracer: Tracer;
}

export interface ToolboxOptions {
  /** A tool that has not ended by then is cancelled and its call fails with TIMEOUT. */
  timeoutMs?: number;
}

/**
 * All tools behind one gate. Every call, from whatever route, goes: validate input, guards (authorise, budget, approve, audit …), run under
 * a time limit, validate output, store evidence, guards again (audit's end), measure; in one span. A client never throws: each call ends in
 * an outcome whose hint lets a model correct itself.
 */
export interface Toolbox {
  clientFor(session: ToolSession): ToolClient;
  /** Adds tools (of remote servers, of plug-ins). Throws CONFLICT for a name that is taken. */
  register(tools: readonly Tool[]): void;
  has(name: string): boolean;
}

interface Entry {
  tool: Tool;
  description: ToolDescription;
}

/** Builds the gate. Nothing else runs tools. */
export function createToolbox(deps: ToolboxDeps, options: ToolboxOptions = {}): Toolbox {
  const timeoutMs = options.timeoutMs ?? 30_000;
  const entries = new Map<string, Entry>();
  const prefix = randomBytes(5).toString('hex');
  let calls = 0;

  const register = (tools: readonly Tool[]): void => {
    for (const tool of tools) {
      if (entries.has(tool.name)) throw new CerebroError('CONFLICT', `Two tools are named ${tool.name}; rename one.`);
      entries.set(tool.name, { tool, description: describe(tool) });
    }
  };
  register(deps.tools);

  const run = async (call: GuardedCall, tool: Tool, signal: AbortSignal | undefined): Promise<Outcome> => {
    const result = await withTimeLimit(timeoutMs, signal, (inner) =>
      tool.run(call.input, { session: call.session, signal: inner }),
    );
    return settle(call, tool, result);
  };

  const settle = (call: GuardedCall, tool: Tool, result: ToolResult<unknown>): Outcome => {
    if (result.status !== 'ok') return result;
    const output = tool.output.safeParse(result.output);
    if (!output.success) {
      deps.logger.error('tool-output-invalid', { tool: tool.name, problems: z.prettifyError(output.error) });
      return failed(
        'INTERNAL',
        `${tool.name} gave an output outside its schema.`,
        'This is a defect of the tool; use another one and report it.',
      );
    }
    const digest = clip(result.digest, 600);
    if (result.stored !== undefined) return { status: 'ok', data: output.data, digest, evidence: result.stored };
    const evidence = deps.evidence.put(
      {
        kind: result.kind,
        tool: tool.name,
        source: result.source,
        query: isRecord(call.input) ? call.input : { input: call.input },
        ...(result.window === undefined ? {} : { window: result.window }),
        entities: result.entities,
        digest,
        tainted: result.tainted,
      },
      result.raw ?? output.data,
    );
    return { status: 'ok', data: output.data, digest, evidence };
  };

  const guarded = async (
    call: GuardedCall,
    entry: Entry | undefined,
    problem: Outcome | undefined,
    signal?: AbortSignal,
  ): Promise<Outcome> => {
    try {
      for (const guard of deps.guards) {
        const stop = guard.before?.(call);
        if (stop !== undefined) return stop;
      }
      if (problem !== undefined || entry === undefined)
        return problem ?? failed('NOT_FOUND', `No tool is named ${call.tool}.`, '');
      return await run(call, entry.tool, signal);
    } catch (thrown) {
      return outcomeOf(thrown, call, deps.logger);
    }
  };

  const call = async (session: ToolSession, name: string, input: unknown, signal?: AbortSignal): Promise<Outcome> => {
    const startedAt = deps.clock.monotonic();
    const entry = entries.get(name);
    const parsed = entry?.tool.input.safeParse(input);
    const problem =
      entry === undefined
        ? unknownTool(name, [...entries.keys()])
        : parsed?.success === false
          ? badInput(entry, parsed.error)
          : undefined;
    calls += 1;
    let key: string | undefined;
    const subject: GuardedCall = {
      id: `${prefix}${calls.toString(36)}`,
      tool: clip(name, 100),
      effect: entry?.tool.effect ?? 'read',
      input: parsed?.success === true ? parsed.data : input,
      valid: parsed?.success === true,
      session,
      key: () => (key ??= contentHash({ tool: subject.tool, input: subject.input })),
    };
    const label = entry === undefined ? 'unknown' : name;
    return deps.tracer.span('tool.call', { tool: label, caller: session.caller, run: session.run }, async () => {
      const outcome = await guarded(subject, entry, problem, signal);
      const durationMs = deps.clock.monotonic() - startedAt;
      for (const guard of deps.guards) finish(guard, subject, outcome, durationMs);
      deps.metrics.count('cerebro_tool_calls_total', { tool: label, status: outcome.status });
      deps.metrics.observe('cerebro_tool_call_duration_seconds', durationMs / 1000, { tool: label });
      return outcome;
    });
  };

  const finish = (guard: Guard, subject: GuardedCall, outcome: Outcome, durationMs: number): void => {
    try {
      guard.after?.(subject, outcome, durationMs);
    } catch (thrown) {
      deps.logger.error('guard-failed', { guard: guard.name, tool: subject.tool, reason: String(thrown) });
    }
  };

  return {
    register,
    has: (name) => entries.has(name),
    clientFor: (session) => ({
      list: () =>
        Promise.resolve(
          [...entries.values()]
            .filter(({ tool }) => isAllowed(session, tool.effect))
            .map(({ description }) => description),
        ),
      call: (name, input, signal) => call(session, name, input, signal),
    }),
  };
}

function describe(tool: Tool): ToolDescription {
  return {
    name: tool.name,
    description: tool.description,
    effect: tool.effect,
    inputSchema: tool.inputSchema ?? jsonSchemaOf(tool.input, 'input'),
    outputSchema: jsonSchemaOf(tool.output, 'output'),
  };
}

function jsonSchemaOf(schema: z.ZodType, io: 'input' | 'output'): Record<string, unknown> {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    // Outputs repeat the same words many times; callers of models understand plain inputs best.
    reused: io === 'output' ? 'ref' : 'inline',
    override: ({ jsonSchema }) => {
      // The format says it; the pattern of a date takes 400 characters each time.
      if (jsonSchema.format === 'date-time') delete jsonSchema.pattern;
    },
  });
  return rest;
}

function outcomeOf(thrown: unknown, call: GuardedCall, logger: Logger): Outcome {
  const error = CerebroError.from(thrown);
  if (error.code === 'INTERNAL')
    logger.error('tool-threw', { tool: call.tool, reason: error.message, stack: error.stack });
  const details =
    Object.keys(error.details).length === 0 ? '' : ` Details: ${clip(JSON.stringify(error.details), 700)}`;
  return failed(error.code, `${call.tool}: ${error.message}${details}`, hintFor(error));
}

function hintFor(error: CerebroError): string {
  if (error.code === 'TIMEOUT')
    return 'Ask for less: fewer entities, a shorter window, a coarser step; or try once more.';
  if (error.code === 'BACKEND_REJECTED')
    return 'The back end refused the query as sent; correct it by its reply and call again.';
  if (error.code === 'INTERNAL') return 'This is a defect of the tool; use another one.';
  if (error.retryable)
    return `${errorTable[error.code].meaning} It may work a little later; go on with other tools meanwhile.`;
  return errorTable[error.code].meaning;
}

function unknownTool(name: string, known: string[]): Outcome {
  const close = known.toSorted((left, right) => distance(left, name) - distance(right, name)).slice(0, 3);
  return failed(
    'NOT_FOUND',
    `No tool is named ${clip(name, 100)}.`,
    `Did you mean ${close.join(', ')}? The list of tools has all names.`,
  );
}

function badInput(entry: Entry, error: z.ZodError): Outcome {
  const properties = entry.description.inputSchema['properties'];
  const fields = isRecord(properties) ? Object.keys(properties) : [];
  return failed(
    'INPUT_INVALID',
    `The input of ${entry.tool.name} does not fit: ${clip(z.prettifyError(error), 700)}`,
    `Correct it and call again. Its members are: ${fields.join(', ')}.`,
  );
}

function failed(code: string, message: string, hint: string): Outcome {
  return { status: 'failed', code, message, hint };
}

function clip(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
