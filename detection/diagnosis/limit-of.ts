import type { Limitation } from '../../domain/diagnosis.ts';
import { entityNameOf } from '../../domain/entity.ts';
import type { Board } from './board.ts';
import type { Candidate } from './candidates.ts';
import type { Clue } from '../faults/clue.ts';
import { strengthOf } from './candidates.ts';
import type { Coverage, DiagnosisInput } from './diagnosis-input.ts';
import type { Ranked } from './rank.ts';

type SignalKind = keyof Coverage;

/** What only spans tell: where in a call time is spent and errors begin. */
const ofSpans = new Set(['self-time', 'edge-gap', 'shared-gap', 'error-origin', 'calls-per-request', 'fan-out']);
/** What a change record adds to a kind that changes bring. */
const worthOfChanges = 0.35;
/** What a topology adds where symptoms cannot be told from causes. */
const worthOfTopology = 0.6;
/** Less than this tells nothing apart. */
const leastWorth = 0.08;

interface Worth {
  signal: SignalKind;
  worth: number;
  /** What it would show, in the words of a clue. */
  shows: string;
}

/**
 * The one missing signal that would tell the first two hypotheses apart best: of each signal that was not looked at, how differently the two
 * kinds weigh the clues that only it shows and that nothing has shown yet (signature and refutation), plus what a topology or change records
 * would add. With every signal there, the clue that nothing shows and that would settle it. Nothing where nothing would tell. Pure.
 */
export function limitOf(input: DiagnosisInput, board: Board, ranked: readonly Ranked[]): { limitedBy?: Limitation } {
  const [first, second] = ranked;
  const top = first?.candidate;
  if (first === undefined || top === undefined) return {};
  const rival = second !== undefined && second.score > 0.1 * first.score ? second.candidate : undefined;
  const open = openClues(top, rival);
  const missing = worthOfMissing(input, board, { top, rival, open });
  const best = missing[0];
  if (best !== undefined) {
    const { note } = input.coverage[best.signal];
    return {
      limitedBy: {
        signal: best.signal,
        sentence: `What limits this most: ${best.signal} ${best.signal.endsWith('s') ? 'were' : 'was'} not seen${note === undefined ? '' : ` (${note})`}; ${theyOrIt(best.signal)} would show whether ${best.shows}, ${purpose(top, rival)}.`,
        between: namesOf(top, rival),
      },
    };
  }
  const settling = open.filter(({ worth }) => worth >= 0.2)[0];
  if (settling === undefined || rival === undefined) return {};
  return {
    limitedBy: {
      signal: settling.signal,
      sentence: `What limits this most: nothing shows of ${entityNameOf(settling.at.entity)} whether “${settling.clue.says}” is so, ${purpose(top, rival)}.`,
      between: namesOf(top, rival),
    },
  };
}

interface OpenClue {
  clue: Clue;
  at: Candidate;
  signal: SignalKind;
  worth: number;
}

/** Clues of either kind that nothing shows yet, by how much they would move one of the two and not the other. */
function openClues(top: Candidate, rival: Candidate | undefined): OpenClue[] {
  const open = [top, ...(rival === undefined ? [] : [rival])].flatMap((at) =>
    [...at.fault.signature, ...at.fault.refutes].flatMap((clue) =>
      at.seen.some((one) => one.clue === clue) || at.against.some((one) => one.clue === clue)
        ? []
        : [...new Set(clue.shows.map(signalOf))].map((signal): OpenClue => ({ clue, at, signal, worth: clue.weight })),
    ),
  );
  // What both kinds would show alike at the same entity tells nothing.
  const shared = (one: OpenClue): boolean =>
    rival !== undefined &&
    top.entity === rival.entity &&
    open.some(
      (other) =>
        other.at !== one.at &&
        other.clue.where === one.clue.where &&
        other.clue.shows.join() === one.clue.shows.join() &&
        Math.abs(other.worth - one.worth) < 0.1,
    );
  return open.filter((one) => !shared(one)).sort((left, right) => right.worth - left.worth);
}

function worthOfMissing(
  { coverage }: DiagnosisInput,
  board: Board,
  { top, rival, open }: { top: Candidate; rival: Candidate | undefined; open: readonly OpenClue[] },
): Worth[] {
  const order: SignalKind[] = ['metrics', 'topology', 'traces', 'changes', 'logs', 'resources'];
  return order
    .filter((signal) => !coverage[signal].present)
    .flatMap((signal): Worth[] => {
      if (signal === 'topology')
        return board.hasTopology ? [] : [{ signal, worth: worthOfTopology, shows: 'one of them depends on the other' }];
      if (signal === 'changes')
        return top.fault.culprit && top.change === undefined
          ? [{ signal, worth: worthOfChanges, shows: `a change at ${entityNameOf(top.entity)} came before it` }]
          : [];
      const own = open.filter((one) => one.signal === signal);
      const strongest = own[0];
      if (strongest === undefined) return [];
      // Each further clue adds to what is left open by those before.
      const worth = 1 - own.slice(0, 4).reduce((rest, one) => rest * (1 - one.worth), 1);
      const settled = rival === undefined ? certainty(top) : 0;
      return [
        {
          signal,
          worth: worth * (1 - 0.5 * settled),
          shows: `“${strongest.clue.says}” is so of ${entityNameOf(strongest.at.entity)}`,
        },
      ];
    })
    .filter(({ worth }) => worth >= leastWorth)
    .sort((left, right) => right.worth - left.worth || order.indexOf(left.signal) - order.indexOf(right.signal));
}

function certainty(candidate: Candidate): number {
  return Math.max(0, ...candidate.seen.flatMap(({ findings }) => findings.map(strengthOf)));
}

/** Which signal shows a pattern of a clue. */
function signalOf(pattern: string): SignalKind {
  if (pattern === 'check') return 'resources';
  if (pattern.startsWith('hint')) return 'logs';
  const [role = '', aspect = ''] = pattern.slice(1).split('/');
  if (role === 'version' || role === 'config') return 'changes';
  return ofSpans.has(aspect) ? 'traces' : 'metrics';
}

function purpose(top: Candidate, rival: Candidate | undefined): string {
  const told = ({ fault, entity }: Candidate): string => `${fault.title} at ${entityNameOf(entity)}`;
  return rival === undefined ? `which would settle ${told(top)}` : `which tells ${told(top)} from ${told(rival)}`;
}

function theyOrIt(signal: SignalKind): string {
  return signal.endsWith('s') ? 'they' : 'it';
}

function namesOf(top: Candidate, rival: Candidate | undefined): string[] {
  return [top, ...(rival === undefined ? [] : [rival])].map(({ entity, fault }) => `${entity} ${fault.kind}`);
}
