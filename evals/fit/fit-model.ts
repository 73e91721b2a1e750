import { faultCatalogue } from '../../detection/faults/fault-catalogue.ts';
import { diagnose } from '../../detection/diagnosis/diagnose.ts';
import type { LikelihoodModel } from '../../detection/diagnosis/likelihood.ts';
import type { Diagnosis, Hypothesis } from '../../domain/diagnosis.ts';
import type { Example } from './fit-examples.ts';
import type { LeftOutTop, Pull } from './left-out.ts';
import { choosePulls, likelihoodOf, topOf, weighed, weightsOf, withConfidence, withThresholds } from './left-out.ts';

/** What the product said of an example with a model that had not seen its family. */
export interface LeftOutAnswer {
  example: Example;
  verdict: Diagnosis['verdict'];
  confidence: number;
  grade?: Hypothesis['certificate']['grade'] | undefined;
  /** Somebody or something is blamed. */
  claimed: boolean;
  /** What it claims is right; where it claims nothing, that nobody is to blame is right. */
  right: boolean;
  /** The first hypothesis of which truth can speak is right, whether claimed or not. */
  first: boolean;
  decoy: boolean;
}

/** Everything that a run of the fit finds out. */
export interface FitResult {
  model: LikelihoodModel;
  pull: Pull;
  answers: LeftOutAnswer[];
  /** The same with all incidents of a group of fault kinds left out instead of a system. */
  byFault: { group: string; answers: LeftOutAnswer[] }[];
}

/**
 * Fits the likelihood on all families but one, for each in turn, works out confidence and thresholds from the answers on the families left
 * out (of the others only, where one is measured), and lets the product answer the left-out family with that. What ships is fitted on all.
 */
export function fitModel(given: readonly Example[]): FitResult {
  const examples = weighed(given);
  const families = [...new Set(examples.map(({ family }) => family))];
  const pullFor = choosePulls(examples);
  const fits = new Map(
    families.map((family) => {
      const others = examples.filter((one) => one.family !== family);
      return [family, weightsOf(others, pullFor(family))] as const;
    }),
  );
  const tops = examples.flatMap((example) => {
    const weights = fits.get(example.family);
    return weights === undefined ? [] : (topOf(example, likelihoodOf(weights)) ?? []);
  });
  const answers = families.flatMap((family) => {
    const model = finished(
      fits.get(family) ?? [],
      [],
      tops.filter(({ example }) => example.family !== family),
    );
    return examples.filter((one) => one.family === family).map((example) => answerOf(example, model));
  });
  const pull = pullFor(undefined);
  const weights = weightsOf(examples, pull);
  const spreads = Array.from(weights, (_, at) => spreadOf([...fits.values()].map((fit) => fit[at] ?? 0)));
  const model = withHealthy(finished(weights, spreads, tops), answers);
  return { model, pull, answers, byFault: leaveFaultsOut(examples, pull, tops) };
}

function finished(
  weights: ArrayLike<number>,
  spreads: ArrayLike<number>,
  tops: readonly LeftOutTop[],
): LikelihoodModel {
  return withThresholds(withConfidence(likelihoodOf(weights, spreads), tops), tops);
}

/** Answers a case as the product would. */
function answerOf(example: Example, model: LikelihoodModel): LeftOutAnswer {
  const { verdict, confidence, hypotheses } = diagnose(example.input, undefined, model);
  const claimed = verdict === 'cause' || verdict === 'external';
  const judgements = hypotheses.map((one) => example.judge(one));
  const said = claimed ? judgements[0] : undefined;
  return {
    example,
    verdict,
    confidence,
    grade: hypotheses[0]?.certificate.grade,
    claimed,
    right: claimed ? said === 'right' : example.noneRight,
    first: judgements.find((one) => one !== undefined) === 'right',
    decoy: said === 'decoy',
  };
}

/** The share of true ones among left-out answers that found nothing wrong, by how many of metrics, logs and traces were seen; never falling. */
function withHealthy(model: LikelihoodModel, answers: readonly LeftOutAnswer[]): LikelihoodModel {
  const rates = [0, 1, 2, 3].map((count) => {
    const mine = answers.filter(
      ({ verdict, example }) =>
        verdict === 'healthy' &&
        (['metrics', 'logs', 'traces'] as const).filter((signal) => example.input.coverage[signal].present).length ===
          count,
    );
    return (mine.filter(({ right }) => right).length + 1) / (mine.length + 2);
  });
  const rising = rates.map((_, at) => Math.round(100 * Math.max(...rates.slice(0, at + 1))) / 100);
  const [none = 0.5, one = 0.5, two = 0.5, three = 0.5] = rising;
  return { ...model, healthy: [none, one, two, three] };
}

/** Groups of fault kinds that are left out together: by what breaks. */
const groupOfKind = new Map(
  faultCatalogue.map(({ kind, strikes, spreads }) => [kind, groupOf(kind, strikes, spreads)]),
);

function groupOf(
  kind: string,
  strikes: readonly string[],
  { toCallees, toNeighbours }: { toCallees: readonly string[]; toNeighbours: readonly string[] },
): string {
  if (strikes.includes('external') || kind === 'traffic-surge') return 'outside';
  if (toCallees.length > 1) return 'load';
  if (toNeighbours.length > 0) return 'starvation';
  return strikes.includes('node') ? 'nodes' : 'others';
}

function leaveFaultsOut(
  examples: readonly Example[],
  pull: Pull,
  tops: readonly LeftOutTop[],
): { group: string; answers: LeftOutAnswer[] }[] {
  const grouped = examples.map((example) => {
    const at = example.judged.indexOf('right');
    const kind = example.seen.alternatives[at]?.candidate.fault.kind;
    return { example, group: kind === undefined ? undefined : groupOfKind.get(kind) };
  });
  const groups = [...new Set(grouped.flatMap(({ group }) => group ?? []))].sort();
  return groups.map((group) => {
    const model = finished(
      weightsOf(
        grouped.filter((one) => one.group !== group).map(({ example }) => example),
        pull,
      ),
      [],
      tops,
    );
    const left = grouped.filter((one) => one.group === group && one.example.view === 'whole');
    return { group, answers: left.map(({ example }) => answerOf(example, model)) };
  });
}

function spreadOf(values: readonly number[]): number {
  const mean = values.reduce((total, value) => total + value, 0) / Math.max(1, values.length);
  return Math.sqrt(values.reduce((total, value) => total + (value - mean) ** 2, 0) / Math.max(1, values.length - 1));
}
