import type { Sample } from '../../../domain/signal.ts';
import { createSeriesWatch, type Relevance } from './series-watch.ts';

/** A stretch in which a series alone would have alarmed, as it looked when it came. */
export interface AlarmStretch {
  /** First and last point that stand out, milliseconds. */
  from: number;
  to: number;
  /** The point farthest from what is usual then: its value, what is usual; and how sure the surest one is. */
  value: number;
  usual: number;
  score: number;
  because: { feature: string; share: number }[];
}

/** A series as the standing watch sees it, from `from` on. */
export interface ScoredStream {
  /** How abnormal each point is, in [0, 1] (see DefaultEnsemble.scoreOne). */
  scores: Sample[];
  /** From the 17th point on. */
  usual: Sample[];
  alarms: AlarmStretch[];
  /** Points learned by the end. */
  learned: number;
}

/** An alarm that lasts longer than this many points is learned as the new normal. */
const newNormal = 120;
/** Fewer points do not tell what is usual. */
const knowing = 16;
/** Alarms so few points apart are one stretch. */
const apart = 5;

/**
 * Scores samples in time order, each against all before it and none after; alarms are those of the standing watch for this series alone (see
 * `createSeriesWatch`), from `threshold` on. What alarms is not learned for 120 points. About 6 microseconds a sample.
 */
export function scoreStream(
  samples: readonly Sample[],
  { relevant, threshold, from = Number.NEGATIVE_INFINITY }: { relevant: Relevance; threshold: number; from?: number },
): ScoredStream {
  const watch = createSeriesWatch(relevant);
  const found: ScoredStream = { scores: [], usual: [], alarms: [], learned: 0 };
  let standing = 0;
  let calm = apart + 1;
  for (const [at, value] of samples) {
    watch.take(at, value, standing === 0 || standing > newNormal);
    const score = 1 - watch.tail();
    const alarming = score >= threshold;
    standing = alarming ? standing + 1 : 0;
    if (at >= from) {
      found.scores.push([at, watch.score()]);
      if (watch.learned() >= knowing) found.usual.push([at, watch.usual()]);
    }
    const open = calm <= apart ? found.alarms.at(-1) : undefined;
    calm = alarming ? 0 : calm + 1;
    if (!alarming || at < from) continue;
    const told = { score, ...watch.standing() };
    if (open === undefined) found.alarms.push({ from: Math.max(from, watch.since() ?? at), to: at, ...told });
    else {
      open.to = at;
      if (Math.abs(told.value - told.usual) > Math.abs(open.value - open.usual))
        Object.assign(open, { ...told, score: Math.max(score, open.score) });
    }
  }
  found.learned = watch.learned();
  return found;
}
