import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { z } from 'zod';
import { childEnvironment } from '../infra/runtime/config-source.ts';
import { CerebroError } from '../infra/runtime/errors.ts';

const ready = z.object({ ready: z.literal(true), observability: z.url(), control: z.url(), page: z.url() });
const observability = z.object({
  scrape: z.array(z.object({ job: z.string(), url: z.url() })),
  logs: z.array(z.object({ service: z.string(), path: z.string() })),
  changes: z.url(),
  gateway: z.url(),
});
/** Ground truth of one injected fault; never handed to the product. */
export const labTruth = z.object({
  id: z.string(),
  kind: z.string(),
  entity: z.string().nullish(),
  /** Names that are as right an answer as `entity`, which is among them. */
  entities: z.array(z.string()).default([]),
  onset: z.string(),
  culprit: z.boolean(),
  cleared: z.string().nullish(),
});
const catalogue = z.array(z.object({ kind: z.string(), culprit: z.boolean(), targets: z.array(z.string()) }));

/** What the product may see of a running lab. */
export type LabObservability = z.infer<typeof observability>;
export type LabTruth = z.infer<typeof labTruth>;

/** A lab in child processes, reached over HTTP only. */
export interface LabProcess {
  observability: LabObservability;
  /** The page to inject and clear faults, its token in the fragment. */
  page: string;
  catalogue(): Promise<z.infer<typeof catalogue>>;
  inject(kind: string, target?: string): Promise<LabTruth>;
  clear(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts the lab and waits until every service is healthy. Throws BACKEND_UNAVAILABLE with the end of its log when it does not come up in 30 s. */
export async function startLab(options: {
  dir: string;
  seed: number;
  otlpUrl?: string;
  controlPort?: number;
}): Promise<LabProcess> {
  const token = randomBytes(16).toString('hex');
  const script = join(import.meta.dirname, 'lab', 'main.ts');
  const args = [
    script,
    '--dir',
    options.dir,
    '--seed',
    String(options.seed),
    '--port',
    '0',
    '--control-port',
    String(options.controlPort ?? 0),
  ];
  if (options.otlpUrl !== undefined) args.push('--otlp', options.otlpUrl);
  const child = spawn(process.execPath, args, {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: childEnvironment({ CEREBRO_LAB_TOKEN: token }),
  });
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => {
    errors = (errors + chunk.toString()).slice(-2_000);
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const line = await new Promise<string>((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new CerebroError('BACKEND_UNAVAILABLE', `The lab did not start in 30 s: ${errors}`)),
      30_000,
    );
    createInterface({ input: child.stdout }).once('line', (text) => {
      clearTimeout(timer);
      resolve(text);
    });
    void exited.then(() => {
      clearTimeout(timer);
      reject(new CerebroError('BACKEND_UNAVAILABLE', `The lab ended before it was ready: ${errors}`));
    });
  });
  const addresses = ready.parse(JSON.parse(line));
  const control = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(new URL(path, addresses.control), {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(20_000),
    });
    if (!response.ok)
      throw new CerebroError('BACKEND_REJECTED', `The lab answered ${response.status}: ${await response.text()}`);
    const text = await response.text();
    return text === '' ? undefined : JSON.parse(text);
  };
  return {
    observability: observability.parse(await (await fetch(addresses.observability)).json()),
    page: `${addresses.page}#${token}`,
    catalogue: async () => catalogue.parse(await control('GET', '/catalogue')),
    inject: async (kind, target) =>
      labTruth.parse(await control('POST', '/faults', { kind, ...(target === undefined ? {} : { target }) })),
    clear: async () => {
      await control('DELETE', '/faults');
    },
    stop: async () => {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), 5_000);
      await exited;
      clearTimeout(timer);
    },
  };
}
