import { existsSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import type { Config } from '../config.ts';
import { leastWatched } from '../detection/models/streams/series-watch.ts';
import { entityKinds } from '../domain/entity.ts';
import { isoOf } from '../infra/runtime/clock.ts';
import { CerebroError } from '../infra/runtime/errors.ts';
import type { Secret } from '../infra/runtime/secret.ts';
import { odds } from './detect-streams.ts';
import { isCloudWatchQuery } from '../detection/lifecycle/ingest/cloudwatch/read-live-cloudwatch.ts';
import { durationOf } from './read-target.ts';
import { findRunning, type Running } from './process-file.ts';
import { readReply } from './read-reply.ts';
import { logIn } from './remote-asker.ts';

/** Asks the Cerebro that runs here, where that is meant, and prints what it says; whether it was. Throws as `detectLive`. */
export async function runLive(
  config: Config,
  target: string,
  options: { prometheus?: string; entity?: string; since?: string; out?: string; json?: boolean },
): Promise<boolean> {
  const running = await runningFor(config, target, options);
  if (running === undefined) return false;
  const found = await detectLive(running, target, {
    entity: options.entity,
    sinceMs: durationOf(options.since ?? '1h', '--since'),
  });
  if (options.out !== undefined) writeLive(options.out, found.series);
  if (options.json === true) process.stdout.write(`${JSON.stringify(found, undefined, 2)}\n`);
  else process.stdout.write(`${liveWords(found)}\n`);
  return true;
}

const sample = z.tuple([z.number(), z.number()]);
/** What `/api/series/scores` answers, as far as it is told here. */
export const scoresReply = z.object({
  series: z.array(
    z
      .object({
        metric: z.string(),
        measure: z.string(),
        entity: z.string(),
        labels: z.record(z.string(), z.string()),
        scores: z.array(sample),
        learned: z.number(),
        /** Not told by a Cerebro from before that was said. */
        judged: z.boolean().optional(),
        alarms: z.array(
          z.object({
            from: z.number(),
            to: z.number(),
            value: z.number(),
            usual: z.number(),
            score: z.number(),
            because: z.array(z.object({ feature: z.string() })),
            investigation: z.object({ id: z.string(), title: z.string(), status: z.string() }).optional(),
          }),
        ),
      })
      .transform((one) => ({ ...one, judged: one.judged ?? one.learned >= leastWatched })),
  ),
  total: z.number(),
  threshold: z.number(),
});
type Found = z.infer<typeof scoresReply>;
type LiveSeries = Found['series'];

/**
 * Asks a Cerebro that runs on this machine how abnormal series of its sources were. `target` is a metric (`*` as a wildcard), or an entity such as
 * `service:cart` for what people feel of it. Throws NOT_FOUND where nothing matches, BACKEND_REJECTED, BACKEND_UNAVAILABLE, or
 * BACKEND_MALFORMED where that one is of another version.
 */
async function detectLive(
  running: Running & { token?: Secret },
  target: string,
  options: { entity?: string | undefined; sinceMs: number },
): Promise<Found> {
  const about = isEntity(target) ? { entity: target } : { metric: target };
  const query = new URLSearchParams({
    ...about,
    ...(options.entity === undefined ? {} : { entity: options.entity }),
    minutes: String(Math.max(1, options.sinceMs / 60_000)),
    points: '5000',
  });
  const headers: Record<string, string> =
    running.token === undefined ? {} : { cookie: await logIn(running.url, running.token) };
  const response = await fetch(new URL(`/api/series/scores?${query}`, running.url), { headers });
  if (!response.ok)
    throw new CerebroError(
      'BACKEND_REJECTED',
      `Cerebro at ${running.url} answered ${response.status}: ${(await response.text()).slice(0, 300)}`,
    );
  const found = readReply(scoresReply, await response.json(), running);
  if (found.series.length === 0)
    throw new CerebroError(
      'NOT_FOUND',
      `The Cerebro at ${running.url} has no samples of ${target} in that time; \`cerebro ask "which services are there?"\` and its console (Signals) list what there is.`,
    );
  return found;
}

/** Whether a target is an entity (`service:cart`); a recording rule of Prometheus (`job:requests:rate5m`) is a metric. */
export function isEntity(target: string): boolean {
  return entityKinds.some((kind) => target.startsWith(`${kind}:`));
}

/** The running Cerebro to ask, where the target is no file and no Prometheus is named. */
async function runningFor(
  config: Config,
  target: string,
  options: { prometheus?: string },
): Promise<(Running & { token?: Secret }) | undefined> {
  if (existsSync(target) || options.prometheus !== undefined || isCloudWatchQuery(target)) return undefined;
  const found = await findRunning(config.dataDir);
  // PromQL is for a Prometheus; a name alone is for whoever watches.
  const isName = /^[\w:.*/-]+$/.test(target);
  if (found === undefined || (config.sources.prometheus !== undefined && !isName)) return undefined;
  if (!isName)
    throw new CerebroError(
      'INPUT_INVALID',
      `${target} is no file, and no metric or entity of the Cerebro that runs at ${found.url}; for PromQL name a Prometheus with --prometheus <url>.`,
    );
  return { ...found, ...(config.console.token === undefined ? {} : { token: config.console.token }) };
}

/** Writes all scores as CSV. */
function writeLive(path: string, series: LiveSeries): void {
  const lines = series.flatMap(({ entity, metric, labels, scores }) =>
    scores.map(([at, score]) => `${isoOf(at)},${entity},${[metric, ...Object.values(labels)].join(' ')},${score}\n`),
  );
  writeFileSync(path, `timestamp,entity,column,score\n${lines.join('')}`);
}

/** The stretches that alarmed, for a terminal; of a series that was hardly seen it says so, and not that it is quiet. */
export function liveWords({ series, total, threshold }: Found): string {
  const stretches = series.reduce((sum, one) => sum + one.alarms.length, 0);
  const young = series.filter((one) => one.alarms.length === 0 && !one.judged).length;
  const known = series.length - young;
  const found =
    stretches > 0
      ? `${stretches} abnormal ${stretches === 1 ? 'stretch' : 'stretches'} in ${known}`
      : known > 0
        ? `nothing abnormal in ${known}`
        : 'none judged';
  const lines = [
    `default ensemble: ${found} of ${total} series${young > 0 ? `; ${young} seen too little of to be judged (${leastWatched} points)` : ''}`,
  ];
  for (const { entity, measure, labels, alarms, scores, learned, judged } of series) {
    const name = [entity, measure, ...Object.values(labels)].join(' ');
    if (alarms.length === 0) {
      const highest = scores.reduce((most, [, score]) => Math.max(most, score), 0);
      const rarest = `rarest point 1 in ${odds(highest)}`;
      const standing = !judged
        ? 'not judged ('
        : highest < threshold
          ? `quiet (${rarest}; `
          : `no alarm (${rarest}, but too small a change, too brief or too early to tell; `;
      lines.push(`  ${name}  ${standing}${learned} points known)`);
    }
    for (const { from, to, value, usual, score, because, investigation } of alarms)
      lines.push(
        `  ${name}  ${isoOf(from)} to ${isoOf(to)}  ${Number(value.toPrecision(4))} where ${Number(usual.toPrecision(4))} is usual  1 in ${odds(score)}  because of ${because
          .slice(0, 3)
          .map(({ feature }) => feature)
          .join(
            ', ',
          )}${investigation === undefined ? '' : `  investigation: ${investigation.title} (${investigation.status})`}`,
      );
  }
  return lines.join('\n');
}
