import type { LogRecord, Series, Span } from '../../domain/signal.ts';
import { isoOf, msOf } from '../../infra/runtime/clock.ts';
import type { CapsuleManifest } from '../../tools/sources/capsule/capsule-format.ts';
import type { Capsule } from '../../tools/sources/capsule/open-capsule.ts';
import { writeCapsule } from '../../tools/sources/capsule/write-capsule.ts';
import { lastOfEachStep } from '../../tools/sources/collector/series-memory.ts';
import type { SourceResult } from '../../tools/sources/source.ts';

const most = 1_000_000;
const spanMs = 7 * 60_000;
const stepMs = 15_000;
const mostLines = 340;
const mostTraces = 60;
const mostText = 600;
/** A series that never moves is kept where it may be a limit, a size or a state that something else is measured against. */
const mayBeLimit = /^up$|^ALERTS$|_up$|max|limit|size|avail|capacity|expiry|success|watermark|consumers|is_replica|lag/;
/** What tells about the machine that recorded, or about programs that only measure. */
const left =
  /^(node_(uname|os|cpu_info|time_clocksource|dmi|selinux|nf|netstat|sockstat|schedstat|softnet|interrupts|edac|arp|xfs|zfs|power|cooling|textfile|udp|network|timex|scrape|disk|entropy|exporter)|go_|promhttp_|pg_settings_(?!max_conn)|prometheus_|alertmanager_|net_conntrack_|erlang_(?!vm_memory_bytes_total)|rabbitmq_(raft|node|erlang|identity|build))/;

/** Writes a capsule that is small enough for a repository: the last minutes, coarser, without what never moves; the rig's folder goes by another name. */
export async function thinCapsule(capsule: Capsule, dir: string, folder: RegExp): Promise<void> {
  const { sources, manifest } = capsule;
  const to = msOf(manifest.window.to);
  const window = { from: isoOf(Math.max(msOf(manifest.window.from), to - spanMs)), to: manifest.window.to };
  const all = { entities: [], window };
  const rename = <T>(value: T): T => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the same JSON with other text in it
    return JSON.parse(JSON.stringify(value).replaceAll(folder, '/srv/rig')) as T;
  };
  const items = <T>(result: SourceResult<T> | undefined): T[] | undefined =>
    result === undefined ? undefined : result.status === 'ok' ? rename(result.items) : [];
  const [metrics, logs, spans, changes, topologies] = await Promise.all([
    sources.metrics?.query({ ...all, metrics: [], stepMs: 0, maxSeries: most }),
    sources.logs?.search({ ...all, limit: most }),
    sources.traces?.search({ ...all, limit: most }),
    sources.changes?.list({ ...all, window: manifest.window, limit: most }),
    sources.topology?.read(manifest.window),
  ]);
  const held = { metrics: items(metrics), logs: items(logs), spans: items(spans), changes: items(changes) };
  const { title, created, question, askedAt, asked } = manifest;
  const about: Omit<CapsuleManifest, 'format' | 'version' | 'sources' | 'redacted'> = {
    title,
    created,
    ...(question === undefined ? {} : { question }),
    ...(askedAt === undefined ? {} : { askedAt }),
    ...(asked === undefined ? {} : { asked }),
    window,
  };
  writeCapsule(
    dir,
    {
      manifest: about,
      data: {
        ...(held.metrics === undefined ? {} : { metrics: thinSeries(held.metrics, msOf(window.from)) }),
        ...(held.logs === undefined ? {} : { logs: thinLogs(held.logs) }),
        ...(held.spans === undefined ? {} : { spans: thinSpans(held.spans) }),
        ...(held.changes === undefined ? {} : { changes: held.changes }),
        ...(topologies === undefined ? {} : { topology: items(topologies)?.[0] ?? { entities: [], edges: [] } }),
      },
    },
    { redactValue: (value) => value },
  );
}

function thinSeries(all: readonly Series[], from: number): Series[] {
  return all.flatMap((one) => {
    if (left.test(one.metric)) return [];
    const moves = one.samples.some(([, value]) => value !== one.samples[0]?.[1]);
    if (!moves && !mayBeLimit.test(one.metric)) return [];
    const samples = lastOfEachStep(one.samples, from, stepMs);
    return [
      { ...one, samples: samples.map(([time, value]): [number, number] => [time, Number(value.toPrecision(7))]) },
    ];
  });
}

/** Trouble first, then what lies evenly between. */
function thinLogs(all: readonly LogRecord[]): LogRecord[] {
  const isTrouble = ({ level }: LogRecord): boolean => level === 'error' || level === 'fatal' || level === 'warn';
  const spread = (lines: readonly LogRecord[], count: number): LogRecord[] => {
    const every = Math.max(1, lines.length / count);
    return lines.filter((_, index) => Math.floor(index / every) !== Math.floor((index - 1) / every));
  };
  const trouble = spread(all.filter(isTrouble), mostLines * 0.6);
  const calm = spread(
    all.filter((record) => !isTrouble(record)),
    mostLines - trouble.length,
  );
  return [...trouble, ...calm]
    .map((record) => ({ ...record, message: record.message.slice(0, mostText) }))
    .toSorted((a, b) => msOf(a.at) - msOf(b.at));
}

function thinSpans(all: readonly Span[]): Span[] {
  const traces = [...new Set(all.map(({ traceId }) => traceId))];
  const every = Math.max(1, Math.ceil(traces.length / mostTraces));
  const chosen = new Set(traces.filter((_, index) => index % every === 0));
  return all.filter(({ traceId }) => chosen.has(traceId));
}
