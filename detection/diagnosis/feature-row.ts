import { entityKindOf } from '../../domain/entity.ts';
import type { Finding } from '../../domain/finding.ts';
import { clamp } from '../evidence/signals/robust-statistics.ts';
import type { Candidate } from './candidates.ts';
import { strengthOf } from './candidates.ts';
import { canBring } from './explain-away.ts';
import type { FeatureContext } from './feature-context.ts';
import { sizeOf } from './feature-context.ts';
import type { Features } from './features.ts';
import { isHearsay, observedMechanism } from './observed.ts';
import { msOf } from '../../infra/runtime/clock.ts';

/** What the others' evidence says of a candidate: see `explainAway`. */
export interface Standing {
  /** How much of its evidence others bring, in [0, 1]. */
  explained: number;
  /** How much of the others' evidence it brings, in [0, 1]. */
  explains: number;
}

/** The features of one candidate; see `featureTable`. Pure. */
export function featureRow(context: FeatureContext, candidate: Candidate, standing: Standing): Features {
  const { entity, fault, seen, against } = candidate;
  const findings = [...new Set(seen.flatMap((one) => one.findings))];
  const required = seen.filter(({ clue }) => clue.required === true);
  const own = findings.filter((finding) => finding.entity === entity);
  const size = Math.max(0, ...required.flatMap((one) => one.findings.map(sizeOf)));
  const named = findings.filter(
    (finding) =>
      finding.faultKind === fault.kind && (finding.entity === entity ? finding.data?.['hintOf'] !== 'peer' : false),
  );
  const best = context.bestFit(entity);
  const types = new Set(findings.map(({ signal }) => signal.type));
  return {
    signature: 1 - seen.reduce((rest, { mass }) => rest * (1 - mass), 1),
    required: Math.max(0, ...required.map(({ mass, clue }) => (clue.weight === 0 ? 0 : mass / clue.weight))),
    bestHere: best === 0 ? 0 : clamp(candidate.fit / best, 0, 1),
    check: Math.max(0, ...findings.filter(({ kind }) => kind === 'failed-check').map(strengthOf)),
    refuted: 1 - against.reduce((rest, { mass }) => rest * (1 - mass), 1),
    ownRank: context.ownRank(entity),
    ownSize: clamp(Math.log10(1 + size) / 3, 0, 1),
    named: Math.max(0, ...named.map(strengthOf)),
    mechanism: Number(observedMechanism(candidate).length > 0),
    complained: context.complaints(entity),
    hearsay: Number(isHearsay(candidate)),
    explained: standing.explained,
    explains: standing.explains,
    ...reachOf(context, candidate),
    ...timesOf(context, candidate),
    share: context.share(entity),
    novelty: context.novelty(entity),
    ...changeOf(context, candidate),
    signals: (Math.min(3, types.size) - 1) / 2,
    over: Number(own.length > 0 && own.every((finding) => isOver(finding, context))),
    breadth: context.breadth(entity),
    generic: Number(fault.generic === true),
  };
}

function isOver({ until }: Finding, { board }: FeatureContext): boolean {
  return until !== undefined && msOf(until) < board.untilMs - board.toleranceMs;
}

type Reach = Pick<Features, 'coverage' | 'focus' | 'unreachable' | 'nearness'>;

/** How much of the symptoms a candidate brings, and how it is joined to what was complained about. */
function reachOf({ board, symptoms, focus }: FeatureContext, candidate: Candidate): Reach {
  const weight = (list: readonly Finding[]): number => list.reduce((total, { severity }) => total + severity, 0);
  const share = (list: readonly Finding[]): number => {
    const all = weight(list);
    return all === 0 ? 0.5 : weight(list.filter((symptom) => canBring(board, candidate, symptom))) / all;
  };
  const hops = focus.map((asked) => board.path(asked, candidate.entity)?.length ?? Number.POSITIVE_INFINITY);
  const nearest = Math.min(Number.POSITIVE_INFINITY, ...hops) - 1;
  const upstream = focus.some((asked) => board.path(candidate.entity, asked) !== undefined);
  return {
    coverage: share(symptoms),
    focus: share(symptoms.filter(({ entity }) => focus.includes(entity))),
    unreachable: Number(
      focus.length > 0 &&
        board.hasTopology &&
        nearest === Number.POSITIVE_INFINITY &&
        !upstream &&
        !isGround(candidate),
    ),
    nearness: focus.length === 0 || nearest === Number.POSITIVE_INFINITY ? 0 : 1 / (1 + nearest),
  };
}

/** What others run on: reached without a call. */
function isGround({ entity }: Candidate): boolean {
  return ['host', 'node', 'namespace', 'volume'].includes(entityKindOf(entity));
}

/** How its onset lies to that of the symptoms, on both sides, in units of the uncertainty of onsets. */
function timesOf(context: FeatureContext, candidate: Candidate): Pick<Features, 'late' | 'early' | 'first'> {
  const { board } = context;
  const felt = context.symptomMs(candidate);
  const first = context.firstness(candidate.onsetMs);
  if (felt === undefined || candidate.onsetMs === undefined) return { late: 0, early: 0, first };
  const ahead = (felt - candidate.onsetMs) / board.toleranceMs;
  return { late: clamp((-ahead - 1) / 3, 0, 1), early: clamp((ahead - 2) / 8, 0, 1), first };
}

type OfChange = Pick<Features, 'effect' | 'lexical' | 'timing' | 'place' | 'unmatched'>;

/** How a change fits a candidate. */
function changeOf({ board }: FeatureContext, candidate: Candidate): OfChange {
  const { change, changeMatch } = candidate;
  const compared = candidate.seen.flatMap(({ findings }) =>
    findings.filter(({ data }) => data?.['aspect'] === 'rollout'),
  );
  if (change === undefined && compared.length > 0)
    return { effect: Math.max(...compared.map(strengthOf)), lexical: 0, timing: 1, place: 1, unmatched: 0 };
  if (change === undefined) {
    const nearby =
      candidate.fault.culprit &&
      board.changes.some(({ entity, data }) => entity === candidate.entity && data?.['innocent'] === undefined);
    return { effect: 0, lexical: 0, timing: 0, place: 0, unmatched: Number(nearby) };
  }
  const { effect = 0, lexical = 0, timing = 0, place = 0 } = changeMatch?.features ?? {};
  return { effect, lexical, timing, place, unmatched: 0 };
}
