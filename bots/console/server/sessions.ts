import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CerebroError } from '../../../infra/runtime/errors.ts';
import type { Clock } from '../../../infra/runtime/clock.ts';
import type { Secret } from '../../../infra/runtime/secret.ts';

const cookieName = 'cerebro_session';
const lifetimeMs = 12 * 3_600_000;
const attemptsPerMinute = 10;
const mostSessions = 1_000;
const mostSenders = 10_000;

export interface SessionOptions {
  /** Absent on loopback without log-in: then everybody who reaches the port is in. */
  token?: Secret;
  /** True behind TLS: the cookie is then sent over TLS only. */
  secure: boolean;
}

/** Who is logged in. Sessions live in memory for 12 hours: a restart logs everybody out. */
export interface Sessions {
  required: boolean;
  /** True for a valid session cookie or the token as a bearer. */
  has(request: FastifyRequest): boolean;
  /** Opens a session for the right token. Throws UNAUTHENTICATED, or RATE_LIMITED after 10 wrong tokens of one sender in a minute. */
  open(token: string, request: FastifyRequest, reply: FastifyReply): void;
  close(request: FastifyRequest, reply: FastifyReply): void;
}

/** Makes the log-in: a token compared in constant time, then a random cookie that scripts cannot read and other sites cannot send. */
export function createSessions(deps: { clock: Clock }, options: SessionOptions): Sessions {
  const expiries = new Map<string, number>();
  const failures = new Map<string, number[]>();
  const attributes = `Path=/; HttpOnly; SameSite=Strict${options.secure ? '; Secure' : ''}`;

  const matches = (candidate: string): boolean =>
    options.token !== undefined && timingSafeEqual(digest(candidate), digest(options.token.reveal()));

  const guardedMatch = (candidate: string, sender: string): boolean => {
    const now = deps.clock.now();
    const recent = (failures.get(sender) ?? []).filter((at) => now - at < 60_000);
    if (recent.length >= attemptsPerMinute) {
      throw new CerebroError('RATE_LIMITED', 'Too many wrong tokens; wait a minute and try again.');
    }
    failures.delete(sender);
    if (matches(candidate)) return true;
    dropOldest(failures, mostSenders);
    failures.set(sender, [...recent, now]);
    return false;
  };

  return {
    required: options.token !== undefined,
    has: (request) => {
      if (options.token === undefined) return true;
      const bearer = request.headers.authorization?.match(/^Bearer (.+)$/i)?.[1];
      if (bearer !== undefined) return guardedMatch(bearer, request.ip);
      const id = cookieOf(request);
      const expiry = id === undefined ? undefined : expiries.get(hex(id));
      return expiry !== undefined && expiry > deps.clock.now();
    },
    open: (token, request, reply) => {
      if (!guardedMatch(token, request.ip))
        throw new CerebroError('UNAUTHENTICATED', 'This token is not the right one.');
      const id = randomBytes(32).toString('base64url');
      dropOldest(expiries, mostSessions);
      // Only the hash is kept, so that a memory dump opens no session.
      expiries.set(hex(id), deps.clock.now() + lifetimeMs);
      reply.header('set-cookie', `${cookieName}=${id}; Max-Age=${lifetimeMs / 1000}; ${attributes}`);
    },
    close: (request, reply) => {
      const id = cookieOf(request);
      if (id !== undefined) expiries.delete(hex(id));
      reply.header('set-cookie', `${cookieName}=; Max-Age=0; ${attributes}`);
    },
  };
}

function dropOldest(map: Map<string, unknown>, most: number): void {
  const oldest = map.keys().next().value;
  if (map.size >= most && oldest !== undefined) map.delete(oldest);
}

function cookieOf(request: FastifyRequest): string | undefined {
  for (const pair of (request.headers.cookie ?? '').split(';')) {
    const [name, value] = pair.trim().split('=');
    if (name === cookieName && value) return value;
  }
  return undefined;
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function hex(text: string): string {
  return digest(text).toString('hex');
}
