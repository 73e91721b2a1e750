import type { FoundServer } from './found.ts';
import type { KnownServer } from './known-servers.ts';
import { knownServers } from './known-servers.ts';

const mostBytes = 262_144;

/** Asks one address, and says what answers there; undefined when nothing does, or nothing that is known. Reads only; at most a second a question. */
export async function recogniseServer(
  baseUrl: string,
  ask: typeof fetch = fetch,
  headers: Record<string, string> = {},
): Promise<FoundServer | undefined> {
  const url = baseUrl.endsWith('/') ? baseUrl : `${baseUrl}/`;
  let refused: KnownServer | undefined;
  for (const known of knownServers) {
    const reply = await answerOf(new URL(known.path, url), ask, headers);
    // Nobody listens, or it speaks another protocol: no further question.
    if (reply === 'silent') return undefined;
    if (reply.status === 401 || reply.status === 403) refused ??= known;
    const about = reply.status === 200 ? known.recognise(reply.body) : undefined;
    if (about !== undefined) return { kind: known.kind, url: trimmed(url), about };
  }
  const port = Number(new URL(url).port || '80');
  const usual = knownServers.find(({ ports }) => ports.includes(port)) ?? refused;
  return refused === undefined || usual === undefined
    ? undefined
    : { kind: usual.kind, url: trimmed(url), about: `${usual.kind}, by its port`, needs: usual.needs };
}

/** All of some addresses at once, in the order given, the unknown left out. */
export async function recogniseServers(urls: readonly string[], ask: typeof fetch = fetch): Promise<FoundServer[]> {
  const found = await Promise.all(urls.map((url) => recogniseServer(url, ask)));
  return found.filter((one): one is FoundServer => one !== undefined);
}

async function answerOf(
  url: URL,
  ask: typeof fetch,
  headers: Record<string, string>,
): Promise<{ status: number; body: string } | 'silent'> {
  try {
    const reply = await ask(url, { signal: AbortSignal.timeout(1_000), redirect: 'manual', headers });
    return { status: reply.status, body: await beginningOf(reply) };
  } catch {
    return 'silent';
  }
}

async function beginningOf(reply: Response): Promise<string> {
  if (reply.body === null) return '';
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of reply.body) {
    chunks.push(chunk);
    bytes += chunk.byteLength;
    if (bytes >= mostBytes) break;
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}

function trimmed(url: string): string {
  return url.replace(/\/$/, '');
}
