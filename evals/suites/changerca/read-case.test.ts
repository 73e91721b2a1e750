import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { msOf } from '../../../infra/runtime/clock.ts';
import { readCase } from './read-case.ts';

const detected = 1_700_000_000;
const dir = mkdtempSync(join(tmpdir(), 'cerebro-rollouts-'));
afterAll(() => rmSync(dir, { recursive: true }));

const put = (name: string, text: string): void => writeFileSync(join(dir, name), text);
put(
  'rollouts.json',
  JSON.stringify({
    detect_timestamp: detected,
    plan: {
      price: {
        release_time: detected - 90,
        process: { [detected - 90]: { release_complete_timestamp: detected - 30 } },
      },
      order: {
        release_time: detected - 40,
        process: { [detected - 40]: { release_complete_timestamp: detected + 20 } },
      },
    },
  }),
);
put('dependency.csv', 'Source,Target,Weight\nweb,order,1\norder,price,1\norder,10.0.0.1,1\n');
put(
  'price-v2-abc-de_order_price.csv',
  `Time,Timestamp,SuccessRate,Latency\nx,${detected - 60},100,3\nx,${detected},50,3\nx,${detected + 60},0,3\n`,
);
put(
  'destination_success.csv',
  `time,timestamp,web_order\nx,${detected - 60},100.0\nx,${detected},\nx,${detected + 1},10.0\n`,
);
put('gied.json', '{ not even JSON: it must not be opened');

it('reads nothing that came after the detection', () => {
  const { data, rollouts, window } = readCase(dir);
  const times = data.metrics.flatMap(({ samples }) => samples.map(([at]) => at));
  expect(Math.max(...times)).toBe(detected * 1000);
  expect(msOf(window.to)).toBe(detected * 1000 + 1);
  expect(data.metrics.find(({ metric }) => metric === 'request_success_percent')).toMatchObject({
    entity: 'service:price',
    labels: { version: 'v2', source: 'order' },
    samples: [
      [(detected - 60) * 1000, 100],
      [detected * 1000, 50],
    ],
  });
  expect(rollouts).toEqual(['order', 'price']);
});

it('knows of a rollout only what was known then', () => {
  const { data } = readCase(dir);
  const serving = data.changes.map(({ entity, labels }) => [entity, labels?.['serving_at']]);
  expect(serving).toEqual([
    ['service:price', new Date((detected - 30) * 1000).toISOString()],
    ['service:order', undefined],
  ]);
  expect(data.topology.edges.map(({ from, to }) => `${from} ${to}`)).toEqual([
    'service:web service:order',
    'service:order service:price',
  ]);
});
