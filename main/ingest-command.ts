import ora from 'ora';
import { buildKnowledge } from '../app/build-knowledge.ts';
import { buildReasoner } from '../app/build-reasoner.ts';
import { redactionKey } from '../app/redaction-key.ts';
import type { Config } from '../config.ts';
import { systemClock } from '../infra/runtime/clock.ts';
import { openDataFolder } from '../infra/runtime/data-folder.ts';
import { createLogger } from '../infra/runtime/logger.ts';
import { createMetrics } from '../infra/runtime/metrics.ts';
import { createRedactor } from '../infra/runtime/redact.ts';
import { noTracer } from '../infra/runtime/tracing.ts';
import type { IngestProgress } from '../knowledge/ingestion/ingestion.ts';
import type { SourceReport } from '../knowledge/ingestion/source-reader.ts';
import type { Knowledge } from '../knowledge/knowledge.ts';

const barWidth = 24;
const shownFailures = 10;

/** Brings the knowledge in line with its sources now, with a bar on a terminal. Gives 1 when a source or a file could not be read. Throws STORE_LOCKED while the product runs; it ingests by itself. */
export function runIngest(config: Config, options: { only?: string[]; json?: boolean }): Promise<number> {
  return withKnowledge(config, async (knowledge) => {
    const spinner = ora({ isSilent: !process.stderr.isTTY, stream: process.stderr }).start('Reading');
    const stop = new AbortController();
    const onSignal = (): void => stop.abort();
    process.once('SIGINT', onSignal);
    try {
      const report = await knowledge.ingest({
        ...(options.only === undefined ? {} : { only: options.only }),
        onProgress: (progress) => {
          spinner.text = barOf(progress);
        },
        signal: stop.signal,
      });
      spinner.stop();
      if (options.json === true) process.stdout.write(`${JSON.stringify(report, undefined, 2)}\n`);
      else process.stdout.write(`${report.sources.map(reportText).join('\n')}\n${countsText(knowledge)}\n`);
      return report.sources.some(({ failed }) => failed.length > 0) ? 1 : 0;
    } finally {
      spinner.stop();
      process.removeListener('SIGINT', onSignal);
    }
  });
}

/** Says of each source when it was read last, what came of it and when it is due, without reading any. */
export function runKnowledgeStatus(config: Config, options: { json?: boolean }): Promise<void> {
  return withKnowledge(config, (knowledge) => {
    const sources = knowledge.sources();
    if (options.json === true) {
      process.stdout.write(`${JSON.stringify({ ...knowledge.counts(), sources }, undefined, 2)}\n`);
      return Promise.resolve();
    }
    const lines = sources.map(({ source, everyMs, last }) =>
      last === undefined
        ? `${source}: never read, every ${everyMs / 60_000} min`
        : `${last.at}, every ${everyMs / 60_000} min\n  ${reportText(last.report)}`,
    );
    process.stdout.write(`${lines.join('\n')}\n${countsText(knowledge)}\n`);
    return Promise.resolve();
  });
}

/** Searches as the tools do, and says of each hit where it stands and why it is there. */
export function runKnowledgeSearch(
  config: Config,
  text: string,
  options: { json?: boolean; labels?: string[] },
): Promise<void> {
  return withKnowledge(config, async (knowledge) => {
    const request = { text, kinds: [], entities: [], limit: 8, labels: options.labels ?? [] };
    const hits = await knowledge.search.search(request);
    if (options.json === true) process.stdout.write(`${JSON.stringify(hits, undefined, 2)}\n`);
    else if (hits.length === 0) process.stdout.write('Nothing found.\n');
    else
      process.stdout.write(
        `${hits.map(({ title, kind, source, why }, index) => `${index + 1}. ${title} (${kind})\n   ${source}\n   ${why.join('; ')}`).join('\n')}\n`,
      );
  });
}

async function withKnowledge<T>(config: Config, use: (knowledge: Knowledge) => Promise<T>): Promise<T> {
  const folder = openDataFolder(config.dataDir);
  try {
    const deps = {
      clock: systemClock,
      logger: createLogger({ level: config.logLevel }),
      metrics: createMetrics(),
      tracer: noTracer,
      redactor: createRedactor(redactionKey(`${folder.path}/redaction.key`)),
    };
    const reasoner = buildReasoner(config.reasoner, deps, folder.path);
    const knowledge = await buildKnowledge(config.knowledge, deps, { folder: folder.path, reasoner });
    try {
      return await use(knowledge);
    } finally {
      await knowledge.close();
      await reasoner.close();
    }
  } finally {
    folder.close();
  }
}

function barOf({ source, done, total }: IngestProgress): string {
  if (total === undefined || total === 0) return `${source}: ${done}`;
  const full = Math.round(Math.min(1, done / total) * barWidth);
  return `${'█'.repeat(full)}${'░'.repeat(barWidth - full)} ${done} of ${total} ${source}`;
}

function reportText({ source, read, unchanged, removed, failed, elapsedMs }: SourceReport): string {
  const failures = failed.slice(0, shownFailures).map(({ uri, reason }) => `\n  not read: ${uri}: ${reason}`);
  const more = failed.length > shownFailures ? `\n  and ${failed.length - shownFailures} more` : '';
  return `${source}: ${read} read, ${unchanged} unchanged, ${removed} removed, ${failed.length} not read, ${(elapsedMs / 1_000).toFixed(1)} s${failures.join('')}${more}`;
}

function countsText(knowledge: Knowledge): string {
  const { documents, chunks } = knowledge.counts();
  return `${documents} documents, ${chunks} passages`;
}
