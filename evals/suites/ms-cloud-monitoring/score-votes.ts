import { fitStacking, joinVotes, type VotingRule } from '../../../detection/models/streams/voting-ensemble.ts';

/** Scores of each detector over a series, and the labels that a vote may be fitted to or judged by. */
export interface VotedSeries {
  members: Readonly<Record<string, Float64Array>>;
  labels: readonly number[];
}

/** Votes over different kinds of detectors; the default ensemble is no member, for it is an ensemble itself. */
const voters = ['mad', 'ewma', 'seasonal-trend', 'discord', 'change-point'];
/** At most this many points of each series are fitted to. */
const fittedPoints = 1_000;

/** Joined scores of each series by three rules; the stacked vote of a series is fitted to the series of the other fold only (every second one). */
export function scoreVotes(series: readonly VotedSeries[]): Record<string, Float64Array[]> {
  const join = (one: VotedSeries, rule: VotingRule): Float64Array =>
    Float64Array.from(one.labels, (_, at) =>
      joinVotes(
        voters.map((name) => one.members[name]![at]!),
        rule,
      ),
    );
  const stacked = [0, 1].map((fold) => stackingOf(series.filter((_, index) => index % 2 !== fold)));
  return {
    'vote, majority': series.map((one) => join(one, { kind: 'majority' })),
    'vote, equal weights': series.map((one) => join(one, { kind: 'weighted', weights: voters.map(() => 1) })),
    'vote, stacked on the other half': series.map((one, index) => join(one, stacked[index % 2]!)),
  };
}

function stackingOf(series: readonly VotedSeries[]): VotingRule {
  const scores = voters.map((): number[] => []);
  const labels: number[] = [];
  for (const one of series) {
    const stride = Math.max(1, Math.floor(one.labels.length / fittedPoints));
    for (let at = 0; at < one.labels.length; at += stride) {
      labels.push(one.labels[at]!);
      for (const [index, name] of voters.entries()) scores[index]!.push(one.members[name]![at]!);
    }
  }
  return fitStacking(scores, labels);
}
