/** Every error code: what it means to a caller (HTTP status) and whether trying again can help. Codes are never reused. */
export const errorTable = {
  CONFIG_INVALID: {
    status: 500,
    retryable: false,
    meaning: 'A setting is missing, misspelt or out of range; all problems are listed.',
  },
  INPUT_INVALID: { status: 400, retryable: false, meaning: 'The input does not fit its schema.' },
  NOT_FOUND: { status: 404, retryable: false, meaning: 'Nothing has this id or name.' },
  UNAUTHENTICATED: { status: 401, retryable: false, meaning: 'The sender could not be verified.' },
  FORBIDDEN: { status: 403, retryable: false, meaning: 'The principal has no right to do this.' },
  CONFLICT: { status: 409, retryable: false, meaning: 'Another process or request holds this.' },
  BUDGET_EXHAUSTED: { status: 429, retryable: false, meaning: 'The run spent its steps, tokens or money.' },
  LOOP_DETECTED: { status: 409, retryable: false, meaning: 'The same call was repeated with the same input.' },
  RATE_LIMITED: { status: 429, retryable: true, meaning: 'Too many requests in a short time.' },
  BACKEND_UNAVAILABLE: {
    status: 503,
    retryable: true,
    meaning: 'A back end did not answer or answered with a server error.',
  },
  BACKEND_REJECTED: { status: 502, retryable: false, meaning: 'A back end refused the request.' },
  BACKEND_MALFORMED: {
    status: 502,
    retryable: false,
    meaning: 'A back end answered with something that does not fit its format.',
  },
  TIMEOUT: { status: 504, retryable: true, meaning: 'The time for this ran out.' },
  CANCELLED: { status: 499, retryable: false, meaning: 'The caller withdrew the request.' },
  CAPSULE_INVALID: { status: 400, retryable: false, meaning: 'A capsule is damaged or of an unknown version.' },
  STORE_DAMAGED: { status: 500, retryable: false, meaning: 'A file of ours cannot be read; restore it from a backup.' },
  STORE_LOCKED: { status: 409, retryable: false, meaning: 'Another process uses this data folder.' },
  MODEL_OUTPUT_INVALID: {
    status: 502,
    retryable: false,
    meaning: 'A model answered with something that does not fit, also after one repair.',
  },
  MODEL_UNAVAILABLE: { status: 503, retryable: true, meaning: 'A model provider did not answer.' },
  INTERNAL: { status: 500, retryable: false, meaning: 'A defect of ours.' },
} as const satisfies Record<string, { status: number; retryable: boolean; meaning: string }>;

export type ErrorCode = keyof typeof errorTable;

/** The one error that our code throws. The message says what happened and what to do; `details` never holds a secret. */
export class CerebroError extends Error {
  readonly code: ErrorCode;
  readonly details: Record<string, unknown>;

  constructor(code: ErrorCode, message: string, options: { details?: Record<string, unknown>; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'CerebroError';
    this.code = code;
    this.details = options.details ?? {};
  }

  get status(): number {
    return errorTable[this.code].status;
  }

  get retryable(): boolean {
    return errorTable[this.code].retryable;
  }

  /** Turns anything thrown into a CerebroError: aborts and timeouts by name, the rest as INTERNAL. For the boundaries only. */
  static from(thrown: unknown): CerebroError {
    if (thrown instanceof CerebroError) return thrown;
    if (thrown instanceof Error) {
      if (thrown.name === 'TimeoutError') return new CerebroError('TIMEOUT', thrown.message, { cause: thrown });
      if (thrown.name === 'AbortError') return new CerebroError('CANCELLED', thrown.message, { cause: thrown });
      return new CerebroError('INTERNAL', thrown.message, { cause: thrown });
    }
    return new CerebroError('INTERNAL', String(thrown));
  }
}
