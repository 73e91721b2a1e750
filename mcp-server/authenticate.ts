import { createHash, timingSafeEqual } from 'node:crypto';
import type { Principal } from '../domain/question.ts';
import { CerebroError } from '../infra/runtime/errors.ts';
import type { Secret } from '../infra/runtime/secret.ts';

export interface TokenGrant {
  token: Secret;
  principal: Principal;
}

/** What is known of a request before its body is read. */
export interface RequestSigns {
  authorization: string | undefined;
  remoteAddress: string | undefined;
}

/** Tells who sends a request, or throws UNAUTHENTICATED. */
export type Authenticate = (signs: RequestSigns) => Principal;

/**
 * Bearer tokens, compared in constant time over their hashes. Where no token is configured, only connections from this machine come in, as
 * `local`; where any is, everybody needs one.
 */
export function createAuthenticate(grants: readonly TokenGrant[], local: Principal): Authenticate {
  const known = grants.map(({ token, principal }) => ({ hash: hashOf(token.reveal()), principal }));
  return ({ authorization, remoteAddress }) => {
    if (known.length === 0) {
      if (isLoopback(remoteAddress)) return local;
      throw new CerebroError(
        'UNAUTHENTICATED',
        'Only this machine may connect without a token; configure `mcp.tokens`.',
      );
    }
    const given = hashOf(/^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1] ?? '');
    let found: Principal | undefined;
    // No early exit: the time must not tell which token is near.
    for (const { hash, principal } of known) if (timingSafeEqual(hash, given)) found = principal;
    if (found === undefined)
      throw new CerebroError(
        'UNAUTHENTICATED',
        'Send `Authorization: Bearer <token>` with a token that is configured.',
      );
    return found;
  };
}

/** Whether an address is this machine's own. */
export function isLoopback(address: string | undefined): boolean {
  return address !== undefined && /^(127\.|::1$|::ffff:127\.|localhost$)/.test(address);
}

function hashOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
