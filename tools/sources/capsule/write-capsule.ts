import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bytesHash, contentHash } from '../../../infra/runtime/canonical-json.ts';
import type { Redactor } from '../../../infra/runtime/redact.ts';
import type { SourceData } from '../data-sources.ts';
import type { SourceCall } from '../intercept-sources.ts';
import { sortSeries } from '../series-order.ts';
import type { Sources } from '../source.ts';
import type { CapsuleManifest, ManifestParts } from './capsule-format.ts';
import { writeSeriesLines } from './series-lines.ts';

/** What goes into a capsule. A kind of data that is absent was not connected; an empty one was, and held nothing. */
export interface CapsuleContent {
  manifest: ManifestParts;
  data: Partial<SourceData>;
  /** Names of the sources by kind, for the manifest; default `capsule`. A kind named here counts as connected. */
  names?: Partial<Record<keyof Sources, string>>;
  calls?: { call: SourceCall; result: unknown }[];
}

const kindOfData = {
  metrics: 'metrics',
  logs: 'logs',
  spans: 'traces',
  changes: 'changes',
  resources: 'cluster',
  topology: 'topology',
  advisories: 'advisories',
  alerts: 'alerts',
} as const satisfies Record<keyof SourceData, keyof Sources>;

/** The key of a recorded call: the same for the same kind of source, method and request. */
export function callKeyOf(call: SourceCall): string {
  return contentHash({ source: call.source, method: call.method, request: call.request });
}

/** Writes a capsule folder (format: docs/capsule-format.md). Every text goes through the redactor; equal content gives equal files. */
export function writeCapsule(dir: string, content: CapsuleContent, redactor: Pick<Redactor, 'redactValue'>): void {
  mkdirSync(dir, { recursive: true });
  const put = (name: string, text: string): void => writeFileSync(join(dir, name), text);
  const putLines = (name: string, items: readonly unknown[] | undefined): void => {
    if (items !== undefined) put(name, items.map((item) => `${JSON.stringify(redactor.redactValue(item))}\n`).join(''));
  };
  const { data } = content;
  if (data.metrics !== undefined) {
    // Samples are numbers; only what names a series can hold text.
    const series = sortSeries(data.metrics).map((one) => ({
      ...redactor.redactValue({ ...one, samples: [] }),
      samples: one.samples,
    }));
    put(
      'metrics.ndjson',
      writeSeriesLines(series)
        .map((line) => `${line}\n`)
        .join(''),
    );
  }
  putLines('logs.ndjson', data.logs);
  putLines('spans.ndjson', data.spans);
  putLines('changes.ndjson', data.changes);
  putLines('resources.ndjson', data.resources);
  putLines('advisories.ndjson', data.advisories);
  putLines('alerts.ndjson', data.alerts);
  if (data.topology !== undefined) put('topology.json', `${JSON.stringify(redactor.redactValue(data.topology))}\n`);
  writeCalls(dir, content.calls ?? [], redactor);
  const manifest: CapsuleManifest = {
    format: 'cerebro-capsule',
    version: 1,
    ...redactor.redactValue(content.manifest),
    sources: sourcesOf(content),
    redacted: true,
  };
  put('manifest.json', `${JSON.stringify(manifest, undefined, 2)}\n`);
}

function writeCalls(
  dir: string,
  calls: NonNullable<CapsuleContent['calls']>,
  redactor: Pick<Redactor, 'redactValue'>,
): void {
  if (calls.length === 0) return;
  mkdirSync(join(dir, 'blobs'), { recursive: true });
  const lines = calls.map(({ call, result }) => {
    const text = JSON.stringify(redactor.redactValue(result));
    const blob = bytesHash(text);
    writeFileSync(join(dir, 'blobs', blob), text);
    const shown = redactor.redactValue(call);
    return `${JSON.stringify({ key: callKeyOf(shown), ...shown, blob })}\n`;
  });
  writeFileSync(join(dir, 'calls.ndjson'), lines.join(''));
}

function sourcesOf(content: CapsuleContent): CapsuleManifest['sources'] {
  const sources: CapsuleManifest['sources'] = {};
  for (const [kind, source] of Object.entries(kindOfData)) {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of `kindOfData`
    const held = content.data[kind as keyof SourceData];
    if (held === undefined && content.names?.[source] === undefined) continue;
    const items = held === undefined ? 0 : Array.isArray(held) ? held.length : held.entities.length;
    sources[source] = { name: content.names?.[source] ?? 'capsule', items };
  }
  return sources;
}
