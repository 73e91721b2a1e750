import { commit } from '../commit.ts';
import { blame, commonBreaks } from '../common-breaks.ts';
import { mechanisms } from '../mechanisms.ts';
import type { Break, Rig } from '../rig.ts';
import { broker, compile } from './queue-programs.ts';

const api = ['orders-api', 'api', '127.0.0.1:9081', '127.0.0.1:8081'];
const worker = ['order-worker', 'worker', '127.0.0.1:9082', '127.0.0.1:8082'];
const inventory = ['inventory', '127.0.0.1:9083', '127.0.0.1:8083'];
const rabbit = ['rabbitmq', 'rabbit', 'broker', '127.0.0.1:5672', '127.0.0.1:15692', 'mq.shop.internal'];
const queue = ['orders', ...rabbit];
const host = ['node', 'host', '127.0.0.1:9100', 'localhost'];

/** A release of the jar to one of its services. */
function release(
  name: string,
  service: string,
  message: string,
  edit: readonly [string, string],
): Pick<Break, 'name' | 'apply' | 'undo'> {
  const [from, to] = edit;
  const roll = async (rig: Rig, text: string, change: (code: string) => string): Promise<void> => {
    await commit(rig, 'orders/Orders.java', text, change);
    await compile(rig);
    await rig.programs.restart(service);
  };
  return {
    name,
    apply: (rig) => roll(rig, message, (text) => text.replace(from, to)),
    undo: (rig) => roll(rig, `Revert "${message}"`, (text) => text.replace(to, from)),
  };
}

const processes: Break[] = [
  {
    name: 'worker-stop',
    told: 'the worker was killed; nobody consumes the queue',
    ...blame([...worker, ...queue], [...mechanisms.consumer, ...mechanisms.down], 'platform'),
    apply: (rig) => rig.programs.stop('order-worker', 'SIGKILL'),
    undo: (rig) => rig.programs.restart('order-worker'),
  },
  {
    name: 'worker-frozen',
    told: 'the worker stands still (its process is suspended)',
    ...blame([...worker, ...queue], [...mechanisms.consumer, ...mechanisms.down], 'platform'),
    apply: async ({ programs }) => void (await programs.run(['kill', '-STOP', String(programs.pid('order-worker'))])),
    undo: async ({ programs }) => void (await programs.run(['kill', '-CONT', String(programs.pid('order-worker'))])),
  },
  {
    name: 'broker-stop',
    told: 'RabbitMQ was killed',
    ...blame(rabbit, mechanisms.down, 'platform'),
    apply: (rig) => rig.programs.stop('rabbitmq', 'SIGKILL'),
    undo: async (rig) => {
      await rig.programs.restart('rabbitmq');
      await broker(rig, 'await_startup');
    },
  },
  {
    name: 'inventory-stop',
    told: 'the inventory was killed',
    ...blame(inventory, mechanisms.down, 'platform'),
    apply: (rig) => rig.programs.stop('inventory', 'SIGKILL'),
    undo: (rig) => rig.programs.restart('inventory'),
  },
  {
    name: 'inventory-blocked',
    told: 'a firewall drops what is sent to the inventory',
    ...blame(['network', ...inventory, ...api], [...mechanisms.network, ...mechanisms.down], 'platform'),
    apply: async ({ programs }) =>
      void (await programs.run(['iptables', '-A', 'INPUT', '-i', 'lo', '-p', 'tcp', '--dport', '8083', '-j', 'DROP'])),
    undo: async ({ programs }) => void (await programs.run(['iptables', '-F', 'INPUT'])),
  },
];

const limits: Break[] = [
  {
    name: 'broker-memory',
    told: 'the broker may use less memory than it does, so it blocks who publishes',
    ...blame(rabbit, mechanisms.brokerLimit, 'platform'),
    apply: (rig) => broker(rig, 'set_vm_memory_high_watermark', 'absolute', '20MB'),
    undo: (rig) => broker(rig, 'set_vm_memory_high_watermark', '0.4'),
  },
  {
    name: 'broker-disk',
    told: 'the broker wants more free disk than there is, so it blocks who publishes',
    ...blame(rabbit, mechanisms.brokerLimit, 'platform'),
    apply: (rig) => broker(rig, 'set_disk_free_limit', '9000GB'),
    undo: (rig) => broker(rig, 'set_disk_free_limit', '50MB'),
  },
  {
    name: 'permissions',
    told: 'the account of the services may no longer write to the broker',
    ...blame([...rabbit, ...api], mechanisms.login, 'platform'),
    apply: (rig) => broker(rig, 'set_permissions', 'orders', '.*', '^$', '^$'),
    undo: async (rig) => {
      await broker(rig, 'set_permissions', 'orders', '.*', '.*', '.*');
      await rig.programs.restart('orders-api');
      await rig.programs.restart('order-worker');
    },
  },
  {
    name: 'heap',
    told: 'the worker was given too little heap, and collects garbage all the time',
    ...blame(worker, mechanisms.collection, 'platform'),
    apply: (rig) =>
      rig.programs.restart('order-worker', {
        env: { JAVA_TOOL_OPTIONS: '-Xmx11m', AMQP_URL: 'amqp://orders:orders@mq.shop.internal:5672' },
      }),
    undo: (rig) =>
      rig.programs.restart('order-worker', { env: { AMQP_URL: 'amqp://orders:orders@mq.shop.internal:5672' } }),
  },
  {
    name: 'file-limit',
    told: 'the API may open no more files',
    ...blame(api, mechanisms.files, 'platform'),
    apply: async ({ programs }) =>
      void (await programs.run(['prlimit', '--pid', String(programs.pid('orders-api')), '--nofile=30:30'])),
    undo: (rig) => rig.programs.restart('orders-api'),
  },
];

const releases: Break[] = [
  {
    told: 'a release of the worker takes 40 times as long for an order',
    ...blame([...worker, ...queue], [...mechanisms.consumer, ...mechanisms.badCode, 'slow-service'], 'code'),
    ...release('worker-slow', 'order-worker', 'worker: look the customer up for each order', [
      'Thread.sleep(12); // worker',
      'Thread.sleep(500); // worker',
    ]),
  },
  {
    told: 'a release of the worker throws at each order and puts it back',
    ...blame([...worker, ...queue], [...mechanisms.badCode, ...mechanisms.consumer], 'code'),
    ...release('worker-throws', 'order-worker', 'worker: read the price from the order', [
      'Thread.sleep(12); // worker',
      'Integer.parseInt(order.substring(order.indexOf("price") + 7)); // worker',
    ]),
  },
  {
    told: 'a release of the inventory is slow, so that all threads of the API wait',
    ...blame(inventory, ['slow-service', ...mechanisms.badCode, ...mechanisms.threads], 'code'),
    ...release('inventory-slow', 'inventory', 'inventory: count reserved items as well', [
      'Thread.sleep(3); // inventory',
      'Thread.sleep(1200); // inventory',
    ]),
  },
  {
    told: 'a release of the API keeps all that it publishes, until the heap is full',
    ...blame(api, mechanisms.collection, 'code'),
    ...release('api-leak', 'orders-api', 'api: keep published orders for a report', [
      '// api: end',
      'kept.add(new byte[400000]); // api: end',
    ]),
  },
  {
    told: 'a release that alters nothing that runs',
    culprit: false,
    entities: [],
    faults: [],
    layer: 'none',
    ...release('innocent-release', 'order-worker', 'worker: say what is written', [
      '// worker: the order is written',
      '// worker: the order is written to the archive',
    ]),
  },
];

/** What goes wrong between an API, a broker and a worker. */
export const queueBreaks: readonly Break[] = [
  ...processes,
  ...limits,
  ...releases,
  ...commonBreaks({ usual: 15, peak: 60 }, host),
];
