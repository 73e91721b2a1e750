import type { Random } from '../random.ts';
import { faults } from './catalogue.ts';
import type { Clear, Levers } from './fault.ts';

/** What is true about one injection. */
export interface Truth {
  readonly id: string;
  readonly kind: string;
  readonly entity: string;
  readonly onset: string;
  readonly culprit: boolean;
  /** All entities that are a right answer: the one above and, for some kinds, its owner. */
  readonly entities: readonly string[];
  readonly cleared?: string;
}

/** Injects and clears; the only place that knows what is wrong. */
export interface FaultDesk {
  catalogue(): { kind: string; culprit: boolean; targets: string[] }[];
  /** Throws an error with a clear message for an unknown kind or target. */
  inject(kind: string, target?: string): Promise<Truth>;
  clear(): Promise<Truth[]>;
  history(): Truth[];
}

/** Targets that are not given are drawn; the same seed and order of calls give the same targets. */
export function createFaultDesk(levers: Levers, random: Random): FaultDesk {
  const history: Truth[] = [];
  const active: { index: number; clear: Clear }[] = [];
  return {
    catalogue: () =>
      faults.map((fault) => ({ kind: fault.kind, culprit: fault.culprit, targets: fault.targets(levers.world) })),
    inject: async (kind, wanted) => {
      const fault = faults.find((known) => known.kind === kind);
      if (fault === undefined) throw new RangeError(`no fault ${kind}`);
      const targets = fault.targets(levers.world);
      const draws = random.fork(`${kind}:${history.length}`);
      const target = wanted ?? (targets.length === 0 ? '' : draws.pick(targets));
      if (target !== '' && !targets.includes(target)) throw new RangeError(`${kind} cannot strike ${target}`);
      const onset = new Date().toISOString();
      const entities = target === '' ? [] : [target, ...(fault.alsoRight?.(levers.world, target) ?? [])];
      const clear = await fault.inject(levers, target, draws.fork('strength'));
      const truth = {
        id: `fault-${history.length + 1}`,
        kind,
        entity: target,
        onset,
        culprit: fault.culprit,
        entities,
      };
      active.push({ index: history.length, clear });
      history.push(truth);
      return truth;
    },
    clear: async () => {
      for (const { index, clear } of active.splice(0)) {
        await clear();
        const truth = history[index];
        if (truth !== undefined) history[index] = { ...truth, cleared: new Date().toISOString() };
      }
      return [...history];
    },
    history: () => [...history],
  };
}
