import { z } from 'zod';
import type { Series } from '../../domain/signal.ts';
import type { Window } from '../../domain/time.ts';
import type { Clock } from '../../infra/runtime/clock.ts';
import { msOf } from '../../infra/runtime/clock.ts';
import { CerebroError } from '../../infra/runtime/errors.ts';
import { createHttpClient } from '../../infra/runtime/http.ts';
import type { Metrics } from '../../infra/runtime/metrics.ts';
import type { Secret } from '../../infra/runtime/secret.ts';
import { checkPromql } from './check-promql.ts';
import { typeOf, unitOf } from './collector/exposition.ts';
import type { FamilyFacts } from './collector/exposition.ts';
import { lastOfEachStep } from './collector/series-memory.ts';
import { createEntityLabels } from './entity-labels.ts';
import { globSourceOf } from '../../infra/runtime/name-matcher.ts';
import { readAlertRules } from './prometheus-alerts.ts';
import { seriesKeyOf, sortSeries } from './series-order.ts';
import type { MetricDescription, MetricRequest, MetricSource } from './source.ts';
import { sourceResultOf } from './source-result.ts';
import { stopIfAborted } from './stop-if-aborted.ts';

export interface PrometheusOptions {
  /** Base of the HTTP API, without `/api/v1`. */
  url: string;
  name?: string;
  headers?: Record<string, string | Secret>;
  timeoutMs?: number;
  ratePerSecond?: number;
  /** Labels that name the entity of a series, the most telling first; default `service`, `app`, `job`. */
  entityLabels?: string[];
}

const samplePair = z.tuple([z.number(), z.string()]);
const matrix = z.object({
  resultType: z.literal('matrix'),
  result: z.array(z.object({ metric: z.record(z.string(), z.string()), values: z.array(samplePair).default([]) })),
});
const envelope = z.object({
  status: z.literal('success'),
  data: z.unknown(),
  warnings: z.array(z.string()).optional(),
});
const metadata = z.record(
  z.string(),
  z.array(z.object({ type: z.string(), help: z.string().optional(), unit: z.string().optional() })),
);

/** Up to this span raw samples are fetched as held; beyond it the server evaluates at the steps. */
const rawMaxMs = 3 * 3_600_000;
const metadataMs = 300_000;

/** Prometheus (2.x, 3.x and what speaks its HTTP API) as a source. Read only; typed queries become selectors, expressions are checked first. */
export function createPrometheus(deps: { clock: Clock; metrics?: Metrics }, options: PrometheusOptions): MetricSource {
  const { name = 'prometheus', url: baseUrl, entityLabels, ...limits } = options;
  const http = createHttpClient(deps, { name, baseUrl, ...limits });
  const { entityOf, namesOf, labels: nameLabels } = createEntityLabels(entityLabels);
  let families: { at: number; map: Map<string, FamilyFacts> } | undefined;

  const call = async (
    path: string,
    form: [string, string][],
    signal?: AbortSignal,
  ): Promise<z.infer<typeof envelope>> => {
    const reply = await http.request(`api/v1/${path}`, {
      method: 'POST',
      idempotent: true,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(form).toString(),
      ...(signal === undefined ? {} : { signal }),
    });
    return fit(envelope, reply.json(), path);
  };
  const readFamilies = async (signal?: AbortSignal): Promise<Map<string, FamilyFacts>> => {
    const now = deps.clock.now();
    if (families !== undefined && now - families.at < metadataMs) return families.map;
    const map = new Map<string, FamilyFacts>();
    try {
      const reply = await http.request('api/v1/metadata', signal === undefined ? {} : { signal });
      const { data } = fit(envelope, reply.json(), 'metadata');
      for (const [family, [facts]] of Object.entries(fit(metadata, data, 'metadata'))) {
        if (facts !== undefined)
          map.set(family, {
            type: facts.type,
            ...(facts.help ? { help: facts.help } : {}),
            ...(facts.unit ? { unit: facts.unit } : {}),
          });
      }
    } catch (thrown) {
      // Some servers that speak the API have no metadata; names then tell the types.
      if (!(thrown instanceof CerebroError) || thrown.code === 'CANCELLED') throw thrown;
    }
    families = { at: now, map };
    return map;
  };
  const readMatrix = async (path: string, form: [string, string][], window: Window, signal?: AbortSignal) => {
    const { data, warnings = [] } = await call(path, form, signal);
    const known = await readFamilies(signal);
    const series = fit(matrix, data, path).result.map(({ metric: held, values }): Series => {
      const { __name__: metric = '', ...labels } = held;
      const unit = known.get(typeOf(metric, labels, known).family)?.unit ?? unitOf(metric);
      const samples = values
        .map(([seconds, value]): [number, number] => [Math.round(seconds * 1_000), Number(value)])
        .filter(([time, value]) => Number.isFinite(value) && time >= msOf(window.from) && time < msOf(window.to));
      return {
        metric,
        type: typeOf(metric, labels, known).type,
        entity: entityOf(held),
        labels,
        ...(unit === undefined ? {} : { unit }),
        samples,
      };
    });
    return { series: series.filter((one) => one.samples.length > 0), warnings };
  };
  const selectors = (request: Pick<MetricRequest, 'metrics' | 'entities' | 'labels'>): string[] => {
    const matchers = [
      nameMatcher(request.metrics),
      ...Object.entries(request.labels ?? {}).map(([label, value]) => `${label}=${quote(value)}`),
    ];
    if (request.entities.length === 0) return [`{${matchers.join(',')}}`];
    const names = quote(
      namesOf(request.entities)
        .map((one) => globSourceOf(one.replaceAll('*', '')))
        .join('|'),
    );
    // A label is tried only where no more telling one is there, as `entityOf` reads them.
    return nameLabels.map((label) => `{${[...matchers, `${label}=~${names}`].join(',')}}`);
  };

  return {
    name,
    async list(window, signal) {
      stopIfAborted(signal);
      const form: [string, string][] = [
        ['match[]', '{__name__=~".+"}'],
        ['start', seconds(msOf(window.from))],
        ['end', seconds(msOf(window.to) - 1)],
      ];
      const { data } = await call('series', form, signal);
      const known = await readFamilies(signal);
      const found = new Map<string, MetricDescription & { seen: Set<string> }>();
      for (const held of fit(z.array(z.record(z.string(), z.string())), data, 'series')) {
        const { __name__: metric = '', ...labels } = held;
        const { family, type } = typeOf(metric, labels, known);
        const facts = known.get(family);
        const unit = facts?.unit ?? unitOf(metric);
        const one = found.get(metric) ?? {
          metric,
          type,
          ...(facts?.help === undefined ? {} : { help: facts.help }),
          ...(unit === undefined ? {} : { unit }),
          entities: [],
          seen: new Set(),
        };
        one.seen.add(entityOf(held));
        found.set(metric, one);
      }
      const items = [...found.values()].map(({ seen, ...one }): MetricDescription => ({
        ...one,
        entities: [...seen].sort(),
      }));
      items.sort((left, right) => (left.metric < right.metric ? -1 : 1));
      return sourceResultOf(items, {
        limit: Infinity,
        lookedAt: `${name} at ${baseUrl}: all series, ${window.from} to ${window.to}`,
      });
    },

    async query(request, signal) {
      stopIfAborted(signal);
      const { window, stepMs, maxSeries } = request;
      const [from, to] = [msOf(window.from), msOf(window.to)];
      const raw = stepMs <= 0 || to - from <= rawMaxMs;
      const wanted = new Set(namesOf(request.entities));
      const found = new Map<string, Series>();
      const notes: string[] = [];
      for (const selector of selectors(request)) {
        const limit: [string, string] = ['limit', String(Math.min(maxSeries + 1, 1_000_000))];
        const { series, warnings } = raw
          ? // One millisecond more, because range selectors of version 3 leave their start out.
            await readMatrix(
              'query',
              [['query', `${selector}[${Math.max(1, to - from + 1)}ms]`], ['time', seconds(to)], limit],
              window,
              signal,
            )
          : await readMatrix('query_range', [['query', selector], ...rangeOf(from, to, stepMs), limit], window, signal);
        notes.push(...warnings.filter((warning) => !warning.includes('truncated')));
        for (const one of series) {
          if (wanted.size > 0 && namesOf([one.entity]).every((each) => !wanted.has(each))) continue;
          const samples = raw && stepMs > 0 ? lastOfEachStep(one.samples, from, stepMs) : one.samples;
          found.set(seriesKeyOf(one), { ...one, samples });
        }
      }
      const asked = selectors(request).join(' or ');
      return sourceResultOf(sortSeries([...found.values()]), {
        limit: maxSeries,
        notes,
        lookedAt: `${name} at ${baseUrl}: ${asked}, ${window.from} to ${window.to}`,
      });
    },

    async alerts(signal) {
      stopIfAborted(signal);
      const lookedAt = `${name} at ${baseUrl}: its alerting rules`;
      let body: unknown;
      try {
        const reply = await http.request('api/v1/rules?type=alert', signal === undefined ? {} : { signal });
        body = reply.json();
      } catch (thrown) {
        // Some servers that speak the API evaluate no rules.
        if (thrown instanceof CerebroError && thrown.code === 'BACKEND_REJECTED')
          return { status: 'no-data', lookedAt };
        throw thrown;
      }
      const items = readAlertRules(fit(envelope, body, 'rules').data, entityOf);
      if (items === undefined) throw new CerebroError('BACKEND_MALFORMED', "The answer to rules is not Prometheus'.");
      return sourceResultOf(items, { limit: 500, lookedAt: `${lookedAt}, none fires` });
    },

    async expression(text, window, stepMs, signal) {
      stopIfAborted(signal);
      checkPromql(text);
      const [from, to] = [msOf(window.from), msOf(window.to)];
      const step = stepMs > 0 ? stepMs : Math.max(1_000, Math.ceil((to - from) / 250));
      const { series, warnings } = await readMatrix(
        'query_range',
        [['query', text], ...rangeOf(from, to, step)],
        window,
        signal,
      );
      const named = series.map((one) => (one.metric === '' ? { ...one, metric: text } : one));
      return sourceResultOf(sortSeries(named), {
        limit: Infinity,
        notes: warnings,
        lookedAt: `${name} at ${baseUrl}: ${text}, ${window.from} to ${window.to}`,
      });
    },
  };
}

/** Start, end and step so that the end is left out and the server's bound of 11,000 points holds. */
function rangeOf(from: number, to: number, stepMs: number): [string, string][] {
  const step = Math.max(stepMs, Math.ceil((to - from) / 10_000));
  return [
    ['start', seconds(from)],
    ['end', seconds(Math.max(from, to - 1))],
    ['step', seconds(step)],
  ];
}

function nameMatcher(metrics: readonly string[]): string {
  if (metrics.length === 0) return '__name__=~".+"';
  const [only] = metrics;
  if (metrics.length === 1 && !only!.includes('*')) return `__name__=${quote(only!)}`;
  const pattern = metrics.map((metric) => globSourceOf(metric)).join('|');
  return `__name__=~${quote(pattern === '.*' ? '.+' : pattern)}`;
}

/** A PromQL string literal; JSON's escapes are among those of PromQL. */
function quote(text: string): string {
  return JSON.stringify(text);
}

function seconds(ms: number): string {
  return (ms / 1_000).toFixed(3);
}

function fit<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new CerebroError(
    'BACKEND_MALFORMED',
    `The answer to ${what} is not Prometheus': ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`,
  );
}
