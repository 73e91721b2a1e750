import type { Change, LogRecord } from '../../domain/signal.ts';
import { isoOf } from '../../infra/runtime/clock.ts';
import type { Scene } from './simulated-shop.ts';

/** What the services of a simulated incident write. */
export function logsOf(scene: Scene, start: number, steps: number): LogRecord[] {
  const logs: LogRecord[] = [];
  for (let step = 0; step < steps; step += 1) {
    const at = isoOf(start + step * scene.stepS * 1000);
    logs.push({
      at,
      entity: 'service:door',
      level: 'info',
      message: `request served in ${Math.round(20 + 9 * scene.random.next())} ms`,
    });
    if (step < scene.onset || scene.target === undefined) continue;
    if (scene.fault === 'bad-deploy-errors')
      logs.push({
        at,
        entity: scene.target,
        level: 'error',
        message: "request failed TypeError: Cannot read properties of undefined (reading 'rate')",
      });
    if (scene.fault === 'pool-exhaustion')
      logs.push({
        at,
        entity: scene.target,
        level: 'error',
        message: 'timed out acquiring a connection from the pool',
      });
    if (scene.fault === 'disk-full' && step > scene.onset + 11)
      logs.push({ at, entity: scene.target, level: 'error', message: 'ENOSPC: no space left on device, write' });
  }
  return logs;
}

/** The change feed of a simulated incident: two decoys, and the culprit where a change brought the fault. */
export function changesOf(scene: Scene, onsetMs: number): Change[] {
  const changes: Change[] = [
    {
      id: 'decoy-1',
      at: isoOf(onsetMs - 6_000),
      kind: 'deploy',
      entity: 'service:bystander',
      title: 'Deploy bystander: wording',
      files: ['bystander/messages.ts'],
      diff: diffOf('bystander/messages.ts', ["  a: 'field missing',"], ["  a: 'Please fill in this field.',"]),
    },
    {
      id: 'decoy-2',
      at: isoOf(onsetMs - 3_000),
      kind: 'config',
      entity: 'service:door',
      title: 'door: dashboards',
      files: ['deploy/door/dashboard.yaml'],
    },
  ];
  const target = scene.target;
  if (target === undefined) return changes;
  const add = (kind: Change['kind'], file: string, lines: { removed: string[]; added: string[] }): void =>
    void changes.push({
      id: 'culprit',
      at: isoOf(onsetMs - 500),
      kind,
      entity: target,
      title: `change of ${file}`,
      files: [file],
      diff: diffOf(file, lines.removed, lines.added),
    });
  if (scene.fault === 'pool-exhaustion')
    add('config', 'deploy/values.yaml', {
      removed: ['    max: 8', '    acquireTimeoutMs: 1000'],
      added: ['    poolMax: 1', '    acquireTimeoutMs: 200'],
    });
  if (scene.fault === 'retry-storm')
    add('config', 'deploy/values.yaml', { removed: ['    attempts: 2'], added: ['    attempts: 10'] });
  if (scene.fault === 'n-plus-one')
    add('deploy', 'src/load.ts', {
      removed: ['  return manyById(ids);'],
      added: ['  for (const id of ids) rows.push(await load(id));'],
    });
  if (scene.fault === 'bad-deploy-errors')
    add('deploy', 'src/price.ts', {
      removed: ['  return reply;'],
      added: ['  return reply.pricing.tax.rate.toFixed(2);'],
    });
  return changes;
}

function diffOf(file: string, removed: readonly string[], added: readonly string[]): string {
  return [
    `--- a/${file}`,
    `+++ b/${file}`,
    '@@ -1 +1 @@',
    ...removed.map((line) => `-${line}`),
    ...added.map((line) => `+${line}`),
  ].join('\n');
}
