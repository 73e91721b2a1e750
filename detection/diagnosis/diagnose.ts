import type { Diagnosis, Grade, Hypothesis, RuledOut } from '../../domain/diagnosis.ts';
import type { EntityId } from '../../domain/entity.ts';
import { entityNameOf } from '../../domain/entity.ts';
import type { Finding } from '../../domain/finding.ts';
import { changeKind } from '../../domain/signal.ts';
import { contentHash } from '../../infra/runtime/canonical-json.ts';
import { isoOf, msOf } from '../../infra/runtime/clock.ts';
import { roundTo } from '../evidence/signals/make-finding.ts';
import type { Board } from './board.ts';
import { basisOf } from './basis-of.ts';
import { abstainBelow, calibration, confidenceOf } from './calibration.ts';
import type { Candidate } from './candidates.ts';
import { gradeChange } from './change-match.ts';
import { certifyCandidate } from './certify-candidate.ts';
import type { DiagnosisInput } from './diagnosis-input.ts';
import { canBring } from './explain-away.ts';
import { gapsOf } from './gaps.ts';
import { limitOf } from './limit-of.ts';
import { ruleOutChanges } from './match-changes.ts';
import type { Ranked } from './rank.ts';
import { rankCandidates, standingOf } from './rank.ts';
import type { Recalibration } from './recalibrate.ts';
import { recalibrated } from './recalibrate.ts';
import { symptomsOf } from './symptoms.ts';
import { timelineOf } from './timeline.ts';

/**
 * The diagnosis of an incident: candidates of every entity and kind whose signature is seen, changes matched by mechanism, what others
 * explain taken away, the rest ranked by how well the signature is met and how much of the symptoms it brings, certified, and abstained from
 * where too little carries it. Confidence is that of the shipped priors, or by a team's own outcomes where a recalibration is given. Pure and
 * deterministic: the same input gives the same bytes. Cost: candidates squared, at most 40 of them.
 */
export function diagnose(input: DiagnosisInput, recalibration?: Recalibration): Diagnosis {
  const { board, symptoms, ranked } = rankCandidates(input);
  const judged = ranked.slice(0, 8).map((one, index) => hypothesisOf(board, one, { ranked, index, symptoms }));
  const sure = recalibrated(judged[0]?.confidence ?? 0, recalibration);
  const hypotheses = judged.map((one, index) => {
    const own = recalibrated(one.confidence, recalibration);
    // No other is likelier than what the first leaves.
    return { ...one, confidence: index === 0 ? sure : roundTo(Math.min(own, 1 - sure), 2) };
  });
  const top = hypotheses[0];
  const verdict = verdictOf(top, symptoms, isNamedByErrors(ranked[0]?.candidate));
  const claimed = verdict === 'cause' || verdict === 'external' ? ranked[0]?.candidate : undefined;
  const onset = onsetOf(claimed, symptoms);
  return {
    verdict,
    window: input.window,
    ...(onset === undefined ? {} : { onset: isoOf(onset) }),
    symptoms: symptomsOf(symptoms),
    hypotheses: verdict === 'healthy' ? [] : hypotheses,
    ruledOut: [...ruleOutCandidates(ranked), ...ruleOutChanges(board, claimed, onset)].slice(0, 24),
    gaps: gapsOf(input, verdict === 'cause'),
    ...limitOf(input, board, verdict === 'healthy' ? [] : ranked),
    blastRadius: claimed === undefined ? [] : blastRadiusOf(board, claimed),
    timeline: timelineOf(claimed, symptoms, board.changes),
    confidence: verdict === 'healthy' ? healthyConfidence(input) : (top?.confidence ?? 0),
    ...(verdict === 'healthy' || judged[0] === undefined
      ? {}
      : {
          calibration: {
            from: recalibration === undefined ? ('recorded-incidents' as const) : ('own-outcomes' as const),
            outcomes: recalibration?.outcomes ?? 0,
            prior: judged[0].confidence,
          },
        }),
  };
}

function hypothesisOf(
  board: Board,
  { candidate, score }: Ranked,
  seen: { ranked: readonly Ranked[]; index: number; symptoms: readonly Finding[] },
): Hypothesis {
  const basis = basisOf(seen.ranked, seen.index);
  const certificate = certifyCandidate(board, candidate, seen.symptoms, standingOf(seen.ranked, seen.index));
  const supporting = candidate.seen.flatMap(({ findings }) => findings);
  const against = candidate.against.flatMap(({ findings }) => findings);
  const change = candidate.change;
  const mechanism = candidate.fault.mechanism.replace('{entity}', entityNameOf(candidate.entity));
  return {
    id: `hy_${contentHash([candidate.entity, candidate.fault.kind]).slice(0, 12)}`,
    entity: candidate.entity,
    faultKind: candidate.fault.kind,
    mechanism,
    culprit: candidate.fault.culprit,
    ...(change === undefined
      ? {}
      : {
          change: typeof change.data?.['change'] === 'string' ? change.data['change'] : change.id,
          ...changeKindOf(change),
          ...changeGradeOf(candidate, certificate.grade),
        }),
    ...(candidate.onsetMs === undefined ? {} : { onset: isoOf(candidate.onsetMs) }),
    score: roundTo(score, 3),
    confidence: confidenceOf({ score, basis, grade: certificate.grade }),
    basis,
    ...shownBy(candidate),
    findingsFor: unique([...supporting, ...(change === undefined ? [] : [change])].map(({ id }) => id)),
    findingsAgainst: unique(against.map(({ id }) => id)),
    evidence: unique(
      [...supporting, ...against, ...(change === undefined ? [] : [change])].flatMap(({ evidence }) => evidence),
    ).sort(),
    certificate,
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

function changeGradeOf({ changeMatch }: Candidate, grade: Grade): Pick<Hypothesis, 'changeGrade' | 'changeBecause'> {
  if (changeMatch === undefined) return {};
  return { changeGrade: gradeChange(changeMatch, grade), changeBecause: changeMatch.because };
}

function changeKindOf({ data }: Finding): Pick<Hypothesis, 'changeKind'> {
  const kind = changeKind.safeParse(data?.['changeKind']).data;
  return kind === undefined ? {} : { changeKind: kind };
}

function verdictOf(
  top: Hypothesis | undefined,
  symptoms: readonly Finding[],
  namedByErrors: boolean,
): Diagnosis['verdict'] {
  const carried =
    top !== undefined &&
    top.score >= abstainBelow.score &&
    top.confidence >= abstainBelow.confidence &&
    top.certificate.grade !== 'unproven';
  // Without a symptom only a clear fault counts: something full, leaking or surging that users do not feel yet, or what new errors name.
  if (symptoms.length === 0 && !(carried && top.score >= (namedByErrors ? abstainBelow.score : 0.45))) return 'healthy';
  if (!carried) return symptoms.some(({ severity }) => severity >= 0.4) || symptoms.length >= 3 ? 'abstain' : 'healthy';
  return top.culprit ? 'cause' : 'external';
}

/** Whether new error lines name the mechanism: somebody was served those errors, even where no metric tells of it. */
function isNamedByErrors(candidate: Candidate | undefined): boolean {
  return (
    candidate?.seen.some(({ findings }) =>
      findings.some(
        ({ kind, faultKind, severity, data }) =>
          kind === 'log-pattern' &&
          faultKind === candidate.fault.kind &&
          severity >= 0.5 &&
          (data?.['level'] === 'error' || data?.['level'] === 'fatal'),
      ),
    ) ?? false
  );
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

function healthyConfidence(input: DiagnosisInput): number {
  const seen = (['metrics', 'logs', 'traces'] as const).filter((signal) => input.coverage[signal].present);
  return calibration.healthy[seen.length] ?? calibration.healthy[0];
}

function unique(ids: readonly string[]): string[] {
  return [...new Set(ids)];
}
