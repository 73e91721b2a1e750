import { expect, it } from 'vitest';
import { checkResources } from '../../../detection/evidence/checks/check-resources.ts';
import { readCluster } from './read-cluster.ts';

const pod = (name: string, ready: boolean, more: Record<string, unknown> = {}): Record<string, unknown> => ({
  name,
  namespace: 'shop',
  phase: 'Running',
  containers: [
    {
      name: 'api',
      ready,
      restart_count: ready ? 0 : 4,
      state: ready ? { running: true } : { waiting: true, reason: 'CrashLoopBackOff' },
    },
  ],
  conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }],
  ...more,
});
const kindsOf = (pods: unknown[], events: unknown[] = []): (string | undefined)[] =>
  checkResources(
    readCluster(
      new Map<string, unknown>([
        ['eks_pods', { pods }],
        ['eks_events', { warning_events: events }],
      ]),
      'api',
    ),
  ).map(({ faultKind }) => faultKind);

it('tells a crash loop, but not that of a pod on its way out', () => {
  expect(kindsOf([pod('api-5d8f9c7b6d-aaaaa', false), pod('api-5d8f9c7b6d-bbbbb', true)])).toContain('crash-loop');
  const leaving = pod('api-6c4ab5d9cc-aaaaa', false, { deletion_timestamp: '2026-01-01T00:00:00Z' });
  expect(kindsOf([leaving, pod('api-5d8f9c7b6d-bbbbb', true)])).toEqual([]);
});

it('tells a probe that ends a healthy program', () => {
  const name = 'api-5d8f9c7b6d-aaaaa';
  const about = { namespace: 'shop', involved_object: `Pod/${name}`, first_time: '2026-01-01T00:00:00Z' };
  const events = [
    { ...about, reason: 'Unhealthy', message: 'Liveness probe failed: HTTP probe failed with statuscode: 500' },
    { ...about, reason: 'Killing', message: 'Container api failed liveness probe, will be restarted' },
  ];
  const ended = (code: number): Record<string, unknown> => ({
    containers: [{ name: 'api', ready: false, restart_count: 5, state: { running: true, exit_code: code } }],
  });
  expect(kindsOf([pod(name, false, ended(0))], events)).toContain('probe-misconfigured');
  expect(kindsOf([pod(name, false, ended(1))], events)).not.toContain('probe-misconfigured');
});
