import { CerebroError } from '../../../../infra/runtime/errors.ts';

const throttled = /throttl|TooManyRequests|RequestLimitExceeded|LimitExceeded/i;

/**
 * What an AWS client threw, as an error of ours: RATE_LIMITED when it was still throttled after its own retries, BACKEND_REJECTED for what AWS
 * refuses (no credentials, no permission, no such thing), BACKEND_MALFORMED for an answer that is not of its protocol, TIMEOUT, CANCELLED, else
 * BACKEND_UNAVAILABLE. The message names the service, what AWS called it, and what helps; it never holds a credential, as AWS sends none back.
 */
export function awsErrorOf(thrown: unknown, what: string, signal?: AbortSignal): CerebroError {
  if (thrown instanceof CerebroError) return thrown;
  const options = { cause: thrown };
  if (signal?.aborted === true) return new CerebroError('CANCELLED', `The request to ${what} was withdrawn.`, options);
  const name = thrown instanceof Error ? thrown.name : 'unknown';
  const said = thrown instanceof Error ? (thrown.message.split('\n')[0] ?? '') : String(thrown);
  const message = `${what}: ${name}: ${said}`.slice(0, 400);
  if (name === 'TimeoutError' || name === 'AbortError')
    return new CerebroError('TIMEOUT', `${what} did not answer in time.`, options);
  const status = statusOf(thrown);
  if (throttled.test(name) || status === 429) return new CerebroError('RATE_LIMITED', message, options);
  if (name === 'SyntaxError' || /deserialization error/i.test(thrown instanceof Error ? thrown.message : ''))
    return new CerebroError(
      'BACKEND_MALFORMED',
      `${what} answered ${status ?? ''} with something that is no AWS answer (${said.slice(0, 80)}); is the address that of AWS, and does it know this call?`,
      options,
    );
  if (/Credential|TokenProvider|Region is missing/i.test(`${name} ${said}`))
    return new CerebroError(
      'BACKEND_REJECTED',
      `${message}. Credentials and region come from AWS's own chain: environment, profile, or role.`,
      options,
    );
  if (status !== undefined && status >= 400 && status < 500)
    return new CerebroError('BACKEND_REJECTED', message, options);
  return new CerebroError('BACKEND_UNAVAILABLE', message, options);
}

function statusOf(thrown: unknown): number | undefined {
  if (typeof thrown !== 'object' || thrown === null || !('$metadata' in thrown)) return undefined;
  const { $metadata: metadata } = thrown;
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return undefined;
  return typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : undefined;
}
