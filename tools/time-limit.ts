import { CerebroError } from '../infra/runtime/errors.ts';

/**
 * Runs work under a limit: the signal that the work gets is aborted when the time is up or the caller withdraws, and the promise rejects
 * then (TIMEOUT or CANCELLED) even where the work does not listen.
 */
export function withTimeLimit<T>(
  limitMs: number,
  outer: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const inner = new AbortController();
    const end = (code: 'TIMEOUT' | 'CANCELLED', message: string): void => {
      const error = new CerebroError(code, message);
      reject(error);
      inner.abort(error);
    };
    const withdraw = (): void => end('CANCELLED', 'The caller withdrew the call.');
    if (outer?.aborted === true) {
      withdraw();
      return;
    }
    const timer = setTimeout(() => end('TIMEOUT', `It did not end within ${limitMs} ms.`), limitMs);
    outer?.addEventListener('abort', withdraw, { once: true });
    void (async () => work(inner.signal))()
      .then(resolve, reject)
      .finally(() => {
        clearTimeout(timer);
        outer?.removeEventListener('abort', withdraw);
      });
  });
}
