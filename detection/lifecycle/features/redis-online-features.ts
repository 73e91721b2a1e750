import type * as redisSdk from '@redis/client';
import type { Clock } from '../../../infra/runtime/clock.ts';
import { CerebroError } from '../../../infra/runtime/errors.ts';
import type { Secret } from '../../../infra/runtime/secret.ts';
import { agesOf, type OnlineAges, type OnlineFeatures, rowAt } from './online-features.ts';

export interface RedisOptions {
  /** `redis://host:port/number` or `rediss://` for TLS, without a password. */
  url: string;
  username?: string | undefined;
  password?: Secret | undefined;
  /** Longest wait for a connection or an answer; default 2 s. */
  timeoutMs?: number;
}

/** Keeps a row unless a newer one is there, in one step of the server, and lets it expire. */
const putScript = `local held = redis.call('HGET', KEYS[1], 'at')
if held and tonumber(held) > tonumber(ARGV[1]) then return 0 end
redis.call('HSET', KEYS[1], 'at', ARGV[1], 'value', ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 1`;
const longestPauseMs = 2_000;

/**
 * Opens a store in Redis 6.2 or later (or Valkey), for several servers that share features. The client is loaded and connects on first use. Rows
 * expire by Redis' own clock when they have outlived their time by ours. While Redis is away every call throws BACKEND_UNAVAILABLE at once, the
 * first one after `timeoutMs`; the client goes on trying to connect, with pauses that grow to 2 seconds, and the next call after that works.
 * Nothing is queued: what was not put is lost, and the next sample brings it again. A wrong password is BACKEND_REJECTED.
 */
export function openRedisOnlineFeatures(
  options: RedisOptions,
  deps: { clock: Clock },
  ages: OnlineAges = {},
): OnlineFeatures {
  const { url, username, password, timeoutMs = 2_000 } = options;
  const { staleMs, lifeMs } = agesOf(ages);
  const address = new URL(url).host;
  let opened: Promise<Connection> | undefined;

  /** Runs a command on a connection that stands; whatever goes wrong is an error of ours. */
  const ask = async <T>(command: (client: Client) => Promise<T>): Promise<T> => {
    opened ??= connect();
    const { client, state } = await opened;
    if (!client.isReady && state.failure === undefined) await Promise.race([state.settled, overAfter(timeoutMs)]);
    if (!client.isReady) throw away(address, state.failure);
    try {
      return await command(client);
    } catch (thrown) {
      throw away(address, thrown);
    }
  };

  const connect = async (): Promise<Connection> => {
    const base = createBase(await import('@redis/client'), {
      url,
      ...(username === undefined ? {} : { username }),
      ...(password === undefined ? {} : { password: password.reveal() }),
      disableOfflineQueue: true,
      commandOptions: { timeout: timeoutMs },
      socket: {
        connectTimeout: timeoutMs,
        reconnectStrategy: (attempts) => Math.min(longestPauseMs, 50 * 2 ** attempts),
      },
    });
    const state: Connection['state'] = { failure: undefined, settled: Promise.resolve() };
    state.settled = new Promise((resolve) => {
      base.client.on('ready', () => {
        state.failure = undefined;
        resolve();
      });
      base.client.on('error', (thrown: unknown) => {
        state.failure = thrown;
        resolve();
      });
    });
    // It resolves when Redis is reached, perhaps hours later; whoever asks meanwhile is told.
    base.client.connect().catch((thrown: unknown) => {
      state.failure = thrown;
    });
    return { client: base.bytes, state };
  };

  return {
    async put(set, entity, { at, values }) {
      const leftMs = Math.ceil(at + lifeMs - deps.clock.now());
      if (leftMs <= 0) return;
      const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
      await ask((client) =>
        client.eval(putScript, { keys: [keyOf(set, entity)], arguments: [String(at), bytes, String(leftMs)] }),
      );
    },
    async get(set, entity) {
      const [at, bytes] = await ask((client) => client.hmGet(keyOf(set, entity), ['at', 'value']));
      if (!at || !bytes) return undefined;
      return rowAt(Number(at.toString()), bytes, { now: deps.clock.now(), staleMs, lifeMs });
    },
    sweep: () => Promise.resolve(0),
    async close() {
      const { client } = (await opened) ?? {};
      client?.destroy();
    },
  };
}

type Client = ReturnType<typeof createBase>['bytes'];

/** A client, and the view of it whose answers are bytes. */
function createBase(sdk: typeof redisSdk, options: redisSdk.RedisClientOptions) {
  const client = sdk.createClient(options);
  return { client, bytes: client.withTypeMapping({ [sdk.RESP_TYPES.BLOB_STRING]: Buffer }) };
}

interface Connection {
  client: Client;
  /** Why it does not stand now, and a promise that is kept at its first success or failure. */
  state: { failure: unknown; settled: Promise<void> };
}

/** The wait for a socket is of real time, whatever the clock says. */
function overAfter(ms: number): Promise<void> {
  return new Promise((resolve) => AbortSignal.timeout(ms).addEventListener('abort', () => resolve(), { once: true }));
}

function keyOf(set: string, entity: string): string {
  return `cerebro:features:${encodeURIComponent(set)}:${encodeURIComponent(entity)}`;
}

function away(address: string, thrown: unknown): CerebroError {
  const said = thrown instanceof Error ? thrown.message || thrown.name : 'no answer in time';
  const refused = /WRONGPASS|NOAUTH|NOPERM|AUTH failed/i.test(said);
  return new CerebroError(
    refused ? 'BACKEND_REJECTED' : 'BACKEND_UNAVAILABLE',
    `Redis at ${address} ${refused ? 'refused' : 'did not answer'}: ${said}`,
    { cause: thrown },
  );
}
