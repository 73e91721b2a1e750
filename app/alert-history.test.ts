import { describe, expect, it } from 'vitest';
import type { Alert } from '../domain/question.ts';
import { createFakeClock } from '../infra/runtime/clock.ts';
import { openInvestigations } from '../tools/investigations.ts';
import { createAlertHistory } from './alert-history.ts';

const alert = (name: string, labels: Record<string, string>, startsAt: string): Alert => ({
  fingerprint: name,
  name,
  status: 'firing',
  startsAt,
  labels,
  annotations: {},
  source: 'alertmanager',
});

describe('createAlertHistory', () => {
  it('gives the alerts of own incidents in order, each with its incident and what it is about', async () => {
    const investigations = openInvestigations({ clock: createFakeClock('2026-03-01T12:00:00.000Z') }, ':memory:');
    investigations.open({ id: 'inv_1', title: 'one', openedBy: 'test' });
    investigations.addAlert('inv_1', alert('HighCPU', { service: 'cart', pod: 'cart-0' }, '2026-03-01T10:01:00.000Z'));
    investigations.addAlert('inv_1', alert('SlowRequests', { service: 'web' }, '2026-03-01T10:00:00.000Z'));
    investigations.addAlert('inv_1', alert('Watchdog', {}, '2026-03-01T10:00:00.000Z'));
    const history = createAlertHistory(investigations, undefined);
    const window = { from: '2026-03-01T09:00:00.000Z', to: '2026-03-01T11:00:00.000Z' };
    expect(await history.list(window)).toMatchObject({
      status: 'ok',
      items: [
        { incident: 'inv_1', entity: 'service:web', name: 'SlowRequests' },
        { incident: 'inv_1', entity: 'service:cart', name: 'HighCPU' },
      ],
    });
    expect(await history.list({ from: window.to, to: '2026-03-01T12:00:00.000Z' })).toMatchObject({
      status: 'no-data',
    });
    investigations.close();
  });
});
