import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { finding } from '../../../domain/finding.ts';
import type { Resource } from '../../../domain/signal.ts';
import { checkResources } from './check-resources.ts';
import { faultKindOf } from '../../faults/fault-catalogue.ts';

const resource = (kind: string, name: string, object: Record<string, unknown>): Resource => ({
  kind,
  name,
  namespace: 'shop',
  object,
});
const waiting = (reason: string): Record<string, unknown> => ({
  metadata: { labels: { app: 'cart' } },
  status: { containerStatuses: [{ state: { waiting: { reason, message: 'quoted words' } } }] },
});

describe('checkResources', () => {
  it.each([
    [
      'an image that cannot be pulled',
      resource('Pod', 'cart-1', waiting('ImagePullBackOff')),
      'service:cart',
      'image-pull-failed',
    ],
    ['a crash loop', resource('Pod', 'cart-1', waiting('CrashLoopBackOff')), 'service:cart', 'crash-loop'],
    [
      'a missing secret',
      resource('Pod', 'cart-1', waiting('CreateContainerConfigError')),
      'service:cart',
      'secret-missing',
    ],
    [
      'an out-of-memory kill',
      resource('Pod', 'cart-7d9c5b8f6c-x2x4z', {
        status: { containerStatuses: [{ lastState: { terminated: { reason: 'OOMKilled' } } }] },
      }),
      'service:cart',
      'out-of-memory',
    ],
    ['no replicas', resource('Deployment', 'cart', { spec: { replicas: 0 } }), 'service:cart', 'zero-replicas'],
    [
      'a node that is not ready',
      resource('Node', 'n1', { status: { conditions: [{ type: 'Ready', status: 'Unknown', message: 'stopped' }] } }),
      'node:n1',
      'node-not-ready',
    ],
  ])('sees %s', (_name, given, entity, faultKind) => {
    const found = checkResources([given]);
    expect(found.map((one) => `${one.entity} ${one.faultKind}`)).toEqual([`${entity} ${faultKind}`]);
    expect(faultKindOf(faultKind)).toBeDefined();
    expect(finding.safeParse(found[0]).success).toBe(true);
  });

  it('never throws on odd objects', () => {
    const kind = fc.constantFrom('Pod', 'Service', 'Node', 'Event', 'Deployment', 'PersistentVolumeClaim', 'Odd');
    const object = fc.dictionary(
      fc.constantFrom('status', 'spec', 'metadata', 'type', 'reason', 'involvedObject'),
      fc.jsonValue(),
    );
    fc.assert(
      fc.property(fc.array(fc.record({ kind, name: fc.string(), object }), { maxLength: 6 }), (all) =>
        checkResources(all).every((one) => finding.safeParse(one).success),
      ),
      { numRuns: 150 },
    );
  });
});
