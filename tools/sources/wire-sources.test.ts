import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { entityNameOf } from '../../domain/entity.ts';
import type { Span } from '../../domain/signal.ts';
import { isoOf, msOf, systemClock } from '../../infra/runtime/clock.ts';
import { createExampleData, exampleWindow } from './example-data.ts';
import { createGit } from './git.ts';
import { createJaeger } from './jaeger.ts';
import { createKubernetes } from './kubernetes.ts';
import { listenLocally } from './listen-locally.ts';
import { createLoki } from './loki.ts';
import { createOpenSearchLogs } from './opensearch-logs.ts';
import { createPrometheus } from './prometheus.ts';
import type { Sources } from './source.ts';
import { testSources } from './sources.conformance.ts';
import type { SourceFixture } from './sources.conformance.ts';
import { createTempo } from './tempo.ts';

const data = createExampleData();
const window = exampleWindow;
const deps = { clock: systemClock };

interface Asked {
  path: string;
  query: URLSearchParams;
  body: string;
}
type Answer = (asked: Asked) => { status?: number; body: unknown };

/** A small server that answers in the shape that the real one gives. */
async function serve(answer: Answer, sourcesAt: (url: string) => Sources | Promise<Sources>): Promise<SourceFixture> {
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const url = new URL(request.url ?? '', 'http://local');
      const { status = 200, body: reply } = answer({ path: url.pathname, query: url.searchParams, body });
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(reply));
    });
  });
  const url = await listenLocally(server);
  return {
    sources: await sourcesAt(url),
    window,
    close: async () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** Label matchers of a selector, as tests of a label set. */
function matchersOf(selector: string): (labels: Record<string, string>) => boolean {
  const tests = [...selector.matchAll(/(\w+)(=~|=)("(?:[^"\\]|\\.)*")/g)].map(
    ([, label = '', operator, quoted = '""']) => {
      const value = String(JSON.parse(quoted));
      const pattern = new RegExp(`^(?:${value})$`);
      return (labels: Record<string, string>) =>
        operator === '=' ? (labels[label] ?? '') === value : pattern.test(labels[label] ?? '');
    },
  );
  return (labels) => tests.every((test) => test(labels));
}

const prometheus: Answer = ({ path, body }) => {
  const held = data.metrics.map((one) => ({
    metric: { __name__: one.metric, job: entityNameOf(one.entity), ...one.labels },
    values: one.samples.map(([time, value]) => [time / 1_000, String(value)]),
  }));
  const form = new URLSearchParams(body);
  if (path === '/api/v1/metadata')
    return {
      body: { status: 'success', data: { http_requests_total: [{ type: 'counter', help: 'Requests.', unit: '' }] } },
    };
  if (path === '/api/v1/series') return { body: { status: 'success', data: held.map((one) => one.metric) } };
  const [, selector = '', range = '0'] = /^(\{.*\})\[(\d+)ms\]$/.exec(form.get('query') ?? '') ?? [];
  const to = Number(form.get('time'));
  const fits = matchersOf(selector);
  const result = held
    .filter((one) => fits(one.metric))
    .map((one) => ({
      ...one,
      values: one.values.filter(([time]) => Number(time) >= to - Number(range) / 1_000 && Number(time) <= to),
    }))
    .slice(0, Number(form.get('limit')));
  return { body: { status: 'success', data: { resultType: 'matrix', result } } };
};
testSources('Prometheus', ['metrics'], () =>
  serve(prometheus, (url) => ({ metrics: createPrometheus(deps, { url }) })),
);

const loki: Answer = ({ query }) => {
  const [stream = '', ...filters] = (query.get('query') ?? '').split(/ \|[~=] /);
  const fits = matchersOf(stream);
  const words = filters.map((one) => new RegExp(String(JSON.parse(one)).replace('(?i)', ''), 'i'));
  const result = data.logs
    .filter((one) => fits({ service_name: entityNameOf(one.entity) }))
    .map((one) => ({ one, nanos: BigInt(msOf(one.at)) * 1_000_000n }))
    .filter(({ nanos }) => nanos >= BigInt(query.get('start') ?? 0) && nanos < BigInt(query.get('end') ?? 0))
    .map(({ one, nanos }) => ({ one, nanos, line: JSON.stringify({ level: one.level, msg: one.message }) }))
    .filter(({ line }) => words.every((word) => word.test(line)))
    .slice(0, Number(query.get('limit')))
    .map(({ one, nanos, line }) => ({
      stream: { service_name: entityNameOf(one.entity), detected_level: one.level },
      values: [[String(nanos), line]],
    }));
  return { body: { status: 'success', data: { resultType: 'streams', result, stats: {} } } };
};
testSources('Loki', ['logs'], () => serve(loki, (url) => ({ logs: createLoki(deps, { url }) })));

interface SearchBody {
  size: number;
  query: {
    bool: {
      filter: {
        range?: { '@timestamp': { gte: string | number; lt: string } };
        terms?: { 'service.name': string[] };
        multi_match?: { query: string };
      }[];
      must_not?: { ids: { values: string[] } }[];
    };
  };
}
const opensearch: Answer = ({ body }) => {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the source sends
  const { size, query } = JSON.parse(body) as SearchBody;
  const held = data.logs.map((one, index) => ({
    _index: 'logs-shop',
    _id: `id-${index}`,
    _source: {
      '@timestamp': one.at,
      'service.name': entityNameOf(one.entity),
      log: { level: one.level },
      message: one.message,
    },
    sort: [msOf(one.at)],
  }));
  const left = new Set(query.bool.must_not?.flatMap((one) => one.ids.values) ?? []);
  const hits = held.filter(
    (hit) =>
      !left.has(hit._id) &&
      query.bool.filter.every(({ range, terms, multi_match: match }) => {
        if (range !== undefined) {
          const { gte, lt } = range['@timestamp'];
          return hit.sort[0]! >= (typeof gte === 'number' ? gte : msOf(gte)) && hit.sort[0]! < msOf(lt);
        }
        if (terms !== undefined) return terms['service.name'].includes(hit._source['service.name']);
        return (
          match?.query
            .toLowerCase()
            .split(' ')
            .every((word) => hit._source.message.toLowerCase().split(/\W+/).includes(word)) ?? true
        );
      }),
  );
  return {
    body: {
      took: 1,
      timed_out: false,
      _shards: { total: 1, successful: 1, skipped: 0, failed: 0 },
      hits: { max_score: null, hits: hits.slice(0, size) },
    },
  };
};
testSources('OpenSearch', ['logs'], () => serve(opensearch, (url) => ({ logs: createOpenSearchLogs(deps, { url }) })));

const byTrace = Map.groupBy(data.spans, (one) => one.traceId);
function jaegerTrace(spans: readonly Span[]): object {
  const names = [...new Set(spans.map((one) => entityNameOf(one.entity)))];
  return {
    traceID: spans[0]!.traceId,
    spans: spans.map((one) => ({
      traceID: one.traceId,
      spanID: one.spanId,
      operationName: one.name,
      references:
        one.parentId === undefined ? [] : [{ refType: 'CHILD_OF', traceID: one.traceId, spanID: one.parentId }],
      startTime: one.startMs * 1_000,
      duration: one.durationMs * 1_000,
      tags: [
        { key: 'span.kind', type: 'string', value: one.kind },
        ...(one.status === 'error' ? [{ key: 'error', type: 'bool', value: true }] : []),
      ],
      logs: [],
      processID: `p${names.indexOf(entityNameOf(one.entity))}`,
      warnings: null,
    })),
    processes: Object.fromEntries(names.map((serviceName, index) => [`p${index}`, { serviceName, tags: [] }])),
    warnings: null,
  };
}
const jaeger: Answer = ({ path, query }) => {
  if (path === '/api/services')
    return { body: { data: ['checkout', 'gateway'], total: 2, limit: 0, offset: 0, errors: null } };
  const id = path.split('/')[3];
  if (id !== undefined) {
    const one = byTrace.get(id);
    return one === undefined
      ? { status: 404, body: { data: null, errors: [{ code: 404, msg: 'trace not found' }] } }
      : { body: { data: [jaegerTrace(one)], errors: null } };
  }
  const found = [...byTrace.values()].filter((spans) =>
    spans.some((one) => entityNameOf(one.entity) === query.get('service')),
  );
  return {
    body: {
      data: found.slice(0, Number(query.get('limit'))).map((spans) => jaegerTrace(spans)),
      total: 0,
      errors: null,
    },
  };
};
testSources('Jaeger', ['traces'], () => serve(jaeger, (url) => ({ traces: createJaeger(deps, { url }) })));

function tempoTrace(spans: readonly Span[]): object {
  const base64 = (id: string): string => Buffer.from(id, 'hex').toString('base64');
  return {
    batches: spans.map((one) => ({
      resource: { attributes: [{ key: 'service.name', value: { stringValue: entityNameOf(one.entity) } }] },
      scopeSpans: [
        {
          scope: {},
          spans: [
            {
              traceId: base64(one.traceId),
              spanId: base64(one.spanId),
              ...(one.parentId === undefined ? {} : { parentSpanId: base64(one.parentId) }),
              name: one.name,
              kind: `SPAN_KIND_${one.kind.toUpperCase()}`,
              startTimeUnixNano: `${one.startMs}000000`,
              endTimeUnixNano: `${one.startMs + one.durationMs}000000`,
              status: one.status === 'error' ? { code: 'STATUS_CODE_ERROR' } : {},
            },
          ],
        },
      ],
    })),
  };
}
const tempo: Answer = ({ path, query }) => {
  if (path === '/api/search') {
    const traces = [...byTrace.keys()]
      .slice(0, Number(query.get('limit')))
      .map((id) => ({ traceID: id.replace(/^0+/, ''), rootServiceName: 'gateway', durationMs: 19 }));
    return { body: { traces, metrics: {} } };
  }
  const one = byTrace.get(path.split('/')[3] ?? '');
  return one === undefined ? { status: 404, body: {} } : { body: tempoTrace(one) };
};
testSources('Tempo', ['traces'], () => serve(tempo, (url) => ({ traces: createTempo(deps, { url }) })));

const kubernetes: Answer = ({ path, query }) => {
  const names = {
    kind: 'APIResourceList',
    groupVersion: 'v1',
    resources: [
      { name: 'pods', kind: 'Pod', namespaced: true, verbs: ['list'] },
      { name: 'events', kind: 'Event', namespaced: true, verbs: ['list'] },
    ],
  };
  if (path === '/api/v1') return { body: names };
  const [, namespace, plural] = /^\/api\/v1(?:\/namespaces\/([^/]+))?\/(pods|events)$/.exec(path) ?? [];
  if (plural === undefined)
    return { status: 403, body: { kind: 'Status', status: 'Failure', reason: 'Forbidden', code: 403 } };
  const kind = plural === 'pods' ? 'Pod' : 'Event';
  const name = query.get('fieldSelector')?.replace('metadata.name=', '');
  const all = data.resources.filter(
    (one) =>
      one.kind === kind &&
      (namespace === undefined || one.namespace === namespace) &&
      (name === undefined || one.name === name),
  );
  const start = Number(query.get('continue') ?? 0);
  // Pages of one at most, so that paging is walked.
  const items = all
    .slice(start, start + 1)
    .map((one) => ({ metadata: { name: one.name, namespace: one.namespace, managedFields: [{}] }, ...one.object }));
  return {
    body: {
      kind: `${kind}List`,
      apiVersion: 'v1',
      metadata: { resourceVersion: '1', ...(start + 1 < all.length ? { continue: String(start + 1) } : {}) },
      items,
    },
  };
};
const kubernetesAt = async (url: string): Promise<Sources> => {
  const kubeconfig = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'a',
    clusters: [{ name: 'a', cluster: { server: url, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'a', user: {} }],
    contexts: [{ name: 'a', context: { cluster: 'a', user: 'a' } }],
  };
  return { cluster: await createKubernetes({}, { kubeconfig: JSON.stringify(kubeconfig) }) };
};
testSources('Kubernetes', ['cluster'], () => serve(kubernetes, kubernetesAt));

describe('Kubernetes', () => {
  it('never reads Secrets, and one forbidden kind hides none of the others', async () => {
    const fixture = await serve(kubernetes, kubernetesAt);
    const result = await fixture.sources.cluster!.list({ kinds: ['Secret', 'Node', 'Pod'], limit: 10 });
    expect(result.status === 'ok' && result.items.map((one) => one.name)).toEqual(['checkout-1', 'gateway-1']);
    expect(result.status === 'ok' && result.items[0]?.object['metadata']).toEqual({
      name: 'checkout-1',
      namespace: 'shop',
    });
    expect(result.status === 'ok' && result.notes).toMatchObject([
      expect.stringContaining('Secret is not'),
      expect.stringContaining('Node'),
    ]);
    await fixture.close();
  });
});

/** A clone with three commits, one of them two seconds later, and a tag. */
function makeClone(): { dir: string; commits: string[] } {
  const dir = mkdtempSync(join(tmpdir(), 'git-'));
  const git = (at: number, ...args: string[]): string => {
    const date = isoOf(at);
    const settings = [`GIT_AUTHOR_DATE=${date}`, `GIT_COMMITTER_DATE=${date}`, 'GIT_CONFIG_GLOBAL=/dev/null'];
    const who = ['-c', 'user.name=kim', '-c', 'user.email=kim@example.com'];
    const { status, stdout, stderr } = spawnSync('env', [...settings, 'git', ...who, ...args], {
      cwd: dir,
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(stderr);
    return stdout.trim();
  };
  const start = msOf(window.from);
  git(start, 'init', '-q', '-b', 'main');
  mkdirSync(join(dir, 'checkout'));
  const commits = [1, 2, 5].map((second) => {
    writeFileSync(join(dir, 'checkout', 'pool.ts'), `export const max = ${second};\n`);
    git(start, 'add', '.');
    git(start + second * 1_000, 'commit', '-q', '-m', `pool: ${second} connections\n\nBecause of load.`);
    return git(start, 'rev-parse', 'HEAD');
  });
  git(start + 7_000, 'tag', '-a', 'v1.2.0', '-m', 'release 1.2.0');
  return { dir, commits };
}
testSources('git', ['changes'], async () => {
  const { dir } = makeClone();
  return { sources: { changes: createGit({ dir }) }, window, close: async () => rmSync(dir, { recursive: true }) };
});
describe('git', () => {
  it('shows diffs, takes tags as deploys, and reads no id as an option', async () => {
    const { dir, commits } = makeClone();
    const changes = createGit({ dir, entityOf: (files) => `service:${files[0]?.split('/')[0]}` });
    const shown = await changes.show(commits[1]!);
    expect(shown.status === 'ok' && shown.items[0]).toMatchObject({
      entity: 'service:checkout',
      title: 'pool: 2 connections',
      summary: 'Because of load.',
      files: ['checkout/pool.ts'],
      diff: expect.stringContaining('+export const max = 2;'),
    });
    const tag = await changes.show('tag:v1.2.0');
    expect(tag.status === 'ok' && tag.items[0]).toMatchObject({
      id: 'tag:v1.2.0',
      kind: 'deploy',
      title: 'tag v1.2.0',
      diff: expect.stringContaining('max = 5'),
    });
    expect(await changes.show('--output=evil')).toMatchObject({ status: 'no-data' });
    rmSync(dir, { recursive: true });
  });
});
