import type { Diagnosis, Grade, Hypothesis, RuledOut } from '../../domain/diagnosis.ts';
import type { EntityId } from '../../domain/entity.ts';
import { entityNameOf } from '../../domain/entity.ts';
import type { Finding } from '../../domain/finding.ts';
import { changeKind } from '../../domain/signal.ts';
import { contentHash } from '../../infra/runtime/canonical-json.ts';
import { isoOf, msOf } from '../../infra/runtime/clock.ts';
import { roundTo } from '../evidence/signals/make-finding.ts';
import type { Board } from './board.ts';
import type { Alternatives } from './alternatives.ts';
import { alternativesOf } from './alternatives.ts';
import { basisOf, confidenceOf, confidenceRow } from './calibration.ts';
import type { Candidate } from './candidates.ts';
import { gradeChange } from './change-match.ts';
import { conditionsOf, gradeOf } from './certify-candidate.ts';
import type { DiagnosisInput } from './diagnosis-input.ts';
import { canBring, namesNoMechanism } from './explain-away.ts';
import { explainRanking } from './explain-ranking.ts';
import { gapsOf } from './gaps.ts';
import type { LikelihoodModel } from './likelihood.ts';
import { likelihoodModel } from './likelihood-model.ts';
import { limitOf } from './limit-of.ts';
import { ruleOutChanges } from './match-changes.ts';
import type { Ranked, Ranking } from './rank.ts';
import { rankAlternatives } from './rank.ts';
import type { Recalibration } from './recalibrate.ts';
import { recalibrated } from './recalibrate.ts';
import { settleOver } from './settle-over.ts';
import { stateOf } from './state-of.ts';
import { symptomsOf } from './symptoms.ts';
import { timelineOf } from './timeline.ts';

/**
 * The diagnosis of an incident: candidates of every entity and kind whose signature is seen, with the change that fits or with none, ranked by
 * one likelihood over their features with "none of these" among them, certified, and abstained from where too little carries it. Confidence is
 * that of the shipped model, or by a team's own outcomes where a recalibration is given. Pure and deterministic: the same input gives the same
 * bytes. Cost: candidates squared, at most 40 of them.
 */
export function diagnose(
  input: DiagnosisInput,
  recalibration?: Recalibration,
  model: LikelihoodModel = likelihoodModel,
): Diagnosis {
  const seen = alternativesOf(input);
  const { board, symptoms } = seen;
  const nowMs = msOf(input.window.to);
  const ranking = settleOver(rankAlternatives(seen, model), nowMs);
  const { ranked } = ranking;
  const judged = ranked.slice(0, 8).map((_, index) => hypothesisOf(seen, ranking, { index, model, nowMs }));
  const sure = recalibrated(judged[0]?.confidence ?? 0, recalibration);
  const hypotheses = judged.map((one, index) => {
    const own = recalibrated(one.confidence, recalibration);
    // No other is likelier than what the first leaves.
    return { ...one, confidence: index === 0 ? sure : roundTo(Math.min(own, 1 - sure), 2) };
  });
  const top = hypotheses[0];
  const judgement = verdictOf(
    top,
    {
      symptoms,
      focus: input.focus,
      none: ranking.none,
      named: ranked[0] === undefined || !namesNoMechanism(ranked[0].candidate),
    },
    model,
  );
  // Nothing is well for want of data.
  const verdict = judgement === 'healthy' && seesNothing(input) ? 'abstain' : judgement;
  const claimed = verdict === 'cause' || verdict === 'external' ? ranked[0]?.candidate : undefined;
  const onset = onsetOf(claimed, symptoms);
  return {
    verdict,
    window: input.window,
    ...(onset === undefined ? {} : { onset: isoOf(onset) }),
    symptoms: symptomsOf(symptoms),
    hypotheses: verdict === 'healthy' ? [] : hypotheses,
    ...(verdict === 'healthy' ? {} : { decidedBy: explainRanking(ranked, model) }),
    ruledOut: [...ruleOutCandidates(ranked), ...ruleOutChanges(board, claimed, onset)].slice(0, 24),
    gaps: gapsOf(input, verdict === 'cause'),
    ...limitOf(input, board, verdict === 'healthy' ? [] : ranked),
    blastRadius: claimed === undefined ? [] : blastRadiusOf(board, claimed),
    timeline: timelineOf(claimed, symptoms, board.changes),
    confidence: verdict === 'healthy' ? healthyConfidence(input, model) : (top?.confidence ?? 0),
    ...(verdict === 'healthy' ? {} : calibrationOf(judged[0], recalibration)),
  };
}

/** Where the first confidence comes from. */
function calibrationOf(
  first: Hypothesis | undefined,
  recalibration: Recalibration | undefined,
): Pick<Diagnosis, 'calibration'> {
  if (first === undefined) return {};
  const from = recalibration === undefined ? 'recorded-incidents' : 'own-outcomes';
  return { calibration: { from, outcomes: recalibration?.outcomes ?? 0, prior: first.confidence } };
}

function hypothesisOf(
  { board, symptoms }: Alternatives,
  ranking: Ranking,
  { index, model, nowMs }: { index: number; model: LikelihoodModel; nowMs: number },
): Hypothesis {
  const { candidate, score, changeShare } = ranking.ranked[index]!;
  const basis = basisOf(ranking, index);
  const conditions = conditionsOf(board, candidate, symptoms);
  const confidence = confidenceOf(confidenceRow({ score, basis }, conditions), model);
  const grade = gradeOf(conditions, { confidence, lead: Math.min(basis.margin, basis.lead) }, model.proven);
  const supporting = candidate.seen.flatMap(({ findings }) => findings);
  const against = candidate.against.flatMap(({ findings }) => findings);
  const change = candidate.change;
  const { state, untilMs } = stateOf(candidate, nowMs);
  const mechanism = candidate.fault.mechanism.replace('{entity}', entityNameOf(candidate.entity));
  return {
    id: `hy_${contentHash([candidate.entity, candidate.fault.kind]).slice(0, 12)}`,
    entity: candidate.entity,
    faultKind: candidate.fault.kind,
    // What is over is not told as if it went on.
    mechanism: state === 'over' ? candidate.fault.title : mechanism,
    culprit: candidate.fault.culprit,
    ...(change === undefined
      ? {}
      : {
          change: typeof change.data?.['change'] === 'string' ? change.data['change'] : change.id,
          ...changeKindOf(change),
          ...changeGradeOf(candidate, { grade, confidence, changeShare }, model),
        }),
    ...(candidate.onsetMs === undefined ? {} : { onset: isoOf(candidate.onsetMs) }),
    state,
    ...(untilMs === undefined ? {} : { until: isoOf(untilMs) }),
    score: roundTo(score, 3),
    confidence,
    basis,
    ...shownBy(candidate),
    findingsFor: unique([...supporting, ...(change === undefined ? [] : [change])].map(({ id }) => id)),
    findingsAgainst: unique(against.map(({ id }) => id)),
    evidence: unique(
      [...supporting, ...against, ...(change === undefined ? [] : [change])].flatMap(({ evidence }) => evidence),
    ).sort(),
    certificate: { ...conditions, grade },
  };
}

/** The signals of the findings that show a candidate at its own entity (elsewhere where none does), the furthest departed first. */
function shownBy({ entity, seen }: Candidate): Pick<Hypothesis, 'shownBy'> {
  const all = seen.flatMap(({ findings }) => findings);
  const own = all.filter((finding) => finding.entity === entity);
  const bySize = (own.length > 0 ? own : all).toSorted(
    (left, right) =>
      Math.abs(right.effect?.size ?? 0) - Math.abs(left.effect?.size ?? 0) || right.severity - left.severity,
  );
  const signals = [...new Map(bySize.map(({ signal }) => [`${signal.type} ${signal.name}`, signal])).values()];
  return signals.length === 0 ? {} : { shownBy: signals.slice(0, 3) };
}

/** How surely the change brought the fault, never surer than the fault itself is there: proven only where both together are as sure as a proof is. */
function changeGradeOf(
  { changeMatch }: Candidate,
  { grade, confidence, changeShare }: { grade: Grade; confidence: number; changeShare: number },
  { proven }: LikelihoodModel,
): Pick<Hypothesis, 'changeGrade' | 'changeBecause' | 'changeConfidence'> {
  if (changeMatch === undefined) return {};
  const changeConfidence = roundTo(confidence * changeShare, 2);
  const given = gradeChange(changeMatch, grade);
  const changeGrade = given === 'proven' && changeConfidence < proven.confidence ? 'supported' : given;
  return { changeGrade, changeConfidence, changeBecause: changeMatch.because };
}

function changeKindOf({ data }: Finding): Pick<Hypothesis, 'changeKind'> {
  const kind = changeKind.safeParse(data?.['changeKind']).data;
  return kind === undefined ? {} : { changeKind: kind };
}

function seesNothing({ coverage }: DiagnosisInput): boolean {
  return (['metrics', 'logs', 'traces', 'resources'] as const).every((signal) => !coverage[signal].present);
}

function verdictOf(
  top: Hypothesis | undefined,
  {
    symptoms,
    focus,
    none,
    named,
  }: { symptoms: readonly Finding[]; focus: readonly EntityId[]; none: number; named: boolean },
  { claim }: LikelihoodModel,
): Diagnosis['verdict'] {
  // That something departs from normal there says where to look, not why: it is told, and no cause is claimed.
  const carried =
    named && top !== undefined && top.confidence >= claim.confidence && top.certificate.grade !== 'unproven';
  if (carried) return top.culprit ? 'cause' : 'external';
  // What was asked about and departs is not well, however little.
  const felt = symptoms.some(({ severity, entity }) => severity >= 0.4 || focus.includes(entity));
  const likely = top !== undefined && none < 0.5;
  return felt || likely || symptoms.length >= 3 ? 'abstain' : 'healthy';
}

function ruleOutCandidates(ranked: readonly Ranked[]): RuledOut[] {
  const out: RuledOut[] = [];
  const top = ranked[0]?.candidate;
  for (const { candidate, explained, score } of ranked.slice(1)) {
    const reason = explained.find(({ by, share }) => share >= 0.5 && (by === top || by.fit > candidate.fit));
    const refuted = candidate.against[0];
    if (candidate.entity === top?.entity || (score > 0.4 && reason === undefined)) continue;
    const text =
      reason !== undefined
        ? `${reason.by.fault.title} at ${entityNameOf(reason.by.entity)} explains what it shows`
        : refuted !== undefined
          ? refuted.clue.says
          : undefined;
    if (text === undefined || candidate.fit < 0.25) continue;
    const evidence = unique(
      candidate.seen.flatMap(({ findings }) => findings.flatMap((finding) => finding.evidence)),
    ).sort();
    out.push({ entity: candidate.entity, faultKind: candidate.fault.kind, reason: text, evidence });
  }
  return out.slice(0, 10);
}

function blastRadiusOf(board: Board, cause: Candidate): EntityId[] {
  const hit = new Set(
    board.findings
      .filter(
        (finding) => finding.severity >= 0.2 && finding.entity !== cause.entity && canBring(board, cause, finding),
      )
      .map(({ entity }) => entity),
  );
  return [...hit].sort();
}

function onsetOf(claimed: Candidate | undefined, symptoms: readonly Finding[]): number | undefined {
  if (claimed?.onsetMs !== undefined) return claimed.onsetMs;
  const onsets = symptoms.filter(({ onset }) => onset !== undefined).map(({ onset }) => msOf(onset!));
  return onsets.length === 0 ? undefined : Math.min(...onsets);
}

function healthyConfidence(input: DiagnosisInput, { healthy }: LikelihoodModel): number {
  const seen = (['metrics', 'logs', 'traces'] as const).filter((signal) => input.coverage[signal].present);
  return healthy[seen.length] ?? healthy[0];
}

function unique(ids: readonly string[]): string[] {
  return [...new Set(ids)];
}
