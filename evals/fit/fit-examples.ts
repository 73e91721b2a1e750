import type { Alternatives } from '../../detection/diagnosis/alternatives.ts';
import { alternativesOf } from '../../detection/diagnosis/alternatives.ts';
import type { Candidate } from '../../detection/diagnosis/candidates.ts';
import type { Coverage, DiagnosisInput } from '../../detection/diagnosis/diagnosis-input.ts';
import { featureNames, noneNames } from '../../detection/diagnosis/likelihood.ts';
import type { Finding } from '../../domain/finding.ts';
import { changeKind } from '../../domain/signal.ts';
import type { Claim, Judgement } from '../suite.ts';
import type { FitCase } from './fit-likelihood.ts';

/** A case, or a view of one, with what truth says of each alternative. */
export interface Example {
  name: string;
  family: string;
  /** `whole`, or what was taken away from it. */
  view: string;
  input: DiagnosisInput;
  seen: Alternatives;
  judge: CaseJudge;
  /** By alternative. */
  judged: (Judgement | undefined)[];
  /** Whether nobody is to blame. */
  noneRight: boolean;
  fit: FitCase;
}

/** Judges claims about one case. */
export type CaseJudge = (claim: Claim | undefined) => Judgement | undefined;

/** What all views of a case weigh together, against the whole case. */
const shareOfViews = 0.6;

/**
 * The examples of a case: it whole, without each signal that it has, and with its culprit unseen (nothing of its own; nothing that names it
 * either). The likelihood learns from them what to do when the evidence is poor: rules were written with whole cases in view, and what a
 * team connects is seldom whole. Where no alternative is right, "none of these" is.
 */
export function examplesOf(about: {
  name: string;
  family: string;
  input: DiagnosisInput;
  judge: CaseJudge;
}): Example[] {
  const whole = exampleOf(about, 'whole', about.input);
  const views = viewsOf(whole).map(([view, input]) => exampleOf(about, view, input));
  for (const view of views) view.fit.weight = shareOfViews / views.length;
  return [whole, ...views];
}

function exampleOf(
  { name, family, judge }: { name: string; family: string; judge: CaseJudge },
  view: string,
  input: DiagnosisInput,
): Example {
  const seen = alternativesOf(input);
  const judged = seen.alternatives.map(({ candidate }) => judge(claimOf(candidate)));
  const noneRight = judge(undefined) === 'right';
  const right = judged.map((one) => one === 'right');
  const blank = noneNames.map(() => 0);
  const rows = [
    ...seen.alternatives.map(({ features }) =>
      Float64Array.from([...featureNames.map((one) => features[one]), ...blank]),
    ),
    Float64Array.from([...featureNames.map(() => 0), ...noneNames.map((one) => seen.none[one])]),
  ];
  const fit = { rows, right: [...right, noneRight || !right.includes(true)], weight: 1 };
  return { name, family, view, input, seen, judge, judged, noneRight, fit };
}

/** A candidate as truth is asked about it. */
export function claimOf({ entity, fault, change }: Candidate): Claim {
  const kind = changeKind.safeParse(change?.data?.['changeKind']).data;
  return {
    entity,
    faultKind: fault.kind,
    culprit: fault.culprit,
    ...(change === undefined
      ? {}
      : { change: typeof change.data?.['change'] === 'string' ? change.data['change'] : change.id }),
    ...(kind === undefined ? {} : { changeKind: kind }),
  };
}

const signalOfType: Readonly<Record<Finding['signal']['type'], keyof Coverage>> = {
  metric: 'metrics',
  log: 'logs',
  span: 'traces',
  change: 'changes',
  event: 'resources',
  resource: 'resources',
};

function viewsOf({ input, seen, judged, noneRight }: Example): [string, DiagnosisInput][] {
  const keep = (test: (finding: Finding) => boolean): DiagnosisInput => ({
    ...input,
    findings: input.findings.filter(test),
  });
  const signals = new Set(input.findings.map(({ signal }) => signalOfType[signal.type]));
  const views: [string, DiagnosisInput][] = [];
  if (signals.size > 1)
    for (const signal of [...signals].sort())
      views.push([
        `without ${signal}`,
        {
          ...keep((finding) => signalOfType[finding.signal.type] !== signal),
          coverage: { ...input.coverage, [signal]: { present: false } },
        },
      ]);
  if (input.topology.edges.length > 0)
    views.push(['without topology', { ...input, topology: { ...input.topology, edges: [] } }]);
  const guilty = new Set(
    seen.alternatives.flatMap(({ candidate }, at) => (judged[at] === 'right' ? [candidate.entity] : [])),
  );
  if (guilty.size === 0 || noneRight) return views;
  return [
    ...views,
    ['culprit unseen', keep(({ entity, kind }) => kind === 'change' || !guilty.has(entity))],
    ['culprit unnamed', keep(({ entity, peer }) => !guilty.has(entity) && (peer === undefined || !guilty.has(peer)))],
  ];
}
