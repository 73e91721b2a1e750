import { postgresNames } from '../database-sessions.ts';

/** The application's database. */
export const database = { port: 5432, name: 'shop', user: 'shop' };

/** Names under which each part of the shop may rightly be blamed. */
export const names = {
  postgres: [...postgresNames(5432, 9187), 'database:shop'],
  redis: ['redis', 'cache.shop.internal', 'cache', '127.0.0.1:6379', '127.0.0.1:9121', 'redis://127.0.0.1:6379'],
  app: ['shop-app', 'shop', '127.0.0.1:5000'],
  web: ['nginx', 'shop.example', 'https://shop.example:8443*', '127.0.0.1:9113', 'blackbox'],
  host: ['node', 'host', '127.0.0.1:9100', 'localhost'],
  provider: ['payments.example', 'payments.example:9800', 'payment provider', 'payments', 'payment'],
};
