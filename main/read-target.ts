import { existsSync } from 'node:fs';
import type { Config } from '../config.ts';
import { openCloudWatch } from '../detection/lifecycle/ingest/cloudwatch/open-cloudwatch.ts';
import {
  isCloudWatchQuery,
  readLiveCloudWatch,
} from '../detection/lifecycle/ingest/cloudwatch/read-live-cloudwatch.ts';
import { readPrometheus } from '../detection/lifecycle/ingest/read-prometheus.ts';
import { readTelemetry } from '../detection/lifecycle/ingest/read-telemetry.ts';
import type { TelemetryTable } from '../detection/lifecycle/ingest/telemetry-table.ts';
import { systemClock } from '../infra/runtime/clock.ts';
import { CerebroError } from '../infra/runtime/errors.ts';
import { createHttpClient } from '../infra/runtime/http.ts';

/** Options of commands that read telemetry; `since` and `step` are of queries. */
export interface TargetOptions {
  time?: string;
  entity?: string;
  prometheus?: string;
  since?: string;
  step?: string;
}

/**
 * Telemetry by what the target is: a file or folder that exists; a query of CloudWatch (`readLiveCloudWatch` says its forms); else PromQL, asked
 * of the Prometheus that is told or configured. A query reads `since` back from now, in whole steps. Throws NOT_FOUND where there is nobody to ask.
 */
export async function readTarget(config: Config, target: string, options: TargetOptions): Promise<TelemetryTable> {
  if (existsSync(target))
    return readTelemetry(target, {
      ...(options.time === undefined ? {} : { time: options.time }),
      ...(options.entity === undefined ? {} : { entity: options.entity }),
    });
  const stepMs = durationOf(options.step ?? '1m', '--step');
  const to = Math.floor(systemClock.now() / stepMs) * stepMs;
  const range = { from: to - durationOf(options.since ?? '6h', '--since'), to, stepMs, entityLabel: options.entity };
  if (isCloudWatchQuery(target)) {
    const { region, url, entityLabel } = config.sources.cloudwatch ?? {};
    const cloudwatch = openCloudWatch({ clock: systemClock }, { region, url });
    try {
      return await readLiveCloudWatch({ clock: systemClock, cloudwatch }, target, {
        ...range,
        entityLabel: options.entity ?? entityLabel,
      });
    } finally {
      cloudwatch.close();
    }
  }
  const source = config.sources.prometheus;
  const baseUrl = options.prometheus ?? source?.url;
  if (baseUrl === undefined)
    throw new CerebroError(
      'NOT_FOUND',
      `${target} is no file; to read it as a query, name a Prometheus with --prometheus <url> or in the config.`,
    );
  const authorization =
    options.prometheus === undefined && source?.token !== undefined
      ? { authorization: `Bearer ${source.token.reveal()}` }
      : {};
  const http = createHttpClient({ clock: systemClock }, { name: 'prometheus', baseUrl, headers: authorization });
  return readPrometheus(http, [{ query: target, ...range }]);
}

/** Milliseconds of `30s`, `5m`, `6h` or `2d`. Throws INPUT_INVALID that names the option. */
export function durationOf(text: string, option: string): number {
  const units: Record<string, number> = { s: 1e3, m: 6e4, h: 3.6e6, d: 8.64e7 };
  const [, amount, unit] = /^(\d+)([smhd])$/.exec(text) ?? [];
  if (amount === undefined || unit === undefined)
    throw new CerebroError('INPUT_INVALID', `${option} takes a time such as 30s, 5m, 6h or 2d, not ${text}.`);
  return Number(amount) * units[unit]!;
}
