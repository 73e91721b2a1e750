import type { Break } from './rig.ts';

/** Drops a share of the packets that arrive at a port over loopback, by chance, and lets all through again. */
export function losePackets(port: number, share: number): Pick<Break, 'apply' | 'undo'> {
  const rule = ['-i', 'lo', '-p', 'tcp', '--dport', String(port)];
  const chance = ['-m', 'statistic', '--mode', 'random', '--probability', String(share)];
  return {
    apply: async ({ programs }) =>
      void (await programs.run(['iptables', '-A', 'INPUT', ...rule, ...chance, '-j', 'DROP'])),
    undo: async ({ programs }) => void (await programs.run(['iptables', '-F', 'INPUT'])),
  };
}
