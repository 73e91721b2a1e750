import { expect, it } from 'vitest';
import { serviceOfLog } from './service-of-log.ts';

it.each([
  ['/var/log/nginx/access.log', 'nginx'],
  ['/var/log/nginx/error.log.1', 'nginx'],
  ['/srv/shop/logs/shop.out', 'shop'],
  ['/var/log/postgresql/postgresql-15-main.log', 'postgresql'],
  ['/opt/payments/logs/server.log', 'payments'],
  ['/home/dev/rig/logs/redis.log', 'redis'],
  ['/var/log/messages', 'messages'],
])('%s is of %s', (path, service) => {
  expect(serviceOfLog(path)).toBe(service);
});
