import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { createRedactor } from '../../infra/runtime/redact.ts';
import { writeCapsule } from '../../tools/sources/capsule/write-capsule.ts';
import { madeUpSystems } from './made-up-systems.ts';

/** A made-up set in the form of a public one, with truth where that has it. `answer` is what its truth says, in files and in members. */
export type MadeUpSet = (dir: string, answer: string) => void;

const minute = 60_000;
const start = Date.UTC(2026, 2, 1, 10);
const at = (index: number): string => new Date(start + index * minute).toISOString();
const minutes = [...Array.from({ length: 40 }).keys()];

function put(dir: string, name: string, content: unknown): void {
  const path = join(dir, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, typeof content === 'string' || content instanceof Uint8Array ? content : JSON.stringify(content));
}

/** By suite. Each holds one case of a service that fails or slows from minute 30 on. */
export const madeUpSets: Readonly<Record<string, MadeUpSet>> = {
  ...madeUpSystems,
  'cloud-opsbench': (dir, answer) => {
    put(dir, 'truth.json', { c1: { fault_taxonomy: answer, fault_object: answer, root_cause: answer, system: 'x' } });
    put(dir, 'cases/c1/query.json', { query: 'Shop is down.', namespace: 'shop' });
    const pods =
      'NAME                     READY   STATUS             RESTARTS   AGE\ncart-5d8c7b9f4d-x2x2x    0/1     ImagePullBackOff   0          62s\n';
    const cache = {
      collection_timestamp: '2026-03-01T18:00:00.000000',
      [`GetResources:${JSON.stringify({ resource_type: 'pods', name: '', namespace: 'shop' })}`]: pods,
    };
    put(dir, 'cases/c1/tool_cache.json.gz', gzipSync(JSON.stringify(cache)));
  },
  rootcausebench: (dir, answer) => {
    put(dir, 'truth.json', {
      c1: { root_cause_commit: answer, first_failing_service: answer, blast_radius: [], remediation: answer },
    });
    put(dir, 'cases/c1/alert.json', {
      service: 'cart',
      metric: 'errors',
      fired_at: at(35),
      monitor: 'errors',
      summary: 'up',
    });
    put(
      dir,
      'cases/c1/logs.ndjson',
      `${JSON.stringify({ timestamp: at(31), service: 'cart', severity_text: 'ERROR', msg: 'boom' })}\n`,
    );
    put(
      dir,
      'cases/c1/metrics.csv',
      [
        'timestamp,service,metric,value',
        ...minutes.map((index) => `${at(index)},cart,error_ratio,${index < 30 ? 0.01 : 0.4}`),
      ].join('\n'),
    );
    put(dir, 'cases/c1/traces.json', []);
    put(dir, 'cases/c1/context/commits.json', [
      { sha: 'abc', timestamp: at(29), message: 'change', files_changed: ['cart/a.go'], diff: '-a\n+b' },
    ]);
  },
  opensre: (dir, answer) => {
    put(dir, 'truth.json', { c1: { answer: { root_cause_category: answer, required_keywords: [] } } });
    put(dir, 'cases/c1/alert.json', { title: 'cart is down', commonLabels: { service: 'cart' } });
    put(dir, 'cases/c1/k8s_events.json', {
      events: [{ type: 'Warning', reason: 'BackOff', message: 'Back-off', lastTimestamp: at(35) }],
    });
    put(dir, 'cases/c1/datadog_logs.json', {
      logs: [{ timestamp: at(31), service: 'cart', status: 'error', message: 'boom' }],
    });
  },
  changerca: (dir, answer) => {
    const now = start / 1000 + 40 * 60;
    put(dir, 'truth.json', { c1: { fault: answer, fault_release_service: answer } });
    put(dir, 'cases/c1/rollouts.json', {
      detect_timestamp: now,
      plan: { price: { release_time: now - 600, process: { [now - 600]: { release_complete_timestamp: now - 500 } } } },
    });
    put(dir, 'cases/c1/dependency.csv', 'Source,Target,Weight\nweb,price,1\n');
    put(dir, 'cases/c1/gied.json', { price: answer });
    const rows = minutes.map((index) => `x,${start / 1000 + index * 60},${index < 30 ? 100 : 40},3`);
    put(dir, 'cases/c1/price-v2-abc-de_web_price.csv', ['Time,Timestamp,SuccessRate,Latency', ...rows].join('\n'));
  },
  petshop: (dir, answer) => {
    const table = (bad: boolean): string =>
      [
        ',web,web,web,store,store,store',
        ',requests,latency,availability,requests,latency,availability',
        ',Sum,Average,Average,Sum,Average,Average',
        'time,,,,,,',
        ...minutes.map(
          (index) =>
            `${start / 1000 + index * 300},100,${bad && index > 30 ? 3 : 0.1},100,100,${bad && index > 30 ? 2.8 : 0.05},100`,
        ),
      ].join('\n');
    put(dir, 'low/graph.csv', ',web,store\nweb,0,1\nstore,0,0\n');
    put(dir, 'low/noissue/metrics.csv', table(false));
    put(dir, 'low/test/issue1/metrics.csv', table(true));
    put(dir, 'low/test/issue1/target.json', {
      target: { node: 'web', metric: 'latency', timestamp: start / 1000 },
      root_cause: { node: answer, metric: answer },
      metadata: { injected: answer },
    });
  },
  nezha: (dir, answer) => {
    const day = '2026-03-01';
    const injected = {
      inject_time: `${day} 10:30:00`,
      inject_timestamp: String((start + 30 * minute) / 1000),
      inject_pod: answer,
      inject_type: answer,
    };
    put(dir, `rca_data/${day}/${day}-fault_list.json`, { '10': [injected] });
    put(dir, 'construct_data/root_cause_x.json', { [answer]: answer });
    const rows = minutes.map(
      (index) =>
        `x,${(start + index * minute) / 1000},cart-1,${index < 30 ? 5 : 90},${index < 30 ? 10 : 99},50,${index < 30 ? 0.1 : 2},10`,
    );
    put(
      dir,
      `rca_data/${day}/metric/cart-1_metric.csv`,
      [
        'Time,TimeStamp,PodName,CpuUsage(m),CpuUsageRate(%),MemoryUsage(Mi),PodServerLatencyP95(s),PodWorkload(Ops)',
        ...rows,
      ].join('\n'),
    );
  },
  lab: (dir, answer) => {
    put(dir, 'one.truth.json', {
      id: 'x',
      kind: answer,
      entity: answer,
      entities: [answer],
      onset: at(30),
      culprit: true,
    });
    const window = { from: at(0), to: at(40) };
    writeCapsule(
      join(dir, 'one'),
      {
        manifest: { title: 'one', created: at(40), window },
        data: {
          metrics: [
            {
              metric: 'http_server_request_duration_seconds',
              type: 'gauge',
              entity: 'service:cart',
              labels: {},
              samples: minutes.map((index) => [start + index * minute, index < 30 ? 0.1 : 2]),
            },
          ],
          logs: [],
        },
      },
      createRedactor('made up'),
    );
  },
};
