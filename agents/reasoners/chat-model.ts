/** What a model provider is asked: two texts and the JSON Schema that the reply should fit. Plain data, already redacted. */
export interface ChatRequest {
  system: string;
  user: string;
  /** A name for the schema, `[a-z0-9_]+`. */
  schemaName: string;
  schema: Record<string, unknown>;
  maxTokens: number;
}

/** What came back: the whole text, and the tokens as the provider counted them (estimated where it did not say). */
export interface ChatReply {
  text: string;
  inputTokens: number;
  outputTokens: number;
}

/**
 * One model of one provider. `complete` makes exactly one attempt and throws CerebroError: RATE_LIMITED or MODEL_UNAVAILABLE (trying
 * again can help; also when the provider dies mid-stream), BACKEND_REJECTED (it cannot), CANCELLED. A part of a reply is never returned.
 */
export interface ChatModel {
  name: string;
  complete(request: ChatRequest, signal: AbortSignal): Promise<ChatReply>;
  close(): void;
}

/** A rough count of tokens in a text (four characters each), for budgets and for providers that do not count. */
export function estimateTokens(text: string): number {
  return Math.ceil(text.length / 4);
}

/** The longest reply that is read, in characters; more is a fault of the provider. */
export const maxReplyChars = 400_000;
