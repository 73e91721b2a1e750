import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { faultKindOf } from '../../../detection/faults/fault-catalogue.ts';
import { createLogger } from '../../../infra/runtime/logger.ts';
import type { Prediction, SuiteOptions } from '../../suite.ts';
import { createCloudOpsbenchSuite } from './cloud-opsbench-suite.ts';
import { readCase } from './read-case.ts';
import { readMetrics } from './read-metrics.ts';
import { readAlerts, readDependencies, readErrorLogs } from './read-recorded-text.ts';
import { scoreCloudOpsbench } from './score-cloud-opsbench.ts';
import { vocabulary } from './vocabulary.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const service = (selector: string): string =>
  `Name:       cart\nNamespace:  shop\nSelector:   ${selector}\nType:       ClusterIP\nIP:         10.2.0.1\nPort:       web  80/TCP\nTargetPort: 8080/TCP\nEndpoints:  <none>\n`;
const pods =
  'NAME                     READY   STATUS    RESTARTS   AGE   LABELS\ncart-5d8c7b9f4d-x2x2x    1/1     Running   0          62s   app=cart\nfront-6c9d8c7f55-y3y3y   1/1     Running   0          62s   app=front\n';
const manifest =
  'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: cart\n  namespace: shop\nspec:\n  template:\n    metadata:\n      labels:\n        app: cart\n    spec:\n      containers:\n      - name: main\n        ports:\n        - containerPort: 8080\n---\napiVersion: v1\nkind: Secret\nmetadata:\n  name: cart-db\nstringData:\n  DB_HOST: store\n  DB_PASSWORD: hush\n';

/** A set of one made-up case: a service whose selector fits no pod. */
function aSet(): string {
  const data = mkdtempSync(join(tmpdir(), 'cob-'));
  folders.push(data);
  const folder = join(data, 'cases', 'x1');
  mkdirSync(folder, { recursive: true });
  const key = (tool: string, input: object): string => `${tool}:${JSON.stringify(input)}`;
  const cache = {
    collection_timestamp: '2026-03-01T18:00:00.000000',
    [key('GetResources', { resource_type: 'pods', name: '', namespace: 'shop', show_labels: true })]: pods,
    [key('DescribeResource', { resource_type: 'services', name: 'cart', namespace: 'shop' })]:
      service('application=cart'),
    [key('GetAppYAML', { app_name: 'cart' })]: manifest,
    [key('GetServiceDependencies', { service_name: 'front' })]:
      '[Service]: front\n[Upstream (Called By)]: None\n[Downstream (Calls)]:\nfront\n└── cart\n    └── store\n',
    [key('CheckServiceConnectivity', { namespace: 'shop', service_name: 'cart', port: 80 })]: 'Connection Failed',
    [key('GetErrorLogs', { namespace: 'shop', service_name: 'front' })]: {
      patterns: [{ count: 9, sample: '2026-03-01T18:00:01.5+08:00 dial tcp 10.2.0.1:80: connect: connection refused' }],
    },
  };
  writeFileSync(join(folder, 'query.json'), JSON.stringify({ query: 'Shop is down.', namespace: 'shop' }));
  writeFileSync(join(folder, 'alert.json'), '{}');
  writeFileSync(join(folder, 'tool_cache.json.gz'), gzipSync(JSON.stringify(cache)));
  return data;
}

const options = (data: string): SuiteOptions => ({
  data,
  reasoner: 'rules',
  seeds: [],
  faults: [],
  cases: [],
  without: [],
  logger: createLogger({ level: 'silent' }),
});

async function predict(data: string): Promise<Prediction[]> {
  const predictions: Prediction[] = [];
  for await (const prediction of createCloudOpsbenchSuite().predict(options(data))) predictions.push(prediction);
  return predictions;
}

describe('cloud-opsbench suite', () => {
  it('diagnoses a recorded incident through the product, the same twice, without any truth', async () => {
    const data = aSet();
    const [first] = await predict(data);
    expect(first?.line).toMatchObject({
      verdict: 'cause',
      top_3_predictions: [
        { fault_taxonomy: 'Service_Routing_Fault', fault_object: 'app/cart', root_cause: 'service_selector_mismatch' },
      ],
    });
    const [second] = await predict(data);
    expect(second?.line).toEqual(first?.line);
  });

  it('reads no password of a manifest, and keeps what is declared and missing apart', () => {
    const { data } = readCase(join(aSet(), 'cases', 'x1'));
    expect(JSON.stringify(data.resources)).not.toContain('hush');
    expect(data.resources.find(({ kind }) => kind === 'Secret')?.object).toMatchObject({
      stringData: { DB_HOST: 'store' },
    });
    expect(data.topology.edges.map(({ from, to }) => [from, to])).toEqual([
      ['service:front', 'service:cart'],
      ['service:cart', 'service:store'],
    ]);
    expect(data.logs).toMatchObject([{ entity: 'service:front', at: '2026-03-01T10:00:01.500Z', level: 'error' }]);
  });

  it('reads alerts that state levels, lines by container, and trees without calls', () => {
    const alerts = {
      alerts: [
        {
          type: 'Node',
          name: 'node-a',
          time_range: '2026-03-01 18:00:00 ~ 2026-03-01 18:02:00',
          evidence: ['NETWORK [TCP Retransmission] | Normal=0.01retrans -> Current=8.5retrans'],
        },
        { entry_service: 'front', raw_error: 'x' },
      ],
    };
    expect(readAlerts(alerts, '+08:00')).toMatchObject([
      {
        kind: 'Alert',
        object: {
          about: 'node-a',
          kind: 'Node',
          from: '2026-03-01T10:00:00.000Z',
          measures: [{ name: 'TCP Retransmission', normal: 0.01, current: 8.5 }],
        },
      },
    ]);
    expect(readErrorLogs('cart', { app: ['one', ''], sidecar: ['two'] }, 0).map(({ message }) => message)).toEqual([
      'one',
      'two',
    ]);
    expect(readErrorLogs('cart', '{ not JSON', 0)).toEqual([]);
    expect(readDependencies('[Downstream (Calls)]:\n(None - Leaf Service)')).toEqual([]);
  });

  it('counts a prediction right only where all three fields agree', () => {
    const folder = mkdtempSync(join(tmpdir(), 'cob-truth-'));
    folders.push(folder);
    const truth = join(folder, 'truth.json');
    const right = { fault_taxonomy: 'A', fault_object: 'app/x', root_cause: 'r' };
    writeFileSync(truth, JSON.stringify({ one: { ...right, system: 's' }, two: { ...right, system: 's' } }));
    const predictionOf = (name: string, ...top: object[]): Prediction => ({
      case: name,
      line: { top_3_predictions: top, verdict: 'cause', grade: 'proven', confidence: 0.9 },
      elapsedMs: 1,
      calls: 1,
      tokens: 0,
      dollars: 0,
    });
    const report = scoreCloudOpsbench(
      [
        predictionOf('one', { ...right, fault_object: 'APP/X' }),
        predictionOf('two', { ...right, root_cause: 'q' }, right),
      ],
      truth,
    );
    expect(Object.fromEntries(report.scores.map((row) => [row.metric, row.score]))).toMatchObject({
      's A@1': 0.5,
      's A@3': 1,
      'wrong among proven': 0.5,
    });
    expect(report.failures).toMatchObject([{ case: 'two', expected: 'app/x r' }]);
  });

  it('translates only kinds that the catalogue has', () => {
    expect(Object.keys(vocabulary).filter((kind) => faultKindOf(kind) === undefined)).toEqual([]);
  });

  const set = join(import.meta.dirname, '../../../../shared/data/cloud-opsbench');
  it.skipIf(!existsSync(set))('reads a recorded case as objects (skipped where the set is not at hand)', () => {
    const { data } = readCase(join(set, 'cases', readdirSync(join(set, 'cases'))[0] ?? ''));
    expect(data.resources.filter(({ kind }) => kind === 'Pod').length).toBeGreaterThan(5);
  });

  it('reads recorded metrics in base units, of services and of machines', () => {
    const folder = mkdtempSync(join(tmpdir(), 'cob-metrics-'));
    folders.push(folder);
    const path = join(folder, 'metrics.csv');
    writeFileSync(
      path,
      '\uFEFFtime,cart-cpu,cart-rps,cart-p90latency,cart-success_rate,worker-1-cpu\n2026-03-01 18:00:00,0.5,3,250,0.9,2\n2026-03-01 18:00:05,,3,300,1.0,2\n',
    );
    const found = readMetrics(path, '+08:00').map(({ entity, metric, samples }) => [entity, metric, samples]);
    const at = Date.parse('2026-03-01T10:00:00Z');
    expect(found).toEqual([
      ['service:cart', 'container_cpu_usage_cores', [[at, 0.5]]],
      [
        'service:cart',
        'http_server_duration_seconds',
        [
          [at, 0.25],
          [at + 5_000, 0.3],
        ],
      ],
      [
        'service:cart',
        'http_server_error_ratio',
        [
          [at, expect.closeTo(0.1)],
          [at + 5_000, 0],
        ],
      ],
      [
        'node:worker-1',
        'node_cpu_usage_cores',
        [
          [at, 2],
          [at + 5_000, 2],
        ],
      ],
    ]);
    expect(readMetrics(join(folder, 'none.csv'), '+08:00')).toEqual([]);
  });
});
