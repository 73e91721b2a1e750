import { Agent, request as httpRequest } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Clock } from '../../../infra/runtime/clock.ts';
import type { Metrics } from '../../../infra/runtime/metrics.ts';
import { readExposition } from './exposition.ts';
import type { FamilyFacts } from './exposition.ts';
import type { MetricStore } from './metric-store.ts';

export interface ScrapeTarget {
  job: string;
  url: string;
}

/** Scrapes one target into the store, with `up` (1 or 0) and `scrape_duration_seconds` for each attempt. */
export interface Scraper {
  /** Never throws; an attempt that still runs is not started again. */
  scrape(): Promise<void>;
  close(): void;
}

const accept = 'application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.9,*/*;q=0.1';

/** A scrape has `timeoutMs` and 16 MiB; there is no retry: the next scrape is one. */
export function createScraper(
  deps: { clock: Clock; metrics: Metrics; store: MetricStore },
  target: ScrapeTarget,
  timeoutMs: number,
): Scraper {
  const { clock, metrics, store } = deps;
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const job = target.job.replaceAll(/[\\"]/g, '\\$&').replaceAll('\n', String.raw`\n`);
  const ownKeys = [`up{job="${job}"}`, `scrape_duration_seconds{job="${job}"}`];
  const ownFamilies: [string, FamilyFacts][] = [
    ['up', { type: 'gauge', help: 'Whether the last scrape of this target succeeded.' }],
    ['scrape_duration_seconds', { type: 'gauge', help: 'Time of the last scrape.' }],
  ];
  let running = false;
  const attempt = async (): Promise<void> => {
    const at = clock.now();
    const started = clock.monotonic();
    const keys = [...ownKeys];
    const values = [0, 0];
    const families = new Map<string, FamilyFacts>(ownFamilies);
    let malformed = 0;
    try {
      const text = await fetchText(target.url, agent, timeoutMs);
      values[0] = 1;
      readExposition(text, {
        sample: (key, value) => {
          keys.push(key);
          values.push(value);
        },
        family: (name, facts) => void families.set(name, { ...families.get(name), ...facts }),
        malformed: () => (malformed += 1),
      });
    } catch {
      metrics.count('cerebro_collector_dropped_total', { signal: 'metrics', reason: 'unreachable' });
    }
    values[1] = (clock.monotonic() - started) / 1000;
    const { kept, rejected } = store.record(target.job, at, { keys, values, families });
    if (malformed > 0) rejected.set('malformed', (rejected.get('malformed') ?? 0) + malformed);
    metrics.count('cerebro_collector_samples_total', { signal: 'metrics' }, kept);
    for (const [reason, count] of rejected)
      metrics.count('cerebro_collector_dropped_total', { signal: 'metrics', reason }, count);
  };
  return {
    async scrape() {
      if (running) return;
      running = true;
      try {
        await attempt();
      } finally {
        running = false;
      }
    },
    close: () => agent.destroy(),
  };
}

const maxBytes = 16 * 1024 * 1024;

function fetchText(url: string, agent: Agent, timeoutMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const secure = url.startsWith('https:');
    const options = { headers: { accept, 'accept-encoding': 'identity' }, signal: AbortSignal.timeout(timeoutMs) };
    const take = (response: IncomingMessage): void => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        size += chunk.length;
        if (size > maxBytes) response.destroy(new Error('too large'));
      });
      response.on('error', reject);
      response.on('end', () => {
        if (response.statusCode === 200) resolve(Buffer.concat(chunks).toString('utf8'));
        else reject(new Error(`status ${response.statusCode}`));
      });
    };
    const outgoing = secure ? httpsRequest(url, options, take) : httpRequest(url, { ...options, agent }, take);
    outgoing.on('error', reject);
    outgoing.end();
  });
}
