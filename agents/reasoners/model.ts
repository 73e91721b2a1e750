import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Clock } from '../../infra/runtime/clock.ts';
import { CerebroError } from '../../infra/runtime/errors.ts';
import type { Logger } from '../../infra/runtime/logger.ts';
import type { Metrics } from '../../infra/runtime/metrics.ts';
import type { Decision, Query, Reasoner } from '../../infra/runtime/reasoner.ts';
import type { Redactor } from '../../infra/runtime/redact.ts';
import type { Tracer } from '../../infra/runtime/tracing.ts';
import { type CallPolicyOptions, createCallPolicy } from './call-policy.ts';
import { type ChatModel, type ChatReply, type ChatRequest, estimateTokens } from './chat-model.ts';
import { createModelBudget, type ModelBudget } from './model-budget.ts';
import { type PromptStyle, readReply, writePrompt, writeRepair } from './write-prompt.ts';

export interface ModelReasonerDeps {
  model: ChatModel;
  metrics: Metrics;
  tracer: Tracer;
  redactor: Redactor;
  logger: Logger;
  clock: Clock;
  /** Defaults to a budget without limits. */
  budget?: ModelBudget;
}

export interface ModelReasonerOptions extends CallPolicyOptions {
  /** Labels of data blocks that never leave for the provider (see `PromptStyle`). */
  withhold?: readonly string[];
  /** Most tokens of one reply. */
  maxTokens?: number;
  /** Most characters of one prompt; a longer one goes to the rule unasked. */
  maxPromptChars?: number;
}

/**
 * A reasoner that asks a model: instruction and fenced, redacted data out; the reply parsed strictly by the query's schema; one repair
 * turn with the validation error; then the rule, and `fallback` says why. Bounded in time, retries, tokens and money. Throws CANCELLED
 * when the signal aborts and nothing else.
 */
export function createModelReasoner(deps: ModelReasonerDeps, options: ModelReasonerOptions = {}): Reasoner {
  const policy = createCallPolicy(options);
  const budget = deps.budget ?? createModelBudget({ clock: deps.clock });
  const maxTokens = options.maxTokens ?? 4_096;

  const complete = async (request: ChatRequest, signal: AbortSignal, spent: Spent): Promise<ChatReply> =>
    policy.call(async (inner) => {
      if (inner.aborted) throw new CerebroError('CANCELLED', 'The decision was withdrawn.');
      const input = estimateTokens(request.system) + estimateTokens(request.user);
      const reservation = budget.reserve(input, request.maxTokens);
      try {
        const reply = await deps.model.complete(request, inner);
        reservation.settle(reply.inputTokens, reply.outputTokens);
        record(spent, reply.inputTokens, reply.outputTokens);
        return reply;
      } catch (thrown) {
        // What a failed attempt cost is unknown; the provider has most likely read the prompt.
        reservation.settle(input, 0);
        record(spent, input, 0);
        throw thrown;
      }
    }, signal);

  const record = (spent: Spent, input: number, output: number): void => {
    spent.inputTokens += input;
    spent.outputTokens += output;
    deps.metrics.count('cerebro_model_tokens_total', { direction: 'input' }, input);
    deps.metrics.count('cerebro_model_tokens_total', { direction: 'output' }, output);
  };

  const ask = async <Facts, Result>(
    query: Query<Facts, Result>,
    signal: AbortSignal,
    spent: Spent,
  ): Promise<Result> => {
    const style: PromptStyle = {
      redactor: deps.redactor,
      withhold: options.withhold ?? [],
      marker: `data-${randomBytes(9).toString('hex')}`,
    };
    const schema = z.toJSONSchema(query.schema, { io: 'input', unrepresentable: 'any' }) as Record<string, unknown>;
    const { system, user } = writePrompt(query.prompt(query.facts), schema, style);
    const longest = options.maxPromptChars ?? 200_000;
    if (system.length + user.length > longest) {
      throw new CerebroError(
        'INPUT_INVALID',
        `The prompt has ${system.length + user.length} characters, ${longest} are allowed.`,
      );
    }
    const request: ChatRequest = {
      system,
      user,
      schemaName: query.name.replaceAll(/\W/g, '_').toLowerCase(),
      schema,
      maxTokens,
    };
    const first = await complete(request, signal, spent);
    const read = readReply(first.text, query.schema);
    if ('result' in read) return read.result;
    const second = await complete(
      { ...request, user: writeRepair(user, first.text, read.problem, style) },
      signal,
      spent,
    );
    const repaired = readReply(second.text, query.schema);
    if ('result' in repaired) return repaired.result;
    throw new CerebroError('MODEL_OUTPUT_INVALID', `The reply did not fit, also after one repair: ${repaired.problem}`);
  };

  const decide = async <Facts, Result>(query: Query<Facts, Result>, signal: AbortSignal): Promise<Decision<Result>> => {
    const spent: Spent = { inputTokens: 0, outputTokens: 0 };
    const start = deps.clock.monotonic();
    try {
      signal.throwIfAborted();
      const result = await policy.within((inner) => ask(query, inner, spent), signal);
      deps.metrics.count('cerebro_decisions_total', { query: query.name, by: 'model' });
      return { result, by: 'model', model: deps.model.name, ...spent };
    } catch (thrown) {
      if (signal.aborted)
        throw new CerebroError('CANCELLED', `The decision ${query.name} was withdrawn.`, { cause: thrown });
      const error = CerebroError.from(thrown);
      const fallback = deps.redactor.redact(`${error.code}: ${error.message}`).slice(0, 300);
      deps.logger.warn('decision-fallback', {
        query: query.name,
        model: deps.model.name,
        code: error.code,
        reason: fallback,
        ms: deps.clock.monotonic() - start,
      });
      deps.metrics.count('cerebro_decisions_total', { query: query.name, by: 'rule' });
      return { result: query.rule(query.facts), by: 'rule', model: deps.model.name, fallback, ...spent };
    }
  };

  return {
    name: deps.model.name,
    decide: (query, signal = new AbortController().signal) =>
      deps.tracer.span('decision', { query: query.name, model: deps.model.name }, () => decide(query, signal)),
  };
}

interface Spent {
  inputTokens: number;
  outputTokens: number;
}
