import type { Topology } from '../../domain/entity.ts';
import type { Alert } from '../../domain/question.ts';
import { contentHash } from '../../infra/runtime/canonical-json.ts';
import type { Clock } from '../../infra/runtime/clock.ts';
import { CerebroError } from '../../infra/runtime/errors.ts';
import type { Logger } from '../../infra/runtime/logger.ts';
import type { Asker } from '../bot.ts';
import type { AlertQueue, QueuedAlert, Triage } from './alert-queue.ts';
import { alertQuestion, alertTitle } from './alert-question.ts';
import { type GroupItem, groupAlerts } from './group-alerts.ts';

/** Where groups of alerts become investigations. No method changes anything when told the same twice: a restart tells again. */
export interface AlertInvestigations {
  open(about: { id: string; title: string; openedBy: string }): unknown;
  /** Adds an alert, or replaces the same one (fingerprint and start). */
  addAlert(id: string, alert: Alert): void;
  resolve(id: string): void;
  /** An investigation that somebody else opened for what began about then: its alerts belong there. */
  near?(at: string): string | undefined;
}

export interface AlertWorkerDeps {
  queue: AlertQueue;
  asker: Asker;
  investigations: AlertInvestigations;
  /** What depends on what; without it alerts are grouped by group key alone. */
  topology?: { topology(): Topology | Promise<Topology> };
  clock: Clock;
  logger: Logger;
}

export interface AlertWorkerOptions {
  /** How long the first alert of a group waits for its siblings, in milliseconds. */
  groupWindowMs?: number;
  /** How far apart alerts of one cause may start. */
  relatedWindowMs?: number;
  /** How often a failed triage is asked again. */
  attempts?: number;
}

/** Takes queued alerts to answers. `tick` does all that is due and never throws; ticks do not overlap. */
export interface AlertWorker {
  tick(signal?: AbortSignal): Promise<void>;
}

const batch = 300;
/** Alertmanager repeats a firing alert every four hours by default; a group unseen for a day is over, resolved or not. */
const openForMs = 86_400_000;
const keepForMs = 14 * 86_400_000;

export function createAlertWorker(deps: AlertWorkerDeps, options: AlertWorkerOptions = {}): AlertWorker {
  const { queue, clock, logger } = deps;
  const attempts = options.attempts ?? 3;
  let underWay: Promise<void> | undefined;
  let pruneAt = 0;

  const readTopology = async (): Promise<Topology> => {
    try {
      return (await deps.topology?.topology()) ?? { entities: [], edges: [] };
    } catch (thrown) {
      logger.warn('alert-topology-unknown', { reason: String(thrown) });
      return { entities: [], edges: [] };
    }
  };

  const group = async (): Promise<void> => {
    const fresh = queue.unassigned('firing', batch);
    if (fresh.length === 0) return;
    const open = queue.open(clock.now() - openForMs);
    const due = clock.now() - (options.groupWindowMs ?? 5_000);
    const openKeys = new Set(open.flatMap(({ alerts }) => alerts.map(({ groupKey }) => groupKey)));
    if (!fresh.some(({ receivedAt, groupKey }) => receivedAt <= due || openKeys.has(groupKey))) return;
    const topology = await readTopology();
    const old = open.flatMap(({ id, alerts }) => alerts.map((row) => ({ ...row, bond: id })));
    const items: (QueuedAlert & GroupItem)[] = [...old, ...fresh.map((row) => ({ ...row, bond: undefined }))];
    for (const members of groupAlerts(items, topology, options.relatedWindowMs ?? 600_000)) {
      const added = members.filter(({ bond }) => bond === undefined);
      const [first] = added;
      if (first === undefined) continue;
      const known = members.find(({ bond }) => bond !== undefined)?.bond;
      // Named after its first alert, so that the same alerts give the same investigation after a crash.
      const id =
        known ??
        deps.investigations.near?.(first.alert.startsAt) ??
        `inv_${contentHash([first.groupKey, first.alert.fingerprint, first.alert.startsAt]).slice(0, 12)}`;
      queue.assign(id, added);
      logger.info('alerts-grouped', { investigation: id, alerts: added.length, joined: known !== undefined });
    }
  };

  const tell = async (): Promise<void> => {
    const untold = queue.untold();
    if (untold.length === 0) return;
    const topology = await readTopology();
    for (const { id, alerts, resolvedAt } of untold) {
      const all = alerts.map(({ alert }) => alert);
      deps.investigations.open({
        id,
        title: alertTitle(all, topology),
        openedBy: `alert-source:${all[0]?.source ?? 'unknown'}`,
      });
      for (const alert of all) deps.investigations.addAlert(id, alert);
      if (resolvedAt !== undefined) deps.investigations.resolve(id);
      queue.told(id);
    }
  };

  const ask = async (triage: Triage, signal: AbortSignal): Promise<void> => {
    const alerts = triage.alerts.map(({ alert }) => alert);
    const question =
      triage.question ??
      alertQuestion({ investigation: triage.id, alerts, topology: await readTopology(), askedAt: clock.iso() });
    queue.asking(triage.id, question);
    try {
      for await (const event of deps.asker.ask(question, { signal })) {
        if (event.type === 'run-end' && event.status === 'failed')
          throw new CerebroError('INTERNAL', event.error ?? 'The run failed.');
      }
      queue.ended(triage.id, 'done');
      logger.info('alert-triaged', { investigation: triage.id, alerts: alerts.length });
    } catch (thrown) {
      // Withdrawn because we stop: asked anew at the next start. (After a kill, the very same question goes on where it stood.)
      if (signal.aborted) queue.asking(triage.id, undefined);
      else fail(triage, CerebroError.from(thrown));
    }
  };

  const fail = (triage: Triage, error: CerebroError): void => {
    const last = triage.attempts + 1 >= attempts;
    logger[last ? 'error' : 'warn']('alert-triage-failed', {
      investigation: triage.id,
      code: error.code,
      reason: error.message,
      last,
    });
    if (last) queue.ended(triage.id, 'failed');
    else
      queue.again(triage.id, clock.now() + 15_000 * 4 ** triage.attempts, { sameQuestion: error.code === 'CONFLICT' });
  };

  const work = async (signal: AbortSignal): Promise<void> => {
    await group();
    queue.applyResolved(batch);
    await tell();
    for (const triage of queue.waiting()) {
      if (signal.aborted) return;
      await ask(triage, signal);
    }
    if (clock.now() >= pruneAt) {
      pruneAt = clock.now() + 3_600_000;
      queue.prune(clock.now() - keepForMs);
    }
  };

  return {
    tick(signal = new AbortController().signal) {
      underWay ??= work(signal)
        .catch((thrown: unknown) => logger.error('alert-worker-failed', { reason: String(thrown) }))
        .finally(() => {
          underWay = undefined;
        });
      return underWay;
    },
  };
}
