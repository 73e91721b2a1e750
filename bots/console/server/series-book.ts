import type { Sample } from '../../../domain/signal.ts';

/** A metric that some source has, and the entities that have it. */
export interface SeriesName {
  metric: string;
  entities: readonly string[];
  unit?: string;
}

/** Which series to score over which span; instants. Without a metric: what people feel of the entity. */
export interface ScoreRequest {
  entity?: string;
  metric?: string;
  from: string;
  to: string;
}

/** A stretch in which a series alarmed, why, and the investigation that it opened or joined, where there is one. */
export interface SeriesAlarm {
  from: number;
  to: number;
  value: number;
  usual: number;
  score: number;
  because: readonly { feature: string; share: number }[];
  investigation?: { id: string; title: string; status: string };
}

/** A series with what is usual and how abnormal each point is (0 to 1), each against all before it. */
export interface ScoredSeries {
  metric: string;
  /** What it measures, in words. */
  measure: string;
  entity: string;
  labels: Readonly<Record<string, string>>;
  unit?: string;
  values: readonly Sample[];
  usual: readonly Sample[];
  scores: readonly Sample[];
  alarms: readonly SeriesAlarm[];
  /** Points that were learned, those before the span included. */
  learned: number;
  /** Whether that is enough to judge it. */
  judged: boolean;
}

/** How the standing watch stands. */
export interface WatchStanding {
  /** Series watched, and those with history enough to be judged. */
  watched: number;
  judged: number;
  /** How surely something is abnormal, all series together, and from where on it alarms. */
  score: number;
  threshold: number;
  /** What alarms now. */
  alarms: readonly { entity: string; metric: string; statement: string; since: string }[];
  /** The least ordinary series now, alarming or not; values in words. */
  foremost: readonly {
    entity: string;
    peer?: string;
    metric: string;
    measure: string;
    value: string;
    usual: string;
    score: number;
    since: string;
  }[];
  /** Why the watch is not fresh, where it is not. */
  problem?: string;
  /** What the watch cannot see or does not know, where there is something. */
  gaps?: string[];
}

type Eventually<T> = T | Promise<T>;

/** Series of every connected source, their scores and the standing watch over them. */
export interface SeriesBook {
  names(): Eventually<SeriesName[]>;
  /** At most 12 series, those that alarm first; `total` counts all that matched, `threshold` is the score from which a series alarms. */
  scores(request: ScoreRequest): Eventually<{ series: ScoredSeries[]; total: number; threshold: number }>;
  /** Absent while nothing is watched. */
  standing(): Eventually<WatchStanding | undefined>;
}
