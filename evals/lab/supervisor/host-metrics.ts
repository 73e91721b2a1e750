import { readFileSync } from 'node:fs';
import { cpus, freemem, loadavg, totalmem } from 'node:os';
import { Counter, Gauge, Registry } from 'prom-client';

/** Pids of our processes, asked anew at each reading. */
export type OurPids = () => number[];

/** A host exporter in node-exporter's names, with CPU by process group besides. */
export function createHostMetrics(ourPids: OurPids): Registry {
  const registry = new Registry();
  const registers = [registry];
  const load = new Gauge({ name: 'node_load1', help: 'Load average of a minute.', registers });
  const memory = {
    total: new Gauge({ name: 'node_memory_MemTotal_bytes', help: 'Memory.', registers }),
    available: new Gauge({ name: 'node_memory_MemAvailable_bytes', help: 'Memory to be had.', registers }),
  };
  const mode = new Counter({
    name: 'node_cpu_seconds_total',
    help: 'CPU time of all cores by mode.',
    labelNames: ['mode'],
    registers,
  });
  new Gauge({ name: 'node_cpu_count', help: 'Cores.', registers }).set(cpus().length);
  const pressure = new Counter({
    name: 'node_pressure_cpu_waiting_seconds_total',
    help: 'Time that some task waited for a CPU.',
    registers,
  });
  const groups = new Counter({
    name: 'process_group_cpu_seconds_total',
    help: 'CPU time by group of processes.',
    labelNames: ['group'],
    registers,
  });
  const last = { modes: {} as Record<string, number>, pressure: -1, pids: new Map<number, number>() };

  const read = (): void => {
    load.set(loadavg()[0] ?? 0);
    memory.total.set(totalmem());
    memory.available.set(memoryAvailable());
    const modes = cpuModes();
    let busy = 0;
    for (const [name, seconds] of Object.entries(modes)) {
      const before = last.modes[name];
      const grown = before === undefined ? 0 : Math.max(0, seconds - before);
      mode.inc({ mode: name }, grown);
      if (name !== 'idle' && name !== 'iowait') busy += grown;
    }
    last.modes = modes;
    const waited = pressureSeconds();
    if (waited !== undefined && last.pressure >= 0) pressure.inc(Math.max(0, waited - last.pressure));
    last.pressure = waited ?? -1;
    const ours = growth(last.pids, ourPids());
    groups.inc({ group: 'shop' }, ours);
    groups.inc({ group: 'other' }, Math.max(0, busy - ours));
  };
  read();
  setInterval(read, 1000).unref();
  return registry;
}

const ticksPerSecond = 100;

function cpuModes(): Record<string, number> {
  const names = ['user', 'nice', 'system', 'idle', 'iowait', 'irq', 'softirq', 'steal'];
  const line = readText('/proc/stat')?.split('\n')[0];
  if (line !== undefined) {
    const values = line.trim().split(/\s+/).slice(1).map(Number);
    return Object.fromEntries(names.map((name, index) => [name, (values[index] ?? 0) / ticksPerSecond]));
  }
  const sum: Record<string, number> = { user: 0, nice: 0, system: 0, idle: 0, irq: 0 };
  for (const { times } of cpus()) {
    sum['user'] = (sum['user'] ?? 0) + times.user / 1000;
    sum['nice'] = (sum['nice'] ?? 0) + times.nice / 1000;
    sum['system'] = (sum['system'] ?? 0) + times.sys / 1000;
    sum['idle'] = (sum['idle'] ?? 0) + times.idle / 1000;
    sum['irq'] = (sum['irq'] ?? 0) + times.irq / 1000;
  }
  return sum;
}

/** CPU seconds that these processes used since the last call; new ones start from zero. */
function growth(before: Map<number, number>, pids: readonly number[]): number {
  let grown = 0;
  const seen = new Set(pids);
  for (const pid of before.keys()) if (!seen.has(pid)) before.delete(pid);
  for (const pid of pids) {
    const text = readText(`/proc/${pid}/stat`);
    if (text === undefined) continue;
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const seconds = (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
    grown += Math.max(0, seconds - (before.get(pid) ?? 0));
    before.set(pid, seconds);
  }
  return grown;
}

function memoryAvailable(): number {
  const match = /MemAvailable:\s+(\d+) kB/.exec(readText('/proc/meminfo') ?? '');
  return match === null ? freemem() : Number(match[1]) * 1024;
}

function pressureSeconds(): number | undefined {
  const match = /some .*total=(\d+)/.exec(readText('/proc/pressure/cpu') ?? '');
  return match === null ? undefined : Number(match[1]) / 1e6;
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
