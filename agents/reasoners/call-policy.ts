import {
  BrokenCircuitError,
  circuitBreaker,
  ConsecutiveBreaker,
  ExponentialBackoff,
  handleWhen,
  retry,
  TaskCancelledError,
  timeout,
  TimeoutStrategy,
} from 'cockatiel';
import { CerebroError } from '../../infra/runtime/errors.ts';

/** Limits of calls to one provider; milliseconds. */
export interface CallPolicyOptions {
  /** For one attempt. */
  attemptTimeoutMs?: number;
  /** For a whole decision: attempts, waits and the repair turn together. */
  decisionTimeoutMs?: number;
  /** Retries of one call at most. */
  retries?: number;
  firstDelayMs?: number;
  maxDelayMs?: number;
  /** Failures in a row that open the circuit, and how long it stays open. */
  breakAfter?: number;
  breakForMs?: number;
}

/** Runs calls to one provider. Every failure comes out as a CerebroError: TIMEOUT, MODEL_UNAVAILABLE (also: circuit open), CANCELLED or the call's own. */
export interface CallPolicy {
  /** One call: retried with jitter where that can help, under the circuit breaker, each attempt with its own time limit. */
  call<T>(work: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T>;
  /** A whole decision under its deadline. */
  within<T>(work: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T>;
}

/** Retries draw on a common store, so that a provider in trouble is not hit harder: each costs one, each success gives a tenth back. */
const retryStore = { most: 10, perSuccess: 0.1 };

/** A policy for one provider; its breaker and its store of retries are shared by all calls made through it. */
export function createCallPolicy(options: CallPolicyOptions = {}): CallPolicy {
  const maxDelayMs = options.maxDelayMs ?? 4_000;
  const decisionTimeoutMs = options.decisionTimeoutMs ?? 60_000;
  let retriesLeft: number = retryStore.most;
  const canRetry = (thrown: unknown): boolean =>
    thrown instanceof CerebroError &&
    thrown.retryable &&
    retriesLeft >= 1 &&
    Number(thrown.details['retryAfterMs'] ?? 0) <= maxDelayMs;
  const retrying = retry(handleWhen(canRetry), {
    maxAttempts: options.retries ?? 2,
    backoff: new ExponentialBackoff({ initialDelay: options.firstDelayMs ?? 250, maxDelay: maxDelayMs }),
  });
  retrying.onRetry(() => {
    retriesLeft -= 1;
  });
  const breaker = circuitBreaker(handleWhen(isProviderFault), {
    halfOpenAfter: options.breakForMs ?? 30_000,
    breaker: new ConsecutiveBreaker(options.breakAfter ?? 5),
  });
  const attempt = timeout(options.attemptTimeoutMs ?? 30_000, TimeoutStrategy.Aggressive);
  const whole = timeout(decisionTimeoutMs, TimeoutStrategy.Aggressive);
  return {
    call: async (work, signal) => {
      const result = await retrying.execute(
        ({ signal: retrySignal }) =>
          breaker
            .execute(
              ({ signal: breakerSignal }) =>
                attempt
                  .execute(({ signal: inner }) => work(inner), breakerSignal)
                  .catch((thrown: unknown) => {
                    throw translate(thrown, signal);
                  }),
              retrySignal,
            )
            .catch((thrown: unknown) => {
              throw translate(thrown, signal);
            }),
        signal,
      );
      retriesLeft = Math.min(retryStore.most, retriesLeft + retryStore.perSuccess);
      return result;
    },
    within: (work, signal) =>
      whole
        .execute(({ signal: inner }) => work(inner), signal)
        .catch((thrown: unknown) => {
          throw translate(thrown, signal);
        }),
  };
}

function isProviderFault(thrown: unknown): boolean {
  return thrown instanceof CerebroError && ['MODEL_UNAVAILABLE', 'TIMEOUT', 'RATE_LIMITED'].includes(thrown.code);
}

function translate(thrown: unknown, signal: AbortSignal): CerebroError {
  if (signal.aborted) return new CerebroError('CANCELLED', 'The decision was withdrawn.', { cause: thrown });
  if (thrown instanceof TaskCancelledError)
    return new CerebroError('TIMEOUT', 'The model took too long.', { cause: thrown });
  if (thrown instanceof BrokenCircuitError) {
    // Not retryable in this decision: the circuit stays open for longer than anybody waits.
    return new CerebroError(
      'MODEL_UNAVAILABLE',
      'The model failed several times in a row and is left alone for a while.',
      {
        cause: thrown,
        details: { retryAfterMs: Infinity },
      },
    );
  }
  return CerebroError.from(thrown);
}
