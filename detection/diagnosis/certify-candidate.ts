import type { Certificate, Condition, Grade, Hop } from '../../domain/diagnosis.ts';
import type { EntityId } from '../../domain/entity.ts';
import { entityNameOf } from '../../domain/entity.ts';
import type { Finding } from '../../domain/finding.ts';
import { isoOf, msOf } from '../../infra/runtime/clock.ts';
import type { Board } from './board.ts';
import type { Candidate } from './candidates.ts';
import { canBring } from './explain-away.ts';
import type { LikelihoodModel } from './likelihood.ts';
import { independentSignals, isHearsay, observedMechanism } from './observed.ts';

/** The conditions of a certificate, before it is graded. */
export interface Conditions extends Omit<Certificate, 'grade'> {
  /** The mechanism itself is seen at the accused. */
  observed: Condition;
  /** More than one signal bears it out. */
  borne: Condition;
}

/** Checks a candidate that was already weighed, by what is seen alone: how it stands among others is not looked at. */
export function conditionsOf(board: Board, candidate: Candidate, symptoms: readonly Finding[]): Conditions {
  const reached = symptoms.filter((symptom) => canBring(board, candidate, symptom));
  const paths = pathsOf(board, candidate, reached);
  return {
    structural: structuralOf(board, candidate, { symptoms, reached, paths }),
    temporal: symptoms.length === 0 ? aloneInTime(candidate) : temporalOf(board, candidate, reached),
    statistical: statisticalOf(candidate),
    observed: observedOf(candidate),
    borne: borneOf(candidate, reached),
    paths,
  };
}

/** How surely, and how far ahead of others, a candidate stands. */
export interface Sureness {
  confidence: number;
  /** Log odds against the nearest rival, at another entity or of another kind. */
  lead: number;
}

/**
 * Proven: all conditions hold and no rival is near. Supported: two of structure, time and effect hold, none fails, and it is likelier than not.
 * Suspected: one fails at most.
 */
export function gradeOf(
  { structural, temporal, statistical, observed, borne }: Omit<Conditions, 'paths'>,
  { confidence, lead }: Sureness,
  proven: LikelihoodModel['proven'],
): Grade {
  const conditions = [structural, temporal, statistical];
  const yes = conditions.filter(({ holds }) => holds === 'yes').length;
  const no = conditions.filter(({ holds }) => holds === 'no').length;
  const shown = observed.holds === 'yes' && borne.holds === 'yes';
  if (yes === 3 && shown && confidence >= proven.confidence && lead >= proven.lead) return 'proven';
  if (yes >= 2 && no === 0 && confidence >= 0.5) return 'supported';
  return no <= 1 && yes >= 1 ? 'suspected' : 'unproven';
}

function observedOf(candidate: Candidate): Condition {
  const name = entityNameOf(candidate.entity);
  const shown = observedMechanism(candidate);
  if (shown[0] === undefined || isHearsay(candidate))
    return { holds: 'no', reason: `the mechanism itself is not seen at ${name}`, evidence: [] };
  return { holds: 'yes', reason: shown[0].statement, evidence: evidenceOf(shown) };
}

function borneOf({ seen, change }: Candidate, reached: readonly Finding[]): Condition {
  const findings = [...seen.flatMap((one) => one.findings), ...reached, ...(change === undefined ? [] : [change])];
  const count = independentSignals(findings);
  return {
    holds: count >= 2 ? 'yes' : 'no',
    reason: count >= 2 ? `${count} independent measurements bear it out` : 'it rests on a single measurement',
    evidence: evidenceOf(findings),
  };
}

function structuralOf(
  board: Board,
  candidate: Candidate,
  { symptoms, reached, paths }: { symptoms: readonly Finding[]; reached: readonly Finding[]; paths: readonly Hop[][] },
): Condition {
  const name = entityNameOf(candidate.entity);
  if (symptoms.length === 0) {
    const own = candidate.seen.flatMap(({ findings }) => findings).filter(({ entity }) => entity === candidate.entity);
    const reason = `nothing beyond ${name} is hit, so no path is needed`;
    return own.length > 0
      ? { holds: 'yes', reason, evidence: evidenceOf(own) }
      : { holds: 'unknown', reason: 'there is no symptom to be reached', evidence: [] };
  }
  const weight = (list: readonly Finding[]): number => list.reduce((total, { severity }) => total + severity, 0);
  const share = weight(reached) / weight(symptoms);
  const counts = `${reached.length} of ${symptoms.length} symptoms`;
  const evidence = evidenceOf(reached);
  const source = board.dependents(candidate.entity);
  if (isOfLoad(candidate) && source.length > 0 && !source.some((one) => board.at(one, 'self').some(isMoreLoad)))
    return { holds: 'unknown', reason: `none of those who call ${name} get more requests themselves`, evidence: [] };
  if (share >= 0.6) {
    if (reached.some(({ entity }) => entity === candidate.entity) || paths.length === 0 || paths.some(isMeasured))
      return { holds: 'yes', reason: `a dependency path joins ${name} to ${counts}`, evidence };
    return { holds: 'unknown', reason: `between ${name} and the symptoms nothing is measured on the way`, evidence };
  }
  if (!board.hasTopology) return { holds: 'unknown', reason: 'the topology is not known', evidence: [] };
  return {
    holds: share >= 0.3 ? 'unknown' : 'no',
    reason: `dependency paths join ${name} to only ${counts}`,
    evidence,
  };
}

/** Whether a kind says that more arrives from outside: where callers are known, it came through them. */
function isOfLoad({ fault }: Candidate): boolean {
  return !fault.culprit && fault.spreads.toCallers.length === 0;
}

function isMoreLoad({ signal, direction }: Finding): boolean {
  return signal.role === 'traffic' && direction === 'up';
}

/** Order in time where nobody else is hit: the onset alone. */
function aloneInTime(candidate: Candidate): Condition {
  const evidence = evidenceOf(candidate.seen.flatMap(({ findings }) => findings));
  if (candidate.onsetMs === undefined) return { holds: 'unknown', reason: 'its onset is not known', evidence };
  return { holds: 'yes', reason: `it began at ${isoOf(candidate.onsetMs)}, and nothing else was hit before`, evidence };
}

function temporalOf(board: Board, candidate: Candidate, reached: readonly Finding[]): Condition {
  const name = entityNameOf(candidate.entity);
  const onset = candidate.onsetMs;
  const dated = reached.filter((finding) => finding.onset !== undefined && finding.kind !== 'log-pattern');
  if (onset === undefined) return { holds: 'unknown', reason: `the onset at ${name} is not known`, evidence: [] };
  if (dated.length === 0) return { holds: 'unknown', reason: 'no symptom has an onset', evidence: [] };
  const later = dated.filter((finding) => msOf(finding.onset!) >= onset - board.toleranceMs);
  const first = Math.min(...later.map((finding) => msOf(finding.onset!)));
  const gradual = candidate.seen.some(({ findings }) => findings.some(({ data }) => data?.['rising'] === true));
  if (later.length > 0 && first - onset > 10 * board.toleranceMs && !gradual)
    return {
      holds: 'unknown',
      reason: `it began at ${isoOf(onset)}, long before anything followed (${isoOf(first)})`,
      evidence: evidenceOf(later),
    };
  const evidence = evidenceOf(later);
  const share = later.length / dated.length;
  if (share >= 0.7)
    return {
      holds: 'yes',
      reason: `it began at ${isoOf(onset)}, not after ${later.length} of ${dated.length} symptoms`,
      evidence,
    };
  const holds = share >= 0.4 ? 'unknown' : 'no';
  return {
    holds,
    reason: `${dated.length - later.length} of ${dated.length} symptoms began before it (${isoOf(onset)})`,
    evidence,
  };
}

function statisticalOf(candidate: Candidate): Condition {
  const own = candidate.seen.filter(({ clue }) => clue.required === true).flatMap(({ findings }) => findings);
  const measured = own
    .filter(({ effect }) => effect !== undefined)
    .sort((left, right) => Math.abs(right.effect!.size) - Math.abs(left.effect!.size));
  const strongest = measured[0];
  const evidence = evidenceOf(own);
  const name = entityNameOf(candidate.entity);
  if (strongest?.effect !== undefined && Math.abs(strongest.effect.size) >= 3)
    return {
      holds: 'yes',
      reason: `${strongest.statement} (${strongest.effect.size.toFixed(1)} times the usual spread)`,
      evidence,
    };
  if (
    own.some(
      ({ kind, direction }) =>
        kind === 'failed-check' || direction === 'gone' || direction === 'changed' || kind === 'log-pattern',
    )
  )
    return { holds: 'yes', reason: own[0]?.statement ?? `${name} shows what this kind must show`, evidence };
  return {
    holds: measured.length === 0 ? 'unknown' : 'no',
    reason: `no signal at ${name} departs clearly from its baseline`,
    evidence,
  };
}

function pathsOf(board: Board, candidate: Candidate, reached: readonly Finding[]): Hop[][] {
  const targets = [...new Set(reached.map(({ entity }) => entity))].filter((id) => id !== candidate.entity).slice(0, 6);
  const paths: Hop[][] = [];
  for (const target of targets) {
    const upward = board.path(target, candidate.entity)?.reverse();
    const downward = upward === undefined ? board.path(candidate.entity, target) : undefined;
    const nodes = upward ?? downward;
    if (nodes !== undefined)
      paths.push(nodes.map((entity, index) => hopOf(board, entity, nodes[index - 1], upward !== undefined)));
  }
  return paths;
}

/** Whether every hop between the two ends of a path shows something. */
function isMeasured(path: readonly Hop[]): boolean {
  return path.slice(1, -1).every(({ onset, effectSize }) => onset !== undefined || effectSize !== undefined);
}

function hopOf(board: Board, entity: EntityId, before: EntityId | undefined, upward: boolean): Hop {
  const hop: Hop = { entity };
  const edge = before === undefined ? undefined : upward ? board.edge(entity, before) : board.edge(before, entity);
  if (edge !== undefined) hop.edge = edge;
  const strongest = board
    .at(entity, 'self')
    .filter(({ effect }) => effect !== undefined)
    .sort((left, right) => right.severity - left.severity)[0];
  if (strongest?.onset !== undefined) hop.onset = strongest.onset;
  if (strongest?.effect !== undefined) hop.effectSize = strongest.effect.size;
  return hop;
}

function evidenceOf(findings: readonly Finding[]): string[] {
  return [...new Set(findings.flatMap(({ evidence }) => evidence))].sort();
}
