import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startHistory } from '../commit.ts';
import type { Rig, Stack } from '../rig.ts';
import { queueBreaks } from './queue-breaks.ts';
import { broker, brokerEnvironment, classPath, compile } from './queue-programs.ts';

const services = [
  { name: 'inventory', port: 9083 },
  { name: 'orders-api', port: 9081 },
  { name: 'order-worker', port: 9082 },
] as const;

/** Three small Java services with Micrometer around RabbitMQ, its own metrics, node exporter, Prometheus. */
export function createQueueStack(): Stack {
  return {
    name: 'queue',
    needs: [
      'java',
      'javac',
      'mvn',
      'rabbitmq-server',
      'prometheus',
      'prometheus-node-exporter',
      'stress-ng',
      'iptables',
      'git',
    ],
    start,
    connect: ({ dir }) => ({
      sources: {
        prometheus: { url: 'http://127.0.0.1:9090' },
        collector: {
          logs: [
            ...services.map(({ name }) => ({ service: name, path: join(dir, `logs/${name}.out`) })),
            { service: 'rabbitmq', path: join(dir, 'logs/rabbit/rabbit.log') },
          ],
        },
        git: [{ path: join(dir, 'orders') }],
      },
    }),
    breaks: queueBreaks,
  };
}

async function start(rig: Rig): Promise<void> {
  const { dir, programs } = rig;
  const home = join(dir, 'rabbit');
  for (const folder of [home, join(dir, 'logs/rabbit'), join(dir, 'classes'), join(dir, 'orders')])
    mkdirSync(folder, { recursive: true });
  writeFileSync(join(dir, 'hosts'), '127.0.0.1 localhost mq.shop.internal\n');
  await programs.run(['mount', '--bind', join(dir, 'hosts'), '/etc/hosts']);
  writeFileSync(join(home, 'enabled_plugins'), '[rabbitmq_prometheus].\n');
  writeFileSync(join(home, 'rabbitmq.conf'), 'listeners.tcp.default = 127.0.0.1:5672\nprometheus.tcp.ip = 127.0.0.1\n');
  await programs.run(['chown', '-R', 'rabbitmq', home, join(dir, 'logs/rabbit')]);
  programs.start('rabbitmq', ['/usr/lib/rabbitmq/bin/rabbitmq-server'], {
    user: 'rabbitmq',
    env: brokerEnvironment(dir),
  });
  cpSync(join(import.meta.dirname, 'Orders.java'), join(dir, 'orders/Orders.java'));
  await startHistory(rig, 'orders');
  await compile(rig);
  await programs.answers('http://127.0.0.1:15692/metrics', 90_000);
  await broker(rig, 'add_user', 'orders', 'orders');
  await broker(rig, 'set_permissions', 'orders', '.*', '.*', '.*');
  const java = ['java', '-Xmx64m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-cp', classPath(rig), 'Orders'];
  for (const { name, port } of services) {
    programs.start(name, [...java, name], {
      env: { AMQP_URL: 'amqp://orders:orders@mq.shop.internal:5672', INVENTORY_URL: 'http://127.0.0.1:8083' },
      revive: true,
    });
    await programs.answers(`http://127.0.0.1:${port}/actuator/prometheus`, 60_000);
  }
  const at = (port: number): string => `--web.listen-address=127.0.0.1:${port}`;
  programs.start('node-exporter', ['prometheus-node-exporter', at(9100)]);
  writeFileSync(join(dir, 'prometheus.yml'), prometheusOf(dir));
  writeFileSync(join(dir, 'rules.yml'), rules);
  programs.start('prometheus', [
    'prometheus',
    `--config.file=${join(dir, 'prometheus.yml')}`,
    `--storage.tsdb.path=${join(dir, 'prometheus')}`,
    at(9090),
  ]);
  await programs.answers('http://127.0.0.1:9090/-/ready');
  writeFileSync(
    join(dir, 'load.json'),
    JSON.stringify({ seed: 1, mix: [{ weight: 1, method: 'POST', url: 'http://127.0.0.1:8081/orders' }] }),
  );
  rig.load(15);
  programs.start('load', [
    process.execPath,
    join(import.meta.dirname, '../load-main.ts'),
    join(dir, 'load.json'),
    join(dir, 'rate'),
  ]);
}

const prometheusOf = (dir: string): string => `global: { scrape_interval: 5s, evaluation_interval: 5s }
rule_files: [ ${dir}/rules.yml ]
scrape_configs:
${services.map(({ name, port }) => `  - { job_name: ${name}, metrics_path: /actuator/prometheus, static_configs: [ { targets: ["127.0.0.1:${port}"] } ] }\n`).join('')}  - { job_name: rabbitmq, metrics_path: /metrics/per-object, static_configs: [ { targets: ["127.0.0.1:15692"] } ] }
  - { job_name: node, static_configs: [ { targets: ["127.0.0.1:9100"] } ] }
`;

const rules = `groups:
- name: queue
  rules:
  - { alert: InstanceDown, expr: 'up == 0', for: 30s, labels: {severity: critical}, annotations: {summary: '{{ $labels.job }} down'} }
  - { alert: RabbitmqNoQueueConsumer, expr: 'rabbitmq_queue_consumers < 1', for: 30s, labels: {severity: warning}, annotations: {summary: 'Queue {{ $labels.queue }} has no consumer'} }
  - { alert: RabbitmqTooManyReadyMessages, expr: 'sum(rabbitmq_queue_messages_ready) BY (queue) > 300', for: 10s, labels: {severity: warning}, annotations: {summary: 'Queue {{ $labels.queue }} grows'} }
  - { alert: RabbitmqMemoryAlarm, expr: 'rabbitmq_alarms_memory_used_watermark == 1', for: 0m, labels: {severity: critical}, annotations: {summary: 'RabbitMQ reached its memory watermark'} }
  - { alert: JvmMemoryFillingUp, expr: '(sum by (instance, job)(jvm_memory_used_bytes{area="heap"}) / sum by (instance, job)(jvm_memory_max_bytes{area="heap"})) * 100 > 90', for: 30s, labels: {severity: warning}, annotations: {summary: 'JVM heap of {{ $labels.job }} fills up'} }
`;
