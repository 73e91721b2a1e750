import type { ClassifierTrainer, Trainer } from '../contracts.ts';

/** The methods that a pipeline trains with. All of them take options by name. */
export interface TrainingParts {
  /** Learns without labels. */
  forest: Trainer;
  champion: ClassifierTrainer;
  challenger?: ClassifierTrainer | undefined;
  /** Tells causes apart where labels name them. */
  causes?: ClassifierTrainer | undefined;
}

/** The trainer of a kept model by its method. Undefined when nobody here can load it. */
export function trainerOf(
  parts: TrainingParts,
  method: string,
): { kind: 'detector'; trainer: Trainer } | { kind: 'classifier'; trainer: ClassifierTrainer } | undefined {
  if (parts.forest.method === method) return { kind: 'detector', trainer: parts.forest };
  const trainer = [parts.champion, parts.challenger, parts.causes].find((one) => one?.method === method);
  return trainer === undefined ? undefined : { kind: 'classifier', trainer };
}
