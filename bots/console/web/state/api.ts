import { signal } from '@preact/signals';

/** True when the server asks for a log-in; any reply 401 sets it. */
export const signedOut = signal(false);

/** What the server said when it refused. */
export interface Refusal {
  code: string;
  message: string;
}

/** Reads JSON from our server. Rejects with an Error whose message can be shown. */
export function getJson<T>(path: string, abort?: AbortSignal): Promise<T> {
  return send<T>(path, abort === undefined ? {} : { signal: abort });
}

/** Sends JSON to our server, marked as coming from this page. Rejects as `getJson` does. */
export function postJson<T>(path: string, body: unknown): Promise<T> {
  return send<T>(path, { method: 'POST', headers: ownHeaders, body: JSON.stringify(body) });
}

/** Headers of a request that changes something. */
export const ownHeaders = { 'content-type': 'application/json', 'x-cerebro': '1' };

/** The message of anything thrown, for a person. */
export function messageOf(thrown: unknown): string {
  if (thrown instanceof TypeError) return 'The server cannot be reached. Is it still running?';
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** Turns a refused response into an Error; notes when it was for want of a log-in. */
export async function refusalOf(response: Response): Promise<Error> {
  if (response.status === 401) signedOut.value = true;
  const body: Refusal | undefined = await response.json().catch(() => undefined);
  return new Error(body?.message ?? `The server answered ${response.status}.`);
}

async function send<T>(path: string, init: RequestInit): Promise<T> {
  const response = await fetch(path, init);
  if (!response.ok) throw await refusalOf(response);
  const value: T = await response.json();
  return value;
}
