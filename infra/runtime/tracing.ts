/** Attributes of a span: closed, small values; never a secret, never text from outside. */
export type SpanAttributes = Record<string, string | number | boolean>;

/** Opens one span around a piece of work (a run, an agent, a decision, a tool call). Errors end the span as failed and pass through. */
export interface Tracer {
  span<T>(name: string, attributes: SpanAttributes, work: () => Promise<T>): Promise<T>;
  /** Sends what is buffered and stops. */
  close(): Promise<void>;
}

/** A tracer that only runs the work. */
export const noTracer: Tracer = { span: (_name, _attributes, work) => work(), close: () => Promise.resolve() };
