import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyPluginAsync } from 'fastify';
import type { Clock } from '../../infra/runtime/clock.ts';
import { CerebroError } from '../../infra/runtime/errors.ts';
import type { Logger } from '../../infra/runtime/logger.ts';
import type { Metrics } from '../../infra/runtime/metrics.ts';
import type { Secret } from '../../infra/runtime/secret.ts';
import type { AlertQueue } from './alert-queue.ts';
import { type AlertBatch, readAlertmanager, readGenericAlert } from './alertmanager-payload.ts';

/** How senders prove themselves. With neither, anybody who reaches the port may send: bind to loopback then. */
export interface AlertSenderOptions {
  token?: Secret;
  basic?: { user: string; password: Secret };
}

/** Alerts that may wait for the worker; more are refused with 503, and Alertmanager keeps them for us. */
const mostWaiting = 20_000;

/**
 * `POST /hooks/alertmanager` and `POST /hooks/alert`. The sender is verified before the body is read. 200 as soon as the alerts are on
 * disk, also for known ones (Alertmanager repeats a 4xx for ever); 400 says what does not fit; 503 when they cannot be kept now.
 */
export function alertRoutes(
  deps: { queue: AlertQueue; clock: Clock; logger: Logger; metrics: Metrics },
  options: AlertSenderOptions,
): FastifyPluginAsync {
  const count = (result: string, by = 1): void => deps.metrics.count('cerebro_alerts_received_total', { result }, by);
  const accepted = acceptedHeaders(options);

  const keep = (batch: AlertBatch): { queued: number; duplicates: number } => {
    let kept: { queued: number; duplicates: number } | undefined;
    try {
      if (deps.queue.backlog() + batch.alerts.length <= mostWaiting) kept = deps.queue.add(batch);
    } catch (thrown) {
      throw new CerebroError('BACKEND_UNAVAILABLE', 'The alerts could not be written to disk; send again later.', {
        cause: thrown,
      });
    }
    if (kept === undefined)
      throw new CerebroError('BACKEND_UNAVAILABLE', 'Too many alerts wait to be worked; send again later.');
    if (kept.queued > 0) count('queued', kept.queued);
    if (kept.duplicates > 0) count('duplicate', kept.duplicates);
    return kept;
  };

  return async (app) => {
    app.addHook('onRequest', async (request) => {
      if (accepted.length > 0 && !accepted.some((header) => sameSecret(header, request.headers.authorization ?? ''))) {
        throw new CerebroError(
          'UNAUTHENTICATED',
          'Send the configured token as `Authorization: Bearer …`, or the configured user and password.',
        );
      }
    });
    app.setErrorHandler(async (thrown, _request, reply) => {
      const error = thrown instanceof CerebroError ? thrown : fromFastify(thrown);
      count(error.code === 'UNAUTHENTICATED' ? 'unauthenticated' : error.status < 500 ? 'malformed' : 'refused');
      deps.logger[error.status < 500 ? 'warn' : 'error']('alert-refused', { code: error.code, reason: error.message });
      await reply.code(error.status).send({ error: { code: error.code, message: error.message } });
    });
    const limits = { bodyLimit: 8 * 1024 * 1024 };
    app.post('/hooks/alertmanager', limits, (request, reply) =>
      reply.send(keep(readAlertmanager(request.body, deps.clock.now()))),
    );
    app.post('/hooks/alert', limits, (request, reply) =>
      reply.send(keep(readGenericAlert(request.body, deps.clock.now()))),
    );
    await Promise.resolve();
  };
}

function acceptedHeaders({ token, basic }: AlertSenderOptions): string[] {
  const headers: string[] = [];
  if (token !== undefined) headers.push(`Bearer ${token.reveal()}`);
  if (basic !== undefined)
    headers.push(`Basic ${Buffer.from(`${basic.user}:${basic.password.reveal()}`).toString('base64')}`);
  return headers;
}

function sameSecret(expected: string, given: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(expected), digest(given));
}

/** Fastify's own refusals (no JSON, too large, wrong type) are the sender's; all else is ours. */
function fromFastify(thrown: unknown): CerebroError {
  if (
    thrown instanceof Error &&
    'statusCode' in thrown &&
    typeof thrown.statusCode === 'number' &&
    thrown.statusCode < 500
  ) {
    return new CerebroError('INPUT_INVALID', thrown.message, { cause: thrown });
  }
  return CerebroError.from(thrown);
}
