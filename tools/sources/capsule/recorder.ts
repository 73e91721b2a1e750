import type { Change, FiredAlert, LogRecord, Resource, Series, Span } from '../../../domain/signal.ts';
import { canonicalJson } from '../../../infra/runtime/canonical-json.ts';
import { CerebroError } from '../../../infra/runtime/errors.ts';
import type { Redactor } from '../../../infra/runtime/redact.ts';
import type { SourceData } from '../data-sources.ts';
import { interceptSources, sourceKinds } from '../intercept-sources.ts';
import type { Interceptor, SourceCall } from '../intercept-sources.ts';
import { seriesKeyOf } from '../series-order.ts';
import type { SourceResult, Sources } from '../source.ts';
import type { ManifestParts } from './capsule-format.ts';
import { callKeyOf, writeCapsule } from './write-capsule.ts';
import type { CapsuleContent } from './write-capsule.ts';

/** Sources that remember what they answered. */
export interface Recorder {
  sources: Sources;
  /** Remembers one call, for whoever leads the calls of several recorders over the same sources. */
  intercept: Interceptor;
  /** Writes all calls and, merged, all that they returned as a capsule folder. May be called again; the folder then holds more. */
  save(dir: string, manifest: ManifestParts, redactor: Pick<Redactor, 'redactValue'>): Promise<void>;
}

/** Wraps any sources. Failures are recorded too, withdrawn calls are not; of equal calls the last answer is kept. */
export function createRecorder(sources: Sources): Recorder {
  const calls = new Map<string, { call: SourceCall; result: unknown }>();
  const intercept: Interceptor = async (call, run) => {
    // The request may be altered by its owner after the call; what is recorded may not.
    const copy = structuredClone(call);
    try {
      const result = await run();
      calls.set(callKeyOf(copy), { call: copy, result });
      return result;
    } catch (thrown) {
      const { code, message } = CerebroError.from(thrown);
      if (code !== 'CANCELLED') calls.set(callKeyOf(copy), { call: copy, result: { status: 'failed', code, message } });
      throw thrown;
    }
  };
  return {
    sources: interceptSources(sources, intercept),
    intercept,
    save: async (dir, manifest, redactor) => {
      const recorded = [...calls.values()];
      const names: NonNullable<CapsuleContent['names']> = {};
      for (const kind of sourceKinds) if (sources[kind] !== undefined) names[kind] = sources[kind].name;
      writeCapsule(dir, { manifest, data: mergeResults(recorded), names, calls: recorded }, redactor);
    },
  };
}

/** Everything that recorded results hold, each item once. Results of expressions are derived values and stay out. */
export function mergeResults(recorded: readonly { call: SourceCall; result: unknown }[]): Partial<SourceData> {
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the caller knows what this kind of source returns
  const itemsOf = <T>(source: keyof Sources, methods: readonly string[]): T[] | undefined => {
    const fitting = recorded.filter(({ call }) => call.source === source && methods.includes(call.method));
    if (fitting.length === 0) return undefined;
    return fitting.flatMap(({ result }) => {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the source of this kind returned
      const read = result as SourceResult<T> | { status: 'failed' };
      return read.status === 'ok' ? read.items : [];
    });
  };
  const data: Partial<SourceData> = {};
  const metrics = itemsOf<Series>('metrics', ['query']);
  if (metrics !== undefined) data.metrics = mergeSeries(metrics);
  const logs = itemsOf<LogRecord>('logs', ['search']);
  if (logs !== undefined) data.logs = uniqueBy(logs, canonicalJson).sort(byText((record) => record.at));
  const spans = itemsOf<Span>('traces', ['search']);
  if (spans !== undefined)
    data.spans = uniqueBy(spans, (one) => `${one.traceId} ${one.spanId}`).sort(
      (left, right) => left.startMs - right.startMs,
    );
  // A change that was shown has its diff; it stands for the listed one, so it comes last.
  const changes = itemsOf<Change>('changes', ['list']);
  const shown = itemsOf<Change>('changes', ['show']);
  if (changes !== undefined || shown !== undefined) {
    data.changes = uniqueBy([...(changes ?? []), ...(shown ?? [])], (one) => one.id).sort(byText((one) => one.at));
  }
  const resources = itemsOf<Resource>('cluster', ['list']);
  if (resources !== undefined)
    data.resources = uniqueBy(resources, (one) => canonicalJson([one.kind, one.namespace, one.name]));
  const advisories = itemsOf<SourceData['advisories'][number]>('advisories', ['list']);
  if (advisories !== undefined) data.advisories = uniqueBy(advisories, (one) => `${one.id} ${one.package}`);
  const alerts = itemsOf<FiredAlert>('alerts', ['list']);
  if (alerts !== undefined) data.alerts = uniqueBy(alerts, canonicalJson).sort(byText((one) => one.at));
  const topologies = itemsOf<SourceData['topology']>('topology', ['read']);
  if (topologies !== undefined) {
    data.topology = {
      entities: uniqueBy(
        topologies.flatMap((one) => one.entities),
        (one) => one.id,
      ),
      edges: uniqueBy(
        topologies.flatMap((one) => one.edges),
        (one) => canonicalJson([one.from, one.to, one.kind, one.source]),
      ),
    };
  }
  return data;
}

/** One series for each identity, with the samples of all parts: of two samples at one time the later read counts. */
function mergeSeries(parts: readonly Series[]): Series[] {
  const merged = new Map<string, { series: Series; samples: Map<number, number> }>();
  for (const series of parts) {
    const key = seriesKeyOf(series);
    const held = merged.get(key) ?? { series, samples: new Map<number, number>() };
    for (const [time, value] of series.samples) held.samples.set(time, value);
    merged.set(key, held);
  }
  return [...merged.values()].map(({ series, samples }) => ({
    ...series,
    samples: [...samples].sort(([left], [right]) => left - right),
  }));
}

function uniqueBy<T>(items: readonly T[], keyOf: (item: T) => string): T[] {
  return [...new Map(items.map((item) => [keyOf(item), item])).values()];
}

function byText<T>(textOf: (item: T) => string): (left: T, right: T) => number {
  return (left, right) => {
    const [first, second] = [textOf(left), textOf(right)];
    return first < second ? -1 : first > second ? 1 : 0;
  };
}
