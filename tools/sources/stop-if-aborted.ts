import { CerebroError } from '../../infra/runtime/errors.ts';

/** Throws CANCELLED when the caller has withdrawn the request. */
export function stopIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true)
    throw new CerebroError('CANCELLED', 'The request was withdrawn.', { cause: signal.reason });
}
