import { CerebroError } from '../../../infra/runtime/errors.ts';
import type { ModelCard } from '../../models/contracts.ts';
import { createCountModel } from './sequence-counts.ts';
import { createOrderModel, start } from './sequence-order.ts';

/** The events of one session in order, as names: ids of log templates, states, calls. */
export type EventSequence = readonly string[];

export interface SequenceOptions {
  /** Events of memory. */
  depth: number;
  /** Contexts held at most, and events whose numbers are judged. */
  contexts: number;
  events: number;
  /** Share of normal sessions that may score above .5. */
  falseAlarms: number;
}

/** Why a session scored as it did. */
export interface SequenceExplanation {
  score: number;
  /** The event that was least expected where it came. `event` is undefined where the session ended too early. */
  transition: {
    at: number;
    after: readonly string[];
    event: string | undefined;
    probability: number;
    expected: { event: string | undefined; share: number }[];
  };
  /** The event whose number was least expected. */
  count?: { event: string; times: number; usual: number | undefined; given: string | undefined; givenTimes: number };
  /** Events never seen in training. */
  unknown: string[];
  /** What the score is by: the order of events, or how often they came. */
  by: 'order' | 'counts';
}

/** A learned model of sessions. Immutable; scores lie in [0, 1], .5 is the threshold that few normal sessions pass. */
export interface SequenceDetector {
  readonly card: ModelCard;
  score(sequences: readonly EventSequence[]): Float64Array;
  explain(sequence: EventSequence): SequenceExplanation;
  /**
   * One session as it comes: the surprise in nats of each event against those before it, and at its end the score of the whole. Holds at most
   * 4,096 events; those after are not judged.
   */
  follow(): { next(event: string): number; end(): number };
  toJson(): unknown;
}

export interface SequenceTrainer {
  readonly method: string;
  /** Learns from sessions that are mostly normal. Throws INPUT_INVALID without sessions or with impossible options. Same sessions: same model. */
  fit(sequences: readonly EventSequence[], options?: Partial<SequenceOptions>): SequenceDetector;
  load(json: unknown): SequenceDetector;
}

const defaults: SequenceOptions = { depth: 6, contexts: 200_000, events: 64, falseAlarms: 0.001 };
const method = 'event-sequence';
const longest = 4_096;

/**
 * Two models of a session: the order of its events (sequence-order.ts) and how often they come (sequence-counts.ts). Each one's mean
 * surprise is set against what it gives for normal sessions when these are left out of the training one by one (exact: counts are
 * taken back), at half the allowed share of false alarms; the larger ratio r makes the score r / (1 + r). Takes the place of DeepLog's
 * LSTM (Du et al. 2017): figures in README.md. No ONNX form: the model is a table of contexts looked up by sequences of any length, which
 * ONNX has no operator for.
 */
export function createSequenceTrainer(): SequenceTrainer {
  return {
    method,
    fit(sequences, partial = {}) {
      const options = { ...defaults, ...partial };
      const { depth, falseAlarms } = options;
      if (sequences.length === 0) throw new CerebroError('INPUT_INVALID', 'Event sequences: no session to learn from.');
      if (!(depth >= 1 && depth <= 32) || !(falseAlarms > 0 && falseAlarms < 0.5) || !(options.events >= 1))
        throw new CerebroError(
          'INPUT_INVALID',
          'Event sequences: depth is 1 to 32, falseAlarms lies in (0, .5), events is at least 1.',
        );
      const names = namesOf(sequences);
      const places = placesOf(names);
      const coded = sequences.map((sequence) => codesOf(sequence, places));
      const parts = { order: createOrderModel(depth, options.contexts), counts: createCountModel(options.events) };
      for (const sequence of coded) for (const model of [parts.order, parts.counts]) model.count(sequence, 1);
      const left = leaveOneOut(coded, parts, names.length);
      const limits = { order: limitOf(left.order, falseAlarms / 2), counts: limitOf(left.counts, falseAlarms / 2) };
      return detectorOf(options, names, sequences.length, { ...parts, limits });
    },
    load(json) {
      if (!isSaved(json)) throw new CerebroError('INPUT_INVALID', 'Event sequences: not a saved model.');
      const { options, names, trained, limits } = json;
      const order = createOrderModel(options.depth, options.contexts, json.order);
      return detectorOf(options, names, trained, {
        order,
        counts: createCountModel(options.events, json.counts),
        limits,
      });
    },
  };
}

interface Parts {
  order: ReturnType<typeof createOrderModel>;
  counts: ReturnType<typeof createCountModel>;
  limits: { order: number; counts: number };
}

function detectorOf(
  options: SequenceOptions,
  names: readonly string[],
  trained: number,
  { order, counts, limits }: Parts,
): SequenceDetector {
  const places = placesOf(names);
  const ratiosOf = (codes: readonly number[]) => ({
    order: mean(order.surprises(codes, names.length)) / limits.order,
    counts: counts.surprise(codes) / limits.counts,
  });
  const scoreOf = (codes: readonly number[]) => {
    const ratios = ratiosOf(codes);
    const ratio = Math.max(ratios.order, ratios.counts);
    return ratio / (1 + ratio);
  };
  return {
    card: { method, options: { ...options }, features: [], trainedRows: trained },
    score: (sequences) => Float64Array.from(sequences, (sequence) => scoreOf(codesOf(sequence, places))),
    explain(sequence) {
      const codes = codesOf(sequence, places);
      const surprises = order.surprises(codes, names.length);
      const at = surprises.indexOf(Math.max(...surprises));
      const ratios = ratiosOf(codes);
      const odd = counts.oddest(codes);
      return {
        score: scoreOf(codes),
        by: ratios.order > ratios.counts ? 'order' : 'counts',
        transition: {
          at,
          after: sequence.slice(Math.max(0, at - options.depth), at),
          event: sequence[at],
          probability: Math.exp(-surprises[at]!),
          expected: order
            .expected(codes.slice(0, at), 3)
            .map(({ event, share }) => ({ event: names[event - 2], share })),
        },
        ...(odd === undefined
          ? {}
          : {
              count: {
                event: names[odd.event - 2] ?? '',
                times: odd.times,
                usual: odd.usual,
                given: odd.given === undefined ? undefined : names[odd.given - 2],
                givenTimes: odd.givenTimes,
              },
            }),
        unknown: [...new Set(sequence.filter((event) => !places.has(event)))],
      };
    },
    follow() {
      const codes: number[] = [];
      return {
        next(event) {
          if (codes.length >= longest) return 0;
          codes.push(places.get(event) ?? start);
          return order.surprise(codes, codes.length - 1, names.length);
        },
        end: () => scoreOf(codes),
      };
    },
    toJson: () => ({ method, options, names, trained, limits, order: order.toJson(), counts: counts.toJson() }),
  };
}

/** Each session's surprise by models that never saw it. Sessions alike are judged once. */
function leaveOneOut(
  coded: readonly number[][],
  { order, counts }: Pick<Parts, 'order' | 'counts'>,
  vocabulary: number,
) {
  const alike = Map.groupBy(coded, (sequence) => sequence.join(' '));
  const left = { order: [] as number[], counts: [] as number[] };
  for (const [sequence, ...others] of alike.values()) {
    if (sequence === undefined) continue;
    order.count(sequence, -1);
    counts.count(sequence, -1);
    const found = [mean(order.surprises(sequence, vocabulary)), counts.surprise(sequence)] as const;
    order.count(sequence, 1);
    counts.count(sequence, 1);
    for (let times = 0; times <= others.length; times += 1) {
      left.order.push(found[0]);
      left.counts.push(found[1]);
    }
  }
  return left;
}

/** The value that this share of the values exceeds; where they are too few to say, a tenth above the largest. Never 0. */
function limitOf(values: readonly number[], share: number): number {
  const sorted = values.toSorted((left, right) => right - left);
  const allowed = Math.floor(values.length * share);
  return Math.max(1e-6, allowed === 0 ? sorted[0]! * 1.1 : sorted[allowed]!);
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function namesOf(sequences: readonly EventSequence[]): string[] {
  return [...new Set(sequences.flat())].sort();
}

/** Numbers from 2 on: 0 is the end, 1 the start and, as an event, one never seen. */
function placesOf(names: readonly string[]): Map<string, number> {
  return new Map(names.map((name, index) => [name, index + 2]));
}

function codesOf(sequence: EventSequence, places: ReadonlyMap<string, number>): number[] {
  return sequence.slice(0, longest).map((event) => places.get(event) ?? start);
}

interface Saved {
  options: SequenceOptions;
  names: string[];
  trained: number;
  limits: { order: number; counts: number };
  order: unknown;
  counts: unknown;
}

function isSaved(json: unknown): json is Saved {
  return (
    json !== null &&
    typeof json === 'object' &&
    'method' in json &&
    json.method === method &&
    'order' in json &&
    'limits' in json
  );
}
