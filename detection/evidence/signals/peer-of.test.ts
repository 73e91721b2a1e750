import { describe, expect, it } from 'vitest';
import { peerFromName, resolverOf } from './peer-of.ts';

const known = resolverOf(['service:payments', 'database:orders-db']);

describe('peer of a name', () => {
  it.each([
    ['payments', 'service:payments'],
    ['http://payments:8080/pay', 'service:payments'],
    ['payments.shop', 'service:payments'],
    ['payments.shop.svc.cluster.local', 'service:payments'],
    ['payments.provider.example', 'external:payments.provider.example'],
    ['api.provider.example', 'external:api.provider.example'],
    ['unheard-of', 'service:unheard-of'],
  ])('%s is %s', (name, id) => {
    expect(peerFromName(name, 'service', known)).toBe(id);
  });
});
