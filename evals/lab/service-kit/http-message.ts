import type { Span } from './tracing.ts';

/** A request as a route sees it; the body is parsed JSON. */
export interface HttpRequest {
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: unknown;
  readonly span: Span;
}

/** What a route answers; 200 when no status is given. */
export interface HttpReply {
  readonly status?: number;
  readonly body: unknown;
}
