import { CerebroError } from '../../infra/runtime/errors.ts';

/** Told when one of the searches could not be made; the others answer without it. */
export type OnPartFailed = (part: string, error: CerebroError) => void;

const limitMs = 5_000;

/**
 * One of several searches side by side. A back end that fails or takes longer than five seconds costs its part of the answer (`none`), not the answer.
 * Throws what is no fault of a back end, and when the asker withdraws.
 */
export async function searchPart<T>(
  part: string,
  none: T,
  work: (signal: AbortSignal) => Promise<T>,
  { signal, onFailed }: { signal: AbortSignal | undefined; onFailed: OnPartFailed | undefined },
): Promise<T> {
  const limit = AbortSignal.timeout(limitMs);
  try {
    return await work(signal === undefined ? limit : AbortSignal.any([signal, limit]));
  } catch (thrown) {
    signal?.throwIfAborted();
    const error = CerebroError.from(thrown);
    const faulty = limit.aborted || error.retryable || error.code.startsWith('BACKEND_');
    if (!faulty) throw thrown;
    onFailed?.(part, error);
    return none;
  }
}
