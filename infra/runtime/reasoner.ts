import type { z } from 'zod';

/**
 * One question that could go to a model. `facts` is plain data; `rule` answers it deterministically and never throws; `prompt` says the
 * same question in words, with text from outside fenced as data. Write queries as functions with a declared return type, so that
 * inference does not widen: `routeQuery(facts): Query<RouteFacts, Plan>`.
 */
export interface Query<Facts, Result> {
  name: string;
  facts: Facts;
  schema: z.ZodType<Result>;
  prompt(facts: Facts): Prompt;
  rule(facts: Facts): Result;
}

/** What a model is shown: our own instruction, and data that is fenced and never an instruction. */
export interface Prompt {
  instruction: string;
  data: {
    label: string;
    text: string;
    tainted: boolean;
    /** Kinds of evidence that the text was made from; it stays at home when any of them must. */
    kinds?: readonly string[];
  }[];
}

/** How a query was answered: the result, by whom, and what it cost. `fallback` says why the rule answered where a model was configured. */
export interface Decision<Result> {
  result: Result;
  by: 'rule' | 'model';
  model?: string;
  fallback?: string;
  inputTokens: number;
  outputTokens: number;
}

/** Answers queries. Never throws but for cancellation: when a model fails or its output does not fit (after one repair), the rule answers. */
export interface Reasoner {
  name: string;
  decide<Facts, Result>(query: Query<Facts, Result>, signal?: AbortSignal): Promise<Decision<Result>>;
}
