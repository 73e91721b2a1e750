import { Gauge, Registry } from 'prom-client';
import type { ProcessState } from './process-table.ts';

/** What an init system tells about the processes it keeps. */
export function createProcessMetrics(states: () => ProcessState[]): Registry {
  const registry = new Registry();
  const registers = [registry];
  const labelNames = ['service'];
  const restarts = new Gauge({ name: 'service_restarts_total', help: 'Restarts.', labelNames, registers });
  const exits = new Gauge({
    name: 'service_last_exit_code',
    help: 'Exit code of the last end.',
    labelNames,
    registers,
  });
  const up = new Gauge({
    name: 'service_up',
    help: 'Whether the process runs and is ready.',
    labelNames,
    registers,
    collect: () => {
      for (const state of states().filter(({ ours }) => ours)) {
        up.set({ service: state.name }, state.up ? 1 : 0);
        restarts.set({ service: state.name }, state.restarts);
        exits.set({ service: state.name }, state.lastExitCode);
      }
    },
  });
  return registry;
}
