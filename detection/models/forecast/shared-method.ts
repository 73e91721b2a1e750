import { cutAt, lookAhead } from './backtest.ts';
import type { BacktestPlan } from './backtest.ts';
import { blend } from './combine.ts';
import { createLogScale } from './methods/log-scale.ts';
import type { PointMethod, ReadySeries } from './point-method.ts';
import { isPositive } from './prepare-series.ts';

/** A method that learns from all series at once. */
export interface SharedMethod {
  readonly method: string;
  /** `both` also learns on logarithms where all values are positive; `logarithm` only there, and on values as they are for the other series. */
  readonly scale: 'both' | 'logarithm';
  /**
   * How it is judged looking back: learned anew at each origin from what was known there (`earlier`), or from the other series (`others`, in three
   * folds), for methods that would have too little to learn from at old origins and whose columns do not say what time it is. What looks ahead
   * is then the mean of the folds (bagging without a fit more).
   */
  readonly judgedBy: 'earlier' | 'others';
  /** Learns from the series as they are; what it gives looks ahead up to `horizon` on any series of the same seasons. */
  fit(all: readonly ReadySeries[], horizon: number): PointMethod | Promise<PointMethod>;
}

/** A shared method, and what it would have said of each series at each origin of its plan; undefined where too little was known. */
export interface SharedReplay {
  method: PointMethod;
  judgedBy: SharedMethod['judgedBy'];
  replayed: Map<ReadySeries, (Float64Array | undefined)[]>;
}

type Plans = ReadonlyMap<ReadySeries, BacktestPlan>;

/**
 * Learns a shared method for the series of like seasons, and replays it at each origin; a method judged by the others learns nothing of fewer series than
 * folds. Cost: a fit for each fold, or for each origin and one.
 */
// oxlint-disable-next-line max-params -- what, on what, from where, how far
export async function replayOverSet(
  shared: SharedMethod,
  all: readonly ReadySeries[],
  plans: Plans,
  horizon: number,
): Promise<SharedReplay[]> {
  const groups = new Map<string, ReadySeries[]>();
  for (const series of all) {
    const key = series.seasons.join();
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [series]);
    else group.push(series);
  }
  const least = shared.judgedBy === 'others' ? folds : 1;
  const made: SharedReplay[] = [];
  for (const group of groups.values()) {
    const positive = group.filter(isPositive);
    const plain = shared.scale === 'both' ? group : group.filter((series) => !isPositive(series));
    if (plain.length >= least) made.push(await replayGroup(shared, { group: plain, plans, horizon, inLogs: false }));
    if (positive.length >= Math.max(2, least))
      made.push(await replayGroup(shared, { group: positive, plans, horizon, inLogs: true }));
  }
  return made;
}

interface Group {
  group: readonly ReadySeries[];
  plans: Plans;
  horizon: number;
  inLogs: boolean;
}

async function replayGroup(shared: SharedMethod, { group, plans, horizon, inLogs }: Group): Promise<SharedReplay> {
  const learn = async (all: readonly ReadySeries[]): Promise<PointMethod> => {
    if (!inLogs) return shared.fit(all, horizon);
    const inLog = all.map((series) => ({ ...series, values: series.values.map(Math.log) }));
    return createLogScale(await shared.fit(inLog, horizon));
  };
  const { method, judge } =
    shared.judgedBy === 'others' ? await learnFolds(learn, group) : await learnOrigins(learn, group, plans);
  const replayed = new Map<ReadySeries, (Float64Array | undefined)[]>();
  for (const [index, series] of group.entries()) {
    const plan = plans.get(series)!;
    const made = plan.origins.map((origin, rank) => {
      const cut = cutAt(series, origin);
      const one = judge(index, rank);
      return one === undefined || one.needs(cut.seasons) > cut.values.length
        ? undefined
        : lookAhead(one, cut, plan.horizon);
    });
    if (made.some((said) => said !== undefined)) replayed.set(series, made);
  }
  return { method, judgedBy: shared.judgedBy, replayed };
}

type Learn = (all: readonly ReadySeries[]) => Promise<PointMethod>;

interface Learned {
  /** What looks ahead from now. */
  method: PointMethod;
  /** The method that may be asked about a series of the group at the origin of that rank. */
  judge: (index: number, rank: number) => PointMethod | undefined;
}

const folds = 3;

/** One method for each fold, learned from the series of the others. */
async function learnFolds(learn: Learn, group: readonly ReadySeries[]): Promise<Learned> {
  const learned: PointMethod[] = [];
  for (let fold = 0; fold < folds; fold += 1) {
    learned.push(await learn(group.filter((_series, index) => index % folds !== fold)));
  }
  return { method: meanOf(learned), judge: (index) => learned[index % folds] };
}

function meanOf(methods: readonly PointMethod[]): PointMethod {
  const alike = methods.map(() => 1 / methods.length);
  return {
    method: methods[0]!.method,
    needs: (seasons) => Math.max(...methods.map((one) => one.needs(seasons))),
    ahead: (series, horizon) =>
      blend(
        methods.map((one) => one.ahead(series, horizon)),
        Float64Array.from(alike),
      ),
  };
}

/** One method for each rank of origins, learned from what was known there; a series with fewer origins is known up to its oldest. */
async function learnOrigins(learn: Learn, group: readonly ReadySeries[], plans: Plans): Promise<Learned> {
  const most = Math.max(...group.map((series) => plans.get(series)!.origins.length));
  const learned: PointMethod[] = [];
  for (let rank = 0; rank < most; rank += 1) {
    const known = group.flatMap((series) => {
      const { origins } = plans.get(series)!;
      const origin = origins[Math.min(rank, origins.length - 1)];
      return origin === undefined ? [] : [cutAt(series, origin)];
    });
    learned.push(await learn(known));
  }
  return { method: await learn(group), judge: (_index, rank) => learned[rank] };
}
