import { expect, it } from 'vitest';
import { aDeployment, aPod, aService } from './fake-cluster-objects.ts';
import { topologyFromResources } from './topology-from-resources.ts';

it('draws calls from the environment, places from pods, and says which object told it', () => {
  const env = [
    { name: 'CART_ADDR', value: 'http://cart.shop.svc.cluster.local:80/v1' },
    { name: 'ASSISTANT_ADDR', value: 'assistant:80' },
  ];
  const { edges } = topologyFromResources([
    aDeployment('front', { container: { env } }),
    aPod('front'),
    aService('cart'),
    aDeployment('cart'),
    aPod('cart', { spec: { nodeName: 'node-b' } }),
  ]);
  expect(edges.map(({ from, to, kind, source }) => [from, to, kind, source])).toEqual(
    expect.arrayContaining([
      ['service:front', 'service:cart', 'calls', 'environment variable CART_ADDR'],
      ['service:cart', 'node:node-b', 'runs-on', expect.stringContaining('Pod cart')],
      ['service:front', 'namespace:shop', 'configured-by', expect.any(String)],
    ]),
  );
  expect(edges.some(({ to }) => to.includes('assistant'))).toBe(false);
});
