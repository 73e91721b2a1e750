import type { Certificate, Condition, Grade, Hop } from '../../domain/diagnosis.ts';
import type { EntityId } from '../../domain/entity.ts';
import { entityNameOf } from '../../domain/entity.ts';
import type { Finding } from '../../domain/finding.ts';
import { isoOf, msOf } from '../../infra/runtime/clock.ts';
import type { Board } from './board.ts';
import type { Candidate } from './candidates.ts';
import { canBring } from './explain-away.ts';

/** The certificate of a candidate that was already weighed. `standing` tells how far ahead of others it is. */
export function certifyCandidate(
  board: Board,
  candidate: Candidate,
  symptoms: readonly Finding[],
  standing: { score: number; margin: number },
): Certificate {
  const reached = symptoms.filter((symptom) => canBring(board, candidate, symptom));
  const structural = structuralOf(board, candidate, symptoms, reached);
  const temporal = symptoms.length === 0 ? aloneInTime(candidate) : temporalOf(board, candidate, reached);
  const statistical = statisticalOf(candidate);
  const paths = pathsOf(board, candidate, reached);
  const grade = gradeOf([structural, temporal, statistical], standing);
  return {
    structural,
    temporal,
    statistical,
    paths,
    grade: grade === 'proven' && isHearsay(candidate) ? 'supported' : grade,
  };
}

/** A gap that so many calls show is measured at both ends. */
const fewCalls = 16;

/**
 * Whether all that speaks for the candidate is how long one single other party waits for it, without the accused's own time held against it
 * over enough calls: that may as well lie at the other end, so it proves nothing. Two parties that see it, anything that the accused shows
 * itself, an error, a log line or a change end the doubt.
 */
function isHearsay({ entity, seen, change }: Candidate): boolean {
  if (change !== undefined) return false;
  const findings = seen.flatMap((one) => one.findings);
  const others = new Set(findings.map((finding) => finding.entity));
  return (
    others.size === 1 &&
    !others.has(entity) &&
    findings.every(({ signal }) => ['latency', 'network', 'database-latency'].includes(signal.role)) &&
    !findings.some(({ signal, data }) => signal.role === 'network' && !(Number(data?.['spans'] ?? fewCalls) < fewCalls))
  );
}

/** Proven: all three hold, the signature is clear and no rival is near. Supported: two hold and none fails. Suspected: one fails at most. */
export function gradeOf(conditions: readonly Condition[], standing: { score: number; margin: number }): Grade {
  const yes = conditions.filter(({ holds }) => holds === 'yes').length;
  const no = conditions.filter(({ holds }) => holds === 'no').length;
  if (yes === 3 && standing.score >= 0.62 && standing.margin >= 0.12) return 'proven';
  if (yes >= 2 && no === 0 && standing.score >= 0.35) return 'supported';
  return no <= 1 && yes >= 1 && standing.score >= 0.2 ? 'suspected' : 'unproven';
}

function structuralOf(
  board: Board,
  candidate: Candidate,
  symptoms: readonly Finding[],
  reached: readonly Finding[],
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
  if (share >= 0.6) return { holds: 'yes', reason: `a dependency path joins ${name} to ${counts}`, evidence };
  if (!board.hasTopology) return { holds: 'unknown', reason: 'the topology is not known', evidence: [] };
  return {
    holds: share >= 0.3 ? 'unknown' : 'no',
    reason: `dependency paths join ${name} to only ${counts}`,
    evidence,
  };
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
