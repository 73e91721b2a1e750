import { cutAt, lookAhead } from './backtest.ts';
import type { BacktestPlan } from './backtest.ts';
import { createLogScale } from './methods/log-scale.ts';
import type { PointMethod, ReadySeries } from './point-method.ts';

/** A method that learns from all series at once. */
export interface SharedMethod {
  readonly method: string;
  /** `both` also learns on logarithms where all values are positive; `logarithm` only there, and on values as they are for the other series. */
  readonly scale: 'both' | 'logarithm';
  /**
   * How it is judged looking back: learned anew at each origin from what was known there (`earlier`), or from the other series (`others`, in three
   * folds), for methods that would have too little to learn from at old origins and whose columns do not say what time it is.
   */
  readonly judgedBy: 'earlier' | 'others';
  /** Learns from the series as they are; what it gives looks ahead up to `horizon` on any series of the same seasons. */
  fit(all: readonly ReadySeries[], horizon: number): PointMethod;
}

/** A shared method, and what it would have said of each series at each origin of its plan. */
export interface SharedReplay {
  method: PointMethod;
  replayed: Map<ReadySeries, Float64Array[]>;
}

type Plans = ReadonlyMap<ReadySeries, BacktestPlan>;

/** Learns a shared method for the series of like seasons, and replays it at each origin. Cost: a fit for each origin or fold, and one. */
// oxlint-disable-next-line max-params -- what, on what, from where, how far
export function replayOverSet(
  shared: SharedMethod,
  all: readonly ReadySeries[],
  plans: Plans,
  horizon: number,
): SharedReplay[] {
  const groups = new Map<string, ReadySeries[]>();
  for (const series of all) {
    const key = series.seasons.join();
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [series]);
    else group.push(series);
  }
  return [...groups.values()].flatMap((group) => {
    const positive = group.filter(isPositive);
    const plain = shared.scale === 'both' ? group : group.filter((series) => !isPositive(series));
    return [
      ...(plain.length > 0 ? [replayGroup(shared, { group: plain, plans, horizon, inLogs: false })] : []),
      ...(positive.length > 1 ? [replayGroup(shared, { group: positive, plans, horizon, inLogs: true })] : []),
    ];
  });
}

function isPositive({ values }: ReadySeries): boolean {
  return values.every((value) => value > 0);
}

interface Group {
  group: readonly ReadySeries[];
  plans: Plans;
  horizon: number;
  inLogs: boolean;
}

function replayGroup(shared: SharedMethod, { group, plans, horizon, inLogs }: Group): SharedReplay {
  const learn = (all: readonly ReadySeries[]): PointMethod => {
    if (!inLogs) return shared.fit(all, horizon);
    const inLog = all.map((series) => ({ ...series, values: series.values.map(Math.log) }));
    return createLogScale(shared.fit(inLog, horizon));
  };
  const judges = shared.judgedBy === 'others' ? judgesByFold(learn, group) : judgesByOrigin(learn, group, plans);
  const replayed = new Map<ReadySeries, Float64Array[]>();
  for (const [index, series] of group.entries()) {
    const plan = plans.get(series)!;
    const made = plan.origins.flatMap((origin, rank) => {
      const cut = cutAt(series, origin);
      const judge = judges(index, rank);
      return judge === undefined || judge.needs(cut.seasons) > cut.values.length
        ? []
        : [lookAhead(judge, cut, plan.horizon)];
    });
    if (made.length > 0 && made.length === plan.origins.length) replayed.set(series, made);
  }
  return { method: learn(group), replayed };
}

type Learn = (all: readonly ReadySeries[]) => PointMethod;
/** The method that may be asked about a series of the group at the origin of that rank. */
type Judges = (index: number, rank: number) => PointMethod | undefined;

const folds = 3;

/** One method for each fold, learned from the series of the others; none where that leaves fewer than two. */
function judgesByFold(learn: Learn, group: readonly ReadySeries[]): Judges {
  const learned = Array.from({ length: folds }, (_, fold) => {
    const others = group.filter((_series, index) => index % folds !== fold);
    return others.length < 2 ? undefined : learn(others);
  });
  return (index) => learned[index % folds];
}

/** One method for each rank of origins, learned from what was known there; a series with fewer origins is known up to its oldest. */
function judgesByOrigin(learn: Learn, group: readonly ReadySeries[], plans: Plans): Judges {
  const most = Math.max(...group.map((series) => plans.get(series)!.origins.length));
  const learned = Array.from({ length: most }, (_, rank) =>
    learn(
      group.flatMap((series) => {
        const { origins } = plans.get(series)!;
        const origin = origins[Math.min(rank, origins.length - 1)];
        return origin === undefined ? [] : [cutAt(series, origin)];
      }),
    ),
  );
  return (_index, rank) => learned[rank];
}
