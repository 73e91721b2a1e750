import type { FastifyReply, FastifyRequest } from 'fastify';
import { CerebroError } from '../../../infra/runtime/errors.ts';
import type { Logger } from '../../../infra/runtime/logger.ts';

/** Answers a request that failed with `{ code, message }` and the status of the code. What is our own defect is logged, not shown. */
export function replyError(logger: Logger, thrown: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const refused = statusOfFastify(thrown);
  if (refused !== undefined) {
    void reply.status(refused).send({ code: 'INPUT_INVALID', message: messageOf(refused) });
    return;
  }
  const error = CerebroError.from(thrown);
  if (error.status >= 500) {
    logger.error('request-failed', {
      method: request.method,
      route: request.routeOptions.url,
      code: error.code,
      message: error.message,
      stack: error.stack,
    });
  }
  const message =
    error.code === 'INTERNAL' ? `Something went wrong on our side; the log has it as ${request.id}.` : error.message;
  void reply.status(error.status).send({ code: error.code, message });
}

function statusOfFastify(thrown: unknown): number | undefined {
  if (thrown instanceof CerebroError || !(thrown instanceof Error)) return undefined;
  const status = (thrown as Error & { statusCode?: unknown }).statusCode;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : undefined;
}

function messageOf(status: number): string {
  if (status === 413) return 'The request is larger than is accepted here.';
  if (status === 415) return 'Send the body as application/json.';
  return 'The request could not be read.';
}
