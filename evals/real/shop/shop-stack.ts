import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { peerProgram } from '../../../infra/services/python-peers.ts';
import { startPostgres } from '../start-postgres.ts';
import type { Rig, Stack } from '../rig.ts';
import { startHistory } from '../commit.ts';
import { commonBreaks } from '../common-breaks.ts';
import { codeBreaks } from './code-breaks.ts';
import { platformBreaks } from './platform-breaks.ts';
import { names } from './shop-names.ts';
import { storeBreaks } from './store-breaks.ts';
import { shopFiles } from './shop-files.ts';

/** nginx with TLS, a Flask application, PostgreSQL, Redis, a payment provider, Debian's exporters, Prometheus and Alertmanager. */
export function createShopStack(): Stack {
  return {
    name: 'shop',
    needs: [
      'nginx',
      'redis-server',
      'prometheus',
      'prometheus-alertmanager',
      'prometheus-node-exporter',
      'prometheus-postgres-exporter',
      'prometheus-redis-exporter',
      'prometheus-nginx-exporter',
      'prometheus-blackbox-exporter',
      'stress-ng',
      'iptables',
      'openssl',
      'git',
      'psql',
    ],
    peers: ['flask'],
    start,
    connect: ({ dir }) => ({
      sources: {
        prometheus: { url: 'http://127.0.0.1:9090' },
        collector: {
          logs: [
            { service: 'shop-app', path: join(dir, 'logs/shop.log') },
            { service: 'nginx', path: join(dir, 'logs/nginx-access.log') },
            { service: 'nginx', path: join(dir, 'logs/nginx-error.log') },
            { service: 'postgres', path: join(dir, 'logs/pg/postgres.json') },
            { service: 'redis', path: join(dir, 'logs/redis.log') },
          ],
        },
        git: [
          { path: join(dir, 'shop-config'), service: 'nginx' },
          { path: join(dir, 'shop'), service: 'shop-app' },
        ],
      },
      knowledge: { folders: [join(dir, 'catalog')] },
    }),
    breaks: [...storeBreaks, ...platformBreaks, ...codeBreaks, ...commonBreaks({ usual: 20, peak: 70 }, names.host)],
  };
}

async function start(rig: Rig): Promise<void> {
  const { dir, programs } = rig;
  for (const [name, text] of Object.entries(shopFiles(dir))) {
    mkdirSync(dirname(join(dir, name)), { recursive: true });
    writeFileSync(join(dir, name), text);
  }
  for (const folder of ['receipts', 'tls', 'tmp', 'shop']) mkdirSync(join(dir, folder), { recursive: true });
  await programs.run(['mount', '--bind', join(dir, 'hosts'), '/etc/hosts']);
  await programs.run(['mount', '-t', 'tmpfs', '-o', 'size=40m', 'tmpfs', join(dir, 'receipts')]);
  await makeCertificates(rig);
  cpSync(join(import.meta.dirname, 'app.py'), join(dir, 'shop/app.py'));
  for (const repository of ['shop', 'shop-config']) await startHistory(rig, repository);
  await startPostgres(rig, {
    name: 'postgres',
    port: 5432,
    data: join(dir, 'pg'),
    settings: {
      max_connections: '40',
      shared_buffers: '64MB',
      log_min_duration_statement: '1000',
      log_lock_waits: 'on',
    },
    log: { folder: join(dir, 'logs/pg'), destination: 'jsonlog' },
  });
  await programs.run(['psql', '-h', '127.0.0.1', '-U', 'postgres', '-q', '-v', 'ON_ERROR_STOP=1'], { input: schema });
  programs.start('redis', redisCommand(dir));
  programs.start('payments', ['nginx', '-c', join(dir, 'conf/payments.conf')]);
  programs.start('shop', [peerProgram('flask') ?? 'python3', join(dir, 'shop/app.py')], {
    env: {
      LOG: join(dir, 'logs/shop.log'),
      DATABASE_URL: 'host=db.shop.internal port=5432 user=shop password=shop dbname=shop connect_timeout=3',
      REDIS_HOST: 'cache.shop.internal',
      PAYMENTS_URL: 'http://payments.example:9800',
      RECEIPTS: join(dir, 'receipts'),
    },
    memory: 260_000_000,
    revive: true,
  });
  programs.start('nginx', ['nginx', '-c', join(dir, 'shop-config/nginx.conf')]);
  startExporters(rig);
  await programs.answers('http://127.0.0.1:5000/healthz');
  await programs.answers('http://127.0.0.1:9090/-/ready');
  const base = 'https://shop.example:8443';
  writeFileSync(
    join(dir, 'load.json'),
    JSON.stringify({
      seed: 1,
      ca: join(dir, 'tls/ca.pem'),
      mix: [
        { weight: 0.6, method: 'GET', url: `${base}/products/{2000}` },
        { weight: 0.2, method: 'GET', url: `${base}/orders?user={20000}` },
        { weight: 0.2, method: 'POST', url: `${base}/orders` },
      ],
    }),
  );
  rig.load(20);
  programs.start('load', [
    process.execPath,
    join(import.meta.dirname, '../load-main.ts'),
    join(dir, 'load.json'),
    join(dir, 'rate'),
  ]);
}

const redisCommand = (dir: string): string[] => [
  'redis-server',
  '--port',
  '6379',
  '--bind',
  '127.0.0.1',
  '--save',
  '',
  '--dir',
  dir,
  '--maxmemory',
  '64mb',
  '--maxmemory-policy',
  'allkeys-lru',
  '--logfile',
  join(dir, 'logs/redis.log'),
];

function startExporters({ dir, programs }: Rig): void {
  const at = (port: number): string => `--web.listen-address=127.0.0.1:${port}`;
  programs.start('node-exporter', ['prometheus-node-exporter', at(9100)]);
  programs.start('postgres-exporter', ['prometheus-postgres-exporter', at(9187)], {
    env: { DATA_SOURCE_NAME: 'postgresql://exporter:exporter@127.0.0.1:5432/shop?sslmode=disable' },
  });
  programs.start('redis-exporter', ['prometheus-redis-exporter', at(9121), '--redis.addr', 'redis://127.0.0.1:6379']);
  programs.start('nginx-exporter', [
    'prometheus-nginx-exporter',
    '-web.listen-address',
    '127.0.0.1:9113',
    '-nginx.scrape-uri',
    'http://127.0.0.1:8001/stub_status',
  ]);
  programs.start('blackbox', [
    'prometheus-blackbox-exporter',
    at(9115),
    `--config.file=${join(dir, 'conf/blackbox.yml')}`,
  ]);
  programs.start('prometheus', [
    'prometheus',
    `--config.file=${join(dir, 'conf/prometheus.yml')}`,
    `--storage.tsdb.path=${join(dir, 'prometheus')}`,
    at(9090),
  ]);
  programs.start('alertmanager', [
    'prometheus-alertmanager',
    `--config.file=${join(dir, 'conf/alertmanager.yml')}`,
    `--storage.path=${join(dir, 'alertmanager')}`,
    at(9093),
    '--cluster.listen-address=',
  ]);
}

/** A certificate authority, a certificate that holds for months, and one that ended when it was made. */
async function makeCertificates({ dir, programs }: Rig): Promise<void> {
  const tls = (name: string): string => join(dir, 'tls', name);
  await programs.run([
    'openssl',
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-keyout',
    tls('ca.key'),
    '-out',
    tls('ca.pem'),
    '-subj',
    '/CN=shop-ca',
    '-days',
    '300',
  ]);
  await programs.run([
    'openssl',
    'req',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-keyout',
    tls('shop.key'),
    '-out',
    tls('shop.csr'),
    '-subj',
    '/CN=shop.example',
    '-addext',
    'subjectAltName=DNS:shop.example',
  ]);
  for (const [name, days] of [
    ['good', '200'],
    ['expired', '0'],
  ] as const)
    await programs.run([
      'openssl',
      'x509',
      '-req',
      '-in',
      tls('shop.csr'),
      '-CA',
      tls('ca.pem'),
      '-CAkey',
      tls('ca.key'),
      '-CAcreateserial',
      '-copy_extensions',
      'copy',
      '-days',
      days,
      '-out',
      tls(`${name}.pem`),
    ]);
  cpSync(tls('good.pem'), tls('shop.pem'));
}

const schema = `
CREATE ROLE shop LOGIN PASSWORD 'shop'; CREATE DATABASE shop OWNER shop; CREATE ROLE exporter LOGIN PASSWORD 'exporter' IN ROLE pg_monitor;
\\c shop postgres
SET ROLE shop;
CREATE TABLE products(id int primary key, name text, price numeric, description text);
CREATE TABLE stock(product_id int primary key, qty int);
CREATE TABLE orders(id serial primary key, user_id int, product_id int, qty int, created timestamptz default now());
CREATE INDEX orders_user ON orders(user_id);
INSERT INTO products SELECT i, 'product '||i, i%100, repeat('d',2000) FROM generate_series(1,2000) i;
INSERT INTO stock SELECT i, 100000000 FROM generate_series(1,2000) i;
INSERT INTO orders(user_id,product_id,qty) SELECT (random()*20000)::int,(random()*2000)::int,1 FROM generate_series(1,1200000);
ANALYZE;
`;
