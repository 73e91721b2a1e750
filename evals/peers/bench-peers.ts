import { execFileSync } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { areaUnderRoc } from '../../detection/trees/ranking.ts';
import { sampleRows } from '../../detection/trees/sample-rows.ts';

/**
 * `npm run bench:peers [-- <boosting rows> <forest rows>]`: training against XGBoost `hist` (same hyper-parameters, 2 threads) and isolation forest against
 * scikit-learn (2 threads allowed; ours takes one), on the same file in the same run, each in a process of its own. The peers are installed into a
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
  area: z.number().optional(),
  mean: z.number().optional(),
  scores: z.union([z.array(z.number()), z.number()]).optional(),
});

try {
  const python = preparePeers();
  compare('xgboost', { rows: boostingRows, columns: 300, python });
  compare('isolation-forest', { rows: forestRows, columns: 38, python });
} finally {
  rmSync(folder, { recursive: true });
}

function preparePeers(): string | undefined {
  const python = join(venv, 'bin', 'python');
  try {
    if (!existsSync(python)) execFileSync('python3', ['-m', 'venv', venv], { stdio: 'ignore' });
    execFileSync(
      python,
      ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', 'xgboost', 'scikit-learn'],
      { stdio: 'ignore' },
    );
    return python;
  } catch {
    say('XGBoost and scikit-learn could not be installed here: only our side is measured.');
    return undefined;
  }
}

function compare(what: string, of: { rows: number; columns: number; python: string | undefined }): void {
  const path = join(folder, `${what}.bin`);
  const labels = writeData(path, of);
  const size = [String(of.rows), String(of.columns), String(threads)];
  const run = (command: string, script: string): z.infer<typeof figures> =>
    figures.parse(
      JSON.parse(
        execFileSync(command, [join(import.meta.dirname, script), what, path, ...size], {
          encoding: 'utf8',
          maxBuffer: 1 << 28,
        }),
      ),
    );
  say(`${what}: ${of.rows} x ${of.columns}, ${threads} threads, load ${loadavg()[0]!.toFixed(1)}`);
  const own = run(process.execPath, 'measure-own.ts');
  show('ours', own);
  if (of.python === undefined) return;
  const peer = run(of.python, 'measure-peer.py');
  const area = Array.isArray(peer.scores)
    ? { area: areaUnderRoc(peer.scores, labels.subarray(Math.floor(of.rows * 0.8))) }
    : {};
  show('peer', { ...peer, ...area });
  say(
    `  ours / peer: time ${(own.seconds / peer.seconds).toFixed(2)}, CPU ${(own.cpu / peer.cpu).toFixed(2)}, memory ${(own.megabytes / peer.megabytes).toFixed(2)}`,
  );
}

function show(who: string, own: z.infer<typeof figures>): void {
  const area = own.area === undefined ? '' : `, AUC ${own.area.toFixed(4)}`;
  say(
    `  ${who}: ${own.seconds.toFixed(1)} s (CPU ${own.cpu.toFixed(1)} s), ${own.megabytes.toFixed(0)} MB at most, ${own.megabytes_before.toFixed(0)} MB with the data read${area}`,
  );
}

/** Rows, then labels, little-endian; returns the labels. */
function writeData(path: string, { rows, columns }: { rows: number; columns: number }): Int32Array {
  const data = sampleRows({ rows, columns, seed: 1 });
  const file = openSync(path, 'w');
  for (const part of [new Uint8Array(data.rows.values.buffer), new Uint8Array(data.labels.buffer)])
    for (let at = 0; at < part.length; at += 1 << 26) writeSync(file, part.subarray(at, at + (1 << 26)));
  closeSync(file);
  return data.labels;
}
