import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { areaUnderRoc } from '../../detection/models/trees/ranking.ts';
import { sampleRows } from '../../detection/models/trees/sample-rows.ts';
import { writeRows } from '../../detection/lifecycle/training/dataset-files.ts';

/**
 * `npm run bench:peers [-- <boosting rows> <forest rows>]`: training against XGBoost `hist` (same hyper-parameters, 2 threads) and isolation forest against
 * scikit-learn (2 threads allowed; ours takes one; once with all rows in memory, once read from the file by blocks), on the same file in the same run, each
 * in a process of its own; memory is the peak of the whole process by the kernel. The peers are installed into a
 * private folder under the system's temporary folder, kept for the next run; where they cannot be, a message says so and only ours is measured.
 */
const say = (text: string): boolean => process.stdout.write(`${text}\n`);
const [boostingRows = 200_000, forestRows = 1_000_000] = process.argv.slice(2).map(Number);
const threads = 2;
const venv = join(tmpdir(), 'cerebro-peers');
const folder = mkdtempSync(join(tmpdir(), 'cerebro-bench-'));
const figures = z.object({
  seconds: z.number(),
  cpu: z.number(),
  megabytes: z.number(),
  megabytes_before: z.number(),
  megabytes_bare: z.number(),
  area: z.number().optional(),
  mean: z.number().optional(),
  scores: z.union([z.array(z.number()), z.number()]).optional(),
});

type Figures = z.infer<typeof figures>;

try {
  const python = preparePeers();
  execute(process.execPath, ['measure-own.ts', 'load']);
  compare('xgboost', { rows: boostingRows, columns: 300, ...python });
  compare('isolation-forest', { rows: forestRows, columns: 38, ...python });
} finally {
  rmSync(folder, { recursive: true });
}

function preparePeers(): { python: string } | undefined {
  const python = join(venv, 'bin', 'python');
  try {
    if (!existsSync(python)) execFileSync('python3', ['-m', 'venv', venv], { stdio: 'ignore' });
    execFileSync(
      python,
      ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', 'xgboost', 'scikit-learn'],
      { stdio: 'ignore' },
    );
    return { python };
  } catch {
    say('XGBoost and scikit-learn could not be installed here: only our side is measured.');
    return undefined;
  }
}

function compare(what: 'xgboost' | 'isolation-forest', of: { rows: number; columns: number; python?: string }): void {
  const path = join(folder, `${what}.bin`);
  const labels = writeData(path, of);
  const size = [String(of.rows), String(of.columns), String(threads)];
  const run = (command: string, script: string, way: string): Figures =>
    figures.parse(JSON.parse(execute(command, [script, way, path, ...size])));
  say(`${what}: ${of.rows} x ${of.columns}, ${threads} threads, load ${loadavg()[0]!.toFixed(1)}`);
  const own = [what, ...(what === 'xgboost' ? [] : [`${what}-stored`])].map((way) => {
    const measured = run(process.execPath, 'measure-own.ts', way);
    show(way === what ? 'ours' : 'ours, rows read from the file by blocks', measured);
    return measured;
  });
  if (of.python === undefined) return;
  const peer = run(of.python, 'measure-peer.py', what);
  const area = Array.isArray(peer.scores)
    ? { area: areaUnderRoc(peer.scores, labels.subarray(Math.floor(of.rows * 0.8))) }
    : {};
  show('peer', { ...peer, ...area });
  for (const { seconds, cpu, megabytes } of own)
    say(
      `  ours / peer: time ${(seconds / peer.seconds).toFixed(2)}, CPU ${(cpu / peer.cpu).toFixed(2)}, memory of the whole process ${(megabytes / peer.megabytes).toFixed(2)}`,
    );
}

/** Runs a script beside this one. Modules compiled by an earlier process are kept, as Python keeps its own. */
function execute(command: string, [script, ...rest]: [string, ...string[]]): string {
  return execFileSync(command, [join(import.meta.dirname, script), ...rest], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    env: { NODE_COMPILE_CACHE: join(folder, 'compiled') },
  });
}

function show(who: string, own: Figures): void {
  const area = own.area === undefined ? '' : `, AUC ${own.area.toFixed(4)}`;
  const memory = `${own.megabytes.toFixed(0)} MB at most: ${own.megabytes_bare.toFixed(0)} before any data, ${own.megabytes_before.toFixed(0)} with the data`;
  say(`  ${who}: ${own.seconds.toFixed(1)} s (CPU ${own.cpu.toFixed(1)} s), ${memory}${area}`);
}

/** Rows, and labels beside them, little-endian; returns the labels. */
function writeData(path: string, { rows, columns }: { rows: number; columns: number }): Int32Array {
  const data = sampleRows({ rows, columns, seed: 1 });
  writeRows(path, [data.rows]);
  writeFileSync(`${path}.labels`, new Uint8Array(data.labels.buffer));
  return data.labels;
}
