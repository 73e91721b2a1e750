import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** Seconds of the made-up records; the incident begins at 60. */
const seconds = [...Array.from({ length: 120 }).keys()];
const start = Date.UTC(2026, 2, 1, 10) / 1_000;

function put(dir: string, name: string, content: string | Uint8Array | object): void {
  const path = join(dir, 'shop', name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, typeof content === 'string' || content instanceof Uint8Array ? content : JSON.stringify(content));
}

function lines(rows: readonly object[]): string {
  return rows.map((row) => JSON.stringify(row)).join('\n');
}

/** Sets that hold several systems, by suite: one system `shop` with one case `c1` each. */
export const madeUpSystems: Readonly<Record<string, (dir: string, answer: string) => void>> = {
  storms: (dir, answer) => {
    put(dir, 'truth.json', { c1: { entity: answer, level: 'pod', fault: answer, class: answer } });
    const node = (id: string): object => ({ id, kind: 'pod', service: id.slice(0, -2), host: 'n1' });
    put(dir, 'topology.json', { nodes: ['web-0', 'cart-0'].map(node), edges: [['web-0', 'cart-0']], links: [] });
    const alert = (entity: string, name: string): object => ({ entity, kind: 'metric', name, direction: 'up' });
    const usual = seconds.slice(0, 20).map((group) => ({ ...alert('web-0', 'latency'), group }));
    put(dir, 'history.jsonl.gz', gzipSync(lines([...usual, { ...alert('cart-0', 'cpu_usage'), group: 20 }])));
    put(dir, 'cases/c1/incident.json', { history_group: 20 });
    put(dir, 'cases/c1/alerts.jsonl', lines([alert('web-0', 'latency'), alert('cart-0', 'cpu_usage')]));
  },
  'database-incidents': (dir, answer) => {
    put(dir, 'truth.json', { c1: { cause: answer, statement: 'UPDATE cart SET n = 5', digests: [] } });
    const names = 'thread_id,event_id,end_event_id,event_name,timer_start,timer_wait,sql_text,digest';
    const held = '1,5,6,statement/sql/update,0,2000000000,"UPDATE cart SET n = 7",d1';
    const waits = [2, 3].map((id) => `${id},4,,statement/sql/update,0,900000000000,"UPDATE cart SET n = ${id}",d2`);
    put(dir, 'cases/c1/statements.csv', [names, held, ...waits].join('\n'));
    put(dir, 'cases/c1/transactions.csv', 'thread_id,event_id,state\n1,2,ACTIVE');
    const locks = [2, 3].map((id) => `${id},1`);
    put(dir, 'cases/c1/lock_waits.csv', ['requesting_thread_id,blocking_thread_id', ...locks].join('\n'));
  },
  'metrics-incidents': (dir, answer) => {
    put(dir, 'truth.json', { c1: { entity: answer, metric: answer } });
    put(dir, 'cases/c1/incident.json', { abnormal_from: start + 60 });
    const row = (second: number): string =>
      `${start + second},${second < 60 ? 0.2 + 0.01 * (second % 3) : 0.9},${0.3 + 0.01 * (second % 3)}`;
    put(dir, 'cases/c1/metrics.csv', ['time,cart/cpu,stock/cpu', ...seconds.map(row)].join('\n'));
  },
  'traces-incidents': (dir, answer) => {
    put(dir, 'truth.json', { c1: { entities: [answer] } });
    const request = (index: number, ms: number): object[] => {
      const common = { traceId: `t${index}`, startUs: (start + index) * 1e6 };
      return [
        { ...common, spanId: 'a', service: 'door', operation: 'buy', durationUs: 1_000 * (ms + 5) },
        { ...common, spanId: 'b', parentSpanId: 'a', service: 'stock', operation: 'take', durationUs: 1_000 * ms },
      ];
    };
    const some = (ms: number): Uint8Array =>
      gzipSync(lines(seconds.slice(0, 12).flatMap((index) => request(index, ms + (index % 3)))));
    put(dir, 'cases/c1/normal.jsonl.gz', some(10));
    put(dir, 'cases/c1/abnormal.jsonl.gz', some(300));
  },
};
