import { randomBytes } from 'node:crypto';
import { fstatSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Lab } from './supervisor/lab.ts';
import { startLab } from './supervisor/lab.ts';

const { values } = parseArgs({
  options: {
    dir: { type: 'string' },
    seed: { type: 'string', default: '1' },
    port: { type: 'string', default: '0' },
    'control-port': { type: 'string', default: '0' },
    otlp: { type: 'string' },
  },
});
if (values.dir === undefined) fail('--dir is missing: the folder for databases and logs');

let lab: Lab | undefined;
let leaving = false;

async function leave(code: number): Promise<void> {
  if (leaving) return;
  leaving = true;
  await lab?.stop();
  process.exit(code);
}

process.on('SIGTERM', () => void leave(0));
process.on('SIGINT', () => void leave(0));
watchParent(() => void leave(0));

try {
  lab = await startLab({
    folder: values.dir,
    seed: Number(values.seed),
    port: Number(values.port),
    controlPort: Number(values['control-port']),
    token: process.env['CEREBRO_LAB_TOKEN'] ?? randomBytes(18).toString('base64url'),
    otlp: values.otlp,
  });
  const control = `http://127.0.0.1:${lab.controlPort}`;
  const observability = `http://127.0.0.1:${lab.port}/observability`;
  process.stdout.write(`${JSON.stringify({ ready: true, observability, control, page: `${control}/` })}\n`);
} catch (error) {
  fail(error instanceof Error ? error.message : String(error));
}

/** Stops when whoever started us is gone: its pipe closes, or we get another parent. */
function watchParent(gone: () => void): void {
  const input = fstatSync(0, { throwIfNoEntry: false });
  if (input !== undefined && (input.isFIFO() || input.isSocket())) {
    process.stdin.on('end', gone);
    process.stdin.on('error', gone);
    process.stdin.resume();
  }
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) gone();
  }, 500).unref();
}

function fail(message: string): never {
  process.stderr.write(`${JSON.stringify({ level: 'error', msg: message })}\n`);
  process.exit(1);
}
