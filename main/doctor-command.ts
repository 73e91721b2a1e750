import { closeSync, openSync, statSync } from 'node:fs';
import { connectBackEnds } from '../app/connect-back-ends.ts';
import type { Config } from '../config.ts';
import { alignNames } from '../connect/align-names.ts';
import { recogniseServers } from '../connect/find-servers.ts';
import type { Probe } from '../connect/probe-sources.ts';
import { probeSources } from '../connect/probe-sources.ts';
import { systemClock } from '../infra/runtime/clock.ts';
import { CerebroError } from '../infra/runtime/errors.ts';
import { silentLogger } from '../infra/runtime/logger.ts';
import { createMetrics } from '../infra/runtime/metrics.ts';
import { createRedactor } from '../infra/runtime/redact.ts';
import { noTracer } from '../infra/runtime/tracing.ts';

/** Tries every source of a config and says how each answered, and which names they share. Returns the exit status: 1 when one failed or none is named. */
export async function runDoctor(config: Config, say: (text: string) => void): Promise<number> {
  const probes = await probeConfig(config.sources);
  if (probes.length === 0) {
    say('The config names no source: `cerebro connect` finds what there is, `npm start` shows the lab.\n');
    return 1;
  }
  say(tellProbes(probes));
  return probes.some(({ state }) => state === 'failed') ? 1 : 0;
}

/** One probe for each source and kind of data that a config names. Never throws for a back end's failure. */
export async function probeConfig(sources: Config['sources']): Promise<Probe[]> {
  const clock = systemClock;
  const metrics = createMetrics();
  const deps = { clock, logger: silentLogger, metrics, tracer: noTracer, redactor: createRedactor('doctor') };
  const own = await probeCollector(sources.collector);
  try {
    const backEnds = await connectBackEnds(sources, deps);
    try {
      return [...own, ...(await probeSources(backEnds, deps))];
    } finally {
      for (const { close } of backEnds) close?.();
    }
  } catch (thrown) {
    const { message } = CerebroError.from(thrown);
    return [...own, { name: 'config', kind: 'sources', address: '', state: 'failed', says: message, entities: [] }];
  }
}

/** What our own collector would read: endpoints that answer with metrics, files that can be read. It is not started. */
async function probeCollector(collector: Config['sources']['collector']): Promise<Probe[]> {
  if (collector === undefined) return [];
  const answering = await Promise.all(
    collector.scrape.map(async ({ job, url }): Promise<Probe> => {
      const [found] = await recogniseServers([url.replace(/\/metrics\/?$/, '')]);
      const about = { name: 'collector', kind: `metrics of ${job}`, address: url, entities: [`service:${job}`] };
      return found === undefined
        ? { ...about, state: 'failed', says: 'nothing answers there with metrics' }
        : { ...about, state: 'ok', says: found.about };
    }),
  );
  const files = collector.logs.map(({ service, path }): Probe => {
    const about = { name: 'collector', kind: `logs of ${service}`, address: path, entities: [`service:${service}`] };
    try {
      closeSync(openSync(path, 'r'));
      const { size } = statSync(path);
      return { ...about, state: size === 0 ? 'empty' : 'ok', says: size === 0 ? 'the file is empty' : `${size} bytes` };
    } catch (thrown) {
      return { ...about, state: 'failed', says: thrown instanceof Error ? thrown.message : 'it cannot be read' };
    }
  });
  return [...answering, ...files];
}

/** The probes as a person reads them, failures with what to do, then which names the sources share. */
export function tellProbes(probes: readonly Probe[]): string {
  const marks = { ok: 'ok    ', empty: 'empty ', failed: 'FAILED' };
  const lines = probes.map(
    ({ state, name, kind, address, says }) => `  ${marks[state]} ${name}, ${kind} (${address}): ${says}`,
  );
  const { shared, alone } = alignNames(probes);
  if (shared.length > 0)
    lines.push(
      `  names that several sources use: ${shared
        .map(({ name }) => name)
        .slice(0, 20)
        .join(', ')}`,
    );
  for (const { name, kind, likely } of alone.filter((one) => one.likely !== undefined).slice(0, 12))
    lines.push(
      `  ${name} (${kind}) may be ${likely ?? ''}: name them alike, or set entityLabel or service in the config`,
    );
  return `${lines.join('\n')}\n`;
}
