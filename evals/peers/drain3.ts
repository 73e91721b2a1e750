import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLineGenerator } from '../../detection/evidence/logs/generate-lines.ts';
import { learnHeader } from '../../detection/evidence/logs/line-header.ts';
import { mineLines } from '../../detection/evidence/logs/mine-lines.ts';
import { createTemplateMiner } from '../../detection/evidence/logs/template-miner.ts';
import { templateId } from '../../detection/evidence/logs/template-text.ts';
import { createRandom } from '../../infra/runtime/random.ts';
import { groupingAccuracy } from '../suites/loghub/grouping-accuracy.ts';
import { parseCsv } from '../suites/parse-csv.ts';

/**
 * The template miner beside Drain3 with its own defaults, on the same lines in the same run: `node evals/peers/drain3.ts [loghub folder]`. Both get messages
 * without their headers. Drain3 is installed into a virtual environment of this run; without Python or a package registry it is skipped
 * with a message. Processor seconds, because machines are shared.
 */
const program = `
import json, logging, sys, time
logging.disable(logging.CRITICAL)
from drain3 import TemplateMiner
from drain3.template_miner_config import TemplateMinerConfig
for path in sys.argv[1:]:
    config = TemplateMinerConfig()
    config.profiling_enabled = False
    miner = TemplateMiner(config=config)
    lines = open(path, encoding='utf-8', errors='replace').read().split('\\n')
    start = time.process_time()
    groups = [miner.add_log_message(line)['cluster_id'] for line in lines]
    print(json.dumps({'seconds': time.process_time() - start, 'clusters': len(miner.drain.clusters), 'groups': groups if len(groups) < 10000 else []}))
`;

interface Peer {
  seconds: number;
  clusters: number;
  groups: number[];
}

const folder = mkdtempSync(join(tmpdir(), 'drain3-'));
try {
  const python = install(folder);
  if (python === undefined) say('skipped: no Python 3 with venv, or no package registry to install drain3 from');
  else {
    const generator = createLineGenerator(createRandom(1));
    const made = Array.from({ length: 400_000 }, () => generator.next()).map(({ line, message }) =>
      line.slice(message),
    );
    compareSpeed(python, 'lines made here, 500 statements', made);
    const data = process.argv[2];
    if (data !== undefined) compareAccuracy(python, data);
  }
} finally {
  rmSync(folder, { recursive: true });
}

/** Lines a second from the first line on. */
function compareSpeed(python: string, what: string, lines: readonly string[]): void {
  const [theirs] = peer(python, { speed: lines });
  const miner = createTemplateMiner();
  const before = process.cpuUsage();
  for (const line of lines) miner.add(line);
  const { user, system } = process.cpuUsage(before);
  const rate = (seconds: number) => `${Math.round(lines.length / seconds).toLocaleString('en')} lines/s`;
  say(`${what}, ${lines.length} lines, processor time:`);
  say(`  drain3 ${rate(theirs!.seconds)}, ${theirs!.clusters} templates`);
  say(`  cerebro ${rate((user + system) / 1e6)}, ${miner.templates().length} templates`);
}

function compareAccuracy(python: string, data: string): void {
  const systems = readdirSync(data)
    .filter((name) => existsSync(join(data, name, `${name}_2k.log`)))
    .sort();
  const rows = systems.map((system) => {
    const path = join(data, system, `${system}_2k.log`);
    const lines = readFileSync(path, 'utf8').trimEnd().split(/\r?\n/);
    const header = learnHeader(lines);
    const [head = [], ...cells] = parseCsv(readFileSync(`${path}_structured.csv`, 'utf8').replace(/^\uFEFF/, ''));
    const truth = cells.map((row) => row[head.indexOf('EventId')]!);
    return { system, lines, truth, messages: lines.map((line) => line.slice(header.messageAt(line))) };
  });
  const all = rows.flatMap(({ messages }) => messages);
  compareSpeed(python, 'all systems 25 times', Array.from({ length: 25 }, () => all).flat());
  const theirs = peer(python, Object.fromEntries(rows.map(({ system, messages }) => [system, messages])));
  const sums = [0, 0];
  for (const [index, { system, lines, truth }] of rows.entries()) {
    const figures = [
      groupingAccuracy(theirs[index]!.groups.map(String), truth).accuracy,
      groupingAccuracy(
        mineLines(lines).map((template) => templateId(template)),
        truth,
      ).accuracy,
    ];
    for (const [which, figure] of figures.entries()) sums[which]! += figure / rows.length;
    say(`  ${system}: drain3 ${figures[0]!.toFixed(3)}, cerebro ${figures[1]!.toFixed(3)}`);
  }
  say(`grouping accuracy, mean: drain3 ${sums[0]!.toFixed(3)}, cerebro ${sums[1]!.toFixed(3)}`);
}

/** One run of the peer over named lists of lines. */
function peer(python: string, lists: Record<string, readonly string[]>): Peer[] {
  const paths = Object.entries(lists).map(([name, lines]) => {
    const path = join(folder, name);
    writeFileSync(path, lines.join('\n'));
    return path;
  });
  const printed = execFileSync(python, ['-c', program, ...paths], { encoding: 'utf8', maxBuffer: 2 ** 28 });
  return printed
    .trim()
    .split('\n')
    .map((line) => peerOf(JSON.parse(line)));
}

function peerOf(value: unknown): Peer {
  if (
    value !== null &&
    typeof value === 'object' &&
    'seconds' in value &&
    'clusters' in value &&
    'groups' in value &&
    Array.isArray(value.groups)
  )
    return { seconds: Number(value.seconds), clusters: Number(value.clusters), groups: value.groups.map(Number) };
  throw new TypeError('the peer printed something else');
}

function install(into: string): string | undefined {
  const quiet = { stdio: 'ignore' as const, timeout: 180_000 };
  try {
    execFileSync('python3', ['-m', 'venv', join(into, 'venv')], quiet);
    execFileSync(join(into, 'venv', 'bin', 'pip'), ['install', '-q', 'drain3==0.9.11'], quiet);
    return join(into, 'venv', 'bin', 'python');
  } catch {
    return undefined;
  }
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
