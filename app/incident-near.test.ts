import { describe, expect, it } from 'vitest';
import type { Alert } from '../domain/question.ts';
import { createFakeClock } from '../infra/runtime/clock.ts';
import { openInvestigations } from '../tools/investigations.ts';
import { incidentNear } from './incident-near.ts';

const at = '2026-11-20T10:00:00.000Z';
const alertAt = (startsAt: string): Alert => ({
  fingerprint: 'f',
  name: 'errors',
  status: 'firing',
  startsAt,
  labels: {},
  annotations: {},
  source: 'watch',
});

describe('incidentNear', () => {
  it('finds the open investigation of the other door, near in time, and no other', () => {
    const investigations = openInvestigations({ clock: createFakeClock(at) }, ':memory:');
    for (const [id, openedBy, startsAt] of [
      ['mine', 'watch', '2026-11-20T09:58:00.000Z'],
      ['theirs', 'alert-source:alertmanager', '2026-11-20T09:59:00.000Z'],
      ['old', 'watch', '2026-11-20T08:00:00.000Z'],
      ['said', 'terminal', '2026-11-20T10:00:00.000Z'],
    ] as const) {
      investigations.open({ id, title: id, openedBy });
      investigations.addAlert(id, alertAt(startsAt));
    }
    expect(incidentNear(investigations, 'watch', at)).toBe('mine');
    expect(incidentNear(investigations, 'alert-source', at)).toBe('theirs');
    expect(incidentNear(investigations, 'watch', at, 60_000)).toBeUndefined();
    investigations.resolve('mine');
    expect(incidentNear(investigations, 'watch', at)).toBeUndefined();
    investigations.close();
  });
});
