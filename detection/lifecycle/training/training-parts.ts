import type { Random } from '../../../infra/runtime/random.ts';
import type { ClassifierTrainer, Detector, Trainer } from '../../models/contracts.ts';
import type { Matrix } from '../../models/matrix.ts';

/** Learns what is usual from all rows and is corrected by the few that are labelled: 1 abnormal, 0 normal, -1 not known. */
export interface CorrectedTrainer {
  readonly method: string;
  fit(data: { rows: Matrix; labels: Int32Array }, options: { features?: readonly string[] }, random: Random): Detector;
  load(json: unknown): Detector;
}

/** The methods that a pipeline trains with. All of them take options by name. */
export interface TrainingParts {
  /** Learns without labels. */
  forest: Trainer;
  /** Others that do, to be named instead or chosen by labels; one that compares every row with many others only up to `mostRows` of them. */
  detectors?: readonly { trainer: Trainer; mostRows?: number }[] | undefined;
  /** For when a part of the rows is labelled. */
  corrected?: CorrectedTrainer | undefined;
  champion: ClassifierTrainer;
  challenger?: ClassifierTrainer | undefined;
  /** Tells causes apart where labels name them. */
  causes?: ClassifierTrainer | undefined;
}

/** The trainer of a kept model by its method. Undefined when nobody here can load it. */
export function trainerOf(
  parts: TrainingParts,
  method: string,
):
  | { kind: 'detector'; trainer: Pick<Trainer, 'load'> }
  | { kind: 'classifier'; trainer: ClassifierTrainer }
  | undefined {
  const unsupervised = [parts.forest, ...(parts.detectors ?? []).map((one) => one.trainer)];
  const detector = unsupervised.find((one) => one.method === method);
  if (detector !== undefined) return { kind: 'detector', trainer: detector };
  if (parts.corrected?.method === method) return { kind: 'detector', trainer: parts.corrected };
  const trainer = [parts.champion, parts.challenger, parts.causes].find((one) => one?.method === method);
  return trainer === undefined ? undefined : { kind: 'classifier', trainer };
}
