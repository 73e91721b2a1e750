import type { Break } from './rig.ts';

/** That somebody is to blame: by these names, for this, in this layer. */
export function blame(
  entities: readonly string[],
  faults: readonly string[],
  layer: Break['layer'],
): Pick<Break, 'culprit' | 'entities' | 'faults' | 'layer'> {
  return { culprit: true, entities: [...entities], faults: [...faults], layer };
}

/** What every rig has: load, neighbours, and stretches in which nothing happens. `peak` is requests a second. */
export function commonBreaks(load: { usual: number; peak: number }, hosts: readonly string[]): Break[] {
  const nobody: Pick<Break, 'culprit' | 'entities' | 'faults' | 'layer'> = {
    culprit: false,
    entities: [],
    faults: [],
    layer: 'none',
  };
  return [
    {
      name: 'healthy',
      told: 'nothing happens',
      ...nobody,
      apply: async () => undefined,
      undo: async () => undefined,
    },
    {
      name: 'surge',
      heavy: true,
      told: 'four times the visitors',
      ...nobody,
      apply: async (rig) => rig.load(load.peak),
      undo: async (rig) => rig.load(load.usual),
    },
    {
      name: 'neighbour',
      heavy: true,
      told: 'another job on the host takes all processors, first in line',
      culprit: true,
      entities: [...hosts],
      faults: ['noisy-neighbour', 'cpu-saturation', 'host-saturation'],
      layer: 'platform',
      apply: async (rig) =>
        rig.programs.start('encode', ['stress-ng', '--cpu', '6', '--timeout', '200s'], { nice: -10 }),
      undo: async (rig) => rig.programs.stop('encode'),
    },
  ];
}
