import type { Role } from '../../domain/question.ts';
import type { ToolSession } from '../client.ts';
import type { Guard, GuardedCall } from './guard.ts';

const neededRank = { read: 0, propose: 1, act: 2 } as const;
const rankOf = { viewer: 0, responder: 1, approver: 2, admin: 3 } as const satisfies Record<Role, number>;
const roleFor = { read: 'viewer', propose: 'responder', act: 'approver' } as const;

/** Whether a session's roles allow an effect: a viewer reads, a responder proposes, an approver or admin acts. No role, no right. */
export function isAllowed(session: ToolSession, effect: GuardedCall['effect']): boolean {
  return session.principal.roles.some((role) => rankOf[role] >= neededRank[effect]);
}

/** Stops calls that the principal's roles do not allow. */
export function createAuthorize(): Guard {
  return {
    name: 'authorize',
    before: (call) =>
      isAllowed(call.session, call.effect)
        ? undefined
        : {
            status: 'failed',
            code: 'FORBIDDEN',
            message: `${call.session.principal.id} may not ${call.effect} with ${call.tool}.`,
            hint: `This needs the role ${roleFor[call.effect]}; the principal has ${call.session.principal.roles.join(', ') || 'none'}. Ask somebody who has it, do not try again.`,
          },
  };
}
