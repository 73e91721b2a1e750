import type { Topology } from '../../domain/entity.ts';
import { entityIdOf, entityKindOf, entityNameOf } from '../../domain/entity.ts';
import type { Change, LogRecord, Series } from '../../domain/signal.ts';
import { isoOf } from '../../infra/runtime/clock.ts';
import type { Random } from '../../infra/runtime/random.ts';

/** The entities of the fake incident, by their short names. */
export const cast = {
  gateway: entityIdOf('service', 'gateway'),
  catalog: entityIdOf('service', 'catalog'),
  search: entityIdOf('service', 'search'),
  cart: entityIdOf('service', 'cart'),
  checkout: entityIdOf('service', 'checkout'),
  payment: entityIdOf('service', 'payment'),
  inventory: entityIdOf('service', 'inventory'),
  recommendation: entityIdOf('service', 'recommendation'),
  ledger: entityIdOf('database', 'ledger'),
  stock: entityIdOf('database', 'stock'),
  products: entityIdOf('database', 'products'),
  sessions: entityIdOf('cache', 'sessions'),
  orders: entityIdOf('queue', 'orders'),
  acquirer: entityIdOf('external', 'acquirer.example'),
} as const;

const dependencies: [string, string, 'calls' | 'reads' | 'writes' | 'publishes' | 'consumes'][] = [
  [cast.gateway, cast.catalog, 'calls'],
  [cast.gateway, cast.search, 'calls'],
  [cast.gateway, cast.cart, 'calls'],
  [cast.gateway, cast.checkout, 'calls'],
  [cast.catalog, cast.products, 'reads'],
  [cast.catalog, cast.recommendation, 'calls'],
  [cast.search, cast.products, 'reads'],
  [cast.cart, cast.sessions, 'reads'],
  [cast.checkout, cast.cart, 'calls'],
  [cast.checkout, cast.payment, 'calls'],
  [cast.checkout, cast.inventory, 'calls'],
  [cast.checkout, cast.orders, 'publishes'],
  [cast.inventory, cast.orders, 'consumes'],
  [cast.payment, cast.ledger, 'writes'],
  [cast.payment, cast.acquirer, 'calls'],
  [cast.inventory, cast.stock, 'writes'],
];

/** The shop's topology: fourteen entities, sixteen edges, no cycle. */
export function fakeTopology(): Topology {
  return {
    entities: Object.values(cast).map((id) => ({ id, kind: entityKindOf(id), name: entityNameOf(id) })),
    edges: dependencies.map(([from, to, kind]) => ({ from, to, kind, source: 'traces', confidence: 1 })),
  };
}

interface Shape {
  metric: string;
  entity: string;
  type: Series['type'];
  unit: string;
  labels?: Record<string, string>;
  before: number;
  after: number;
  noise: number;
}

/** A series of 5 s samples over the half hour to `end` that moves from one level to another at `onset`, over half a minute. */
export function fakeSeries(shape: Shape, times: { onset: number; end: number }, random: Random): Series {
  const samples: [number, number][] = [];
  let total = 0;
  for (let at = times.end - 1_800_000; at < times.end; at += 5_000) {
    const ramp = Math.min(1, Math.max(0, (at - times.onset) / 30_000));
    const level = shape.before + (shape.after - shape.before) * ramp;
    const value = Math.max(0, level * (1 + shape.noise * (random.next() + random.next() - 1)));
    total += value * 5;
    samples.push([at, shape.type === 'counter' ? total : value]);
  }
  const { metric, entity, type, unit } = shape;
  return { metric, entity, type, unit, labels: shape.labels ?? {}, samples };
}

/** Log lines of payment after the onset; one holds markup and a terminal escape, as hostile input may. */
export function fakeLogs(onset: number): LogRecord[] {
  const records: LogRecord[] = [];
  for (let index = 0; index < 120; index += 1) {
    records.push({
      at: isoOf(onset + 4_000 + index * 2_700),
      entity: cast.payment,
      level: index % 9 === 0 ? 'error' : 'warn',
      message:
        index % 9 === 0
          ? `charge failed: timed out after 2000 ms waiting for a ledger connection (waiting=${14 + (index % 23)})`
          : `pool ledger exhausted: in_use=4 max=4 waiting=${11 + (index % 19)}`,
      fields: { route: '/charge', pool: 'ledger', waited_ms: 900 + ((index * 37) % 1100) },
      traceId: (0x5eed0000 + index).toString(16).padStart(32, '0'),
    });
  }
  records[3]!.message = 'client sent <img src=x onerror="alert(1)"> \u001B[31mred\u001B[0m in field "memo"';
  return records;
}

/** Three changes near the onset: the one that brought the fault and two innocent ones. */
export function fakeChanges(onset: number): Change[] {
  return [
    {
      id: 'chg-4812',
      at: isoOf(onset - 21_000),
      kind: 'config',
      entity: cast.payment,
      title: 'payment: tidy database settings',
      author: 'm.okafor',
      files: ['config/payment.json'],
      diff: '--- a/config/payment.json\n+++ b/config/payment.json\n@@ -4,5 +4,5 @@\n   "ledger": {\n-    "pool": { "max": 40, "acquireTimeoutMs": 2000 }\n+    "pool": { "max": 4, "acquireTimeoutMs": 2000 }\n   }',
    },
    {
      id: 'chg-4809',
      at: isoOf(onset - 260_000),
      kind: 'deploy',
      entity: cast.recommendation,
      title: 'recommendation 3.18.0: new ranking weights',
      author: 'j.lindqvist',
      files: ['src/rank.ts', 'src/weights.json'],
    },
    {
      id: 'chg-4815',
      at: isoOf(onset + 95_000),
      kind: 'flag',
      entity: cast.search,
      title: 'search: enable synonyms for 10 %',
      author: 'release-bot',
    },
  ];
}
