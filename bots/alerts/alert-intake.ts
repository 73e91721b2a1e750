import type { FastifyPluginAsync } from 'fastify';
import type { Database } from '../../infra/runtime/database.ts';
import type { Metrics } from '../../infra/runtime/metrics.ts';
import type { Bot } from '../bot.ts';
import { createAlertQueue } from './alert-queue.ts';
import { alertRoutes, type AlertSenderOptions } from './alert-routes.ts';
import { type AlertWorkerDeps, type AlertWorkerOptions, createAlertWorker } from './alert-worker.ts';

export interface AlertIntakeDeps extends Omit<AlertWorkerDeps, 'queue'> {
  /** Opened with `alertMigrations`; stays the caller's to close. */
  store: Database;
  metrics: Metrics;
}

export interface AlertIntakeOptions extends AlertSenderOptions, AlertWorkerOptions {
  /** How often the worker looks for what is due, in milliseconds. */
  pollMs?: number;
}

/** The alert door: `routes` takes alerts in (register it on the HTTP server), the worker between `start` and `stop` triages them. */
export interface AlertIntake extends Bot {
  routes: FastifyPluginAsync;
  /** Does all that is due now; for tests and for hosts with a scheduler of their own. */
  tick(): Promise<void>;
}

/**
 * Takes alerts from Alertmanager and from a generic webhook, keeps them on disk before it answers, groups them into one investigation
 * per cause and has each triaged without anybody asking. What was queued is worked after a kill; nothing is triaged twice.
 */
export function createAlertIntake(deps: AlertIntakeDeps, options: AlertIntakeOptions = {}): AlertIntake {
  const logger = deps.logger.child({ bot: 'alerts' });
  const queue = createAlertQueue(deps);
  const worker = createAlertWorker({ ...deps, queue, logger }, options);
  let stopping: AbortController | undefined;
  let loop: Promise<void> | undefined;

  const run = async (signal: AbortSignal): Promise<void> => {
    while (!signal.aborted) {
      await worker.tick(signal);
      await deps.clock.sleep(options.pollMs ?? 500, signal).catch(() => undefined);
    }
  };

  return {
    name: 'alerts',
    routes: alertRoutes({ ...deps, queue, logger }, options),
    tick: () => worker.tick(stopping?.signal),
    start: () => {
      if (loop === undefined) {
        stopping = new AbortController();
        loop = run(stopping.signal);
      }
      return Promise.resolve();
    },
    stop: async () => {
      stopping?.abort();
      await loop;
      loop = undefined;
    },
  };
}
