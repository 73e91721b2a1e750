import type { DiagnosisInput } from '../detection/diagnosis/diagnosis-input.ts';
import type { Basis, Hypothesis } from '../domain/diagnosis.ts';
import type { Answer } from '../domain/answer.ts';
import type { AskedData } from './asked-data.ts';
import type { Logger } from '../infra/runtime/logger.ts';

/** What a suite is run with. A suite ignores what does not concern it. */
export interface SuiteOptions {
  /** Folder of the visible data; suites that make their own need none. */
  data?: string;
  reasoner: 'rules' | 'bedrock' | 'openai';
  config?: string;
  /** Empty: those of the suite. */
  seeds: number[];
  faults: string[];
  /** Run only these cases. */
  cases: string[];
  /** Things to look up, one a line, for suites that take their cases from a file. */
  probes?: string;
  /** Where bounds of forecasts are written, for suites that make them. */
  intervals?: string;
  /** Only these stacks, for suites that run other people's software. */
  stacks?: string[];
  /** Shorter stretches, where a suite measures live: enough to see that it works. */
  quick?: boolean;
  /** A file that is locked while something is measured live, so that other heavy work on the machine waits. */
  lock?: string;
  /** Leave these signals out, to see what they are worth. */
  without: string[];
  /** Where a suite may keep what it made (capsules), so that a failure can be replayed. */
  keep?: string;
  logger: Logger;
  /** Alters a case about causes before it is asked; undefined leaves the case out. */
  transform?: (asked: AskedData) => AskedData | undefined;
  /** Sees the whole answer to each case about causes. */
  observe?: (asked: AskedData, answer: Answer | undefined) => void;
}

/** One prediction: what is written as a line (in the suite's published format), and what it cost. */
export interface Prediction {
  case: string;
  line: Record<string, unknown>;
  elapsedMs: number;
  /** Processor time of the answer alone, where it was measured. */
  cpuMs?: number;
  /** The signals that there were, in the words of `--without`; absent where the suite does not say. */
  signals?: readonly string[];
  /** What the causes were ranked over; never written. */
  input?: DiagnosisInput;
  calls: number;
  tokens: number;
  dollars: number;
}

/** One row of the score table. `baseline` is a zero-information guess scored the same way. */
export interface Score {
  metric: string;
  score: number;
  low: number;
  high: number;
  cases: number;
  baseline?: number;
  /** Told beside the scores and not judged by `--expect`: how sure the answers were, not whether they were right. */
  informs?: boolean;
}

/** A case as it came out: what was stated, from what, and whether it was right. */
export interface Outcome {
  case: string;
  /** cause, external, healthy, abstain or failed. */
  verdict: string;
  confidence: number;
  right: boolean;
  /** Whether somebody was to blame at all. */
  culprit: boolean;
  /** The signal that was left out. */
  without?: string | undefined;
  grade?: string | undefined;
  fault?: string | undefined;
  score?: number | undefined;
  basis?: Basis | undefined;
}

/** A case that was not right, with the command that replays it. */
export interface Failure {
  case: string;
  expected: string;
  got: string;
  replay?: string;
}

export interface ScoreReport {
  scores: Score[];
  failures: Failure[];
  /** Further tables for the HTML page: title, header, rows. */
  tables?: { title: string; header: string[]; rows: string[][] }[];
  /** All cases as they came out, for calibration. */
  outcomes?: Outcome[];
  /** The scores again with one signal left out. */
  ladder?: { without: string; scores: Score[]; outcomes?: Outcome[] }[];
}

/** The part of a hypothesis that truth can speak of. */
export type Claim = Pick<Hypothesis, 'entity' | 'faultKind' | 'culprit' | 'change' | 'changeKind'>;

/** What truth says of a claim. `decoy`: wrong, and planted to be fallen for. */
export type Judgement = 'right' | 'wrong' | 'decoy';

/** Judges a claim about a case, or (undefined) the claim that nobody is to blame; undefined where truth does not know the case. */
export type Judge = (name: string, claim: Claim | undefined) => Judgement | undefined;

/** One benchmark. `predict` sees only what is visible; `score` and `judge` are the only places that read truth. */
export interface Suite {
  name: string;
  description: string;
  predict(options: SuiteOptions): AsyncIterable<Prediction>;
  /** Predictions as other tools expect them, where that is not one JSON object a line. */
  write?(predictions: readonly Prediction[], path: string, options?: SuiteOptions): Promise<void>;
  /** Opens truth and judges single hypotheses, whatever was said first: what the likelihood is fitted on (`eval fit`). */
  judge?(truth: string): Judge;
  score(predictions: readonly Prediction[], truth: string | undefined, options: SuiteOptions): Promise<ScoreReport>;
}
