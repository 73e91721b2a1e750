import { CerebroError } from '../../../infra/runtime/errors.ts';
import { createRandom } from '../../../infra/runtime/random.ts';
import type { Detector, Trainer } from '../../models/contracts.ts';
import { chosenRows, scoreStored, takeStored, type StoredRows } from '../../models/stored-rows.ts';
import { averagePrecision } from '../../models/trees/ranking.ts';
import { embargo, thinRows } from './train-classifier.ts';
import type { TrainingParts } from './training-parts.ts';

/** A detector that was chosen, and how well each candidate ranked (average precision, best first); nothing was tried where labels are too few. */
export interface DetectorChoice {
  trainer: Trainer;
  tried: readonly { method: string; precision: number }[];
}

/** Rows that the candidates learn from and are judged on, at most. */
const mostChoiceRows = 20_000;
/** With fewer labelled rows of a class one of them decides. */
const leastOfClass = 5;
/** Rows that a method learns from at most that must have them in memory; all of them draw far fewer. */
const mostFitRows = 200_000;

/** The detector of a name. Throws INPUT_INVALID, which lists those there are. */
export function namedDetector({ forest, detectors = [] }: TrainingParts, method: string): Trainer {
  const all = [forest, ...detectors.map(({ trainer }) => trainer)];
  const found = all.find((one) => one.method === method);
  if (found !== undefined) return found;
  throw new CerebroError(
    'INPUT_INVALID',
    `There is no detector ${method}; there are ${all.map((one) => one.method).join(', ')}, and auto.`,
  );
}

/**
 * Of all detectors the one that ranks rows known to be abnormal best above rows known to be normal, none of which it was fitted on: every fifth block of
 * `usual` rows is left out. The forest where fewer than five of a class are known, and before others that are no better. Planted anomalies in place of labels were tried and
 * chose worse than not to choose (README of `outliers/`). Deterministic.
 */
export function chooseUnsupervised(
  { forest, detectors = [] }: TrainingParts,
  task: { rows: StoredRows; usual: Int32Array; abnormal: Int32Array; isNormal: (row: number) => boolean; seed: number },
): DetectorChoice {
  const { rows, usual, seed } = task;
  const random = createRandom(seed);
  const isHeld = (place: number): boolean => Math.floor(place / embargo) % 5 === 2;
  const held = usual.filter((row, place) => isHeld(place) && task.isNormal(row));
  if (task.abnormal.length < leastOfClass || held.length < leastOfClass) return { trainer: forest, tried: [] };
  const odd = thinRows(task.abnormal, mostChoiceRows, random);
  const plain = thinRows(held, mostChoiceRows, random);
  const known = [...odd, ...plain];
  const labels = known.map((_, at) => (at < odd.length ? 1 : 0));
  const learned = takeStored(
    rows,
    thinRows(
      usual.filter((_, place) => !isHeld(place)),
      mostChoiceRows,
      random,
    ),
  );
  const asked = [{ trainer: forest, mostRows: Infinity }, ...detectors].filter(
    ({ mostRows = Infinity }) => usual.length <= mostRows,
  );
  const tried = asked.map(({ trainer }) => {
    const model = trainer.fit(learned, {}, createRandom(seed));
    const scores = scoreStored(chosenRows(rows, known), (block) => model.score(block));
    return { trainer, method: trainer.method, precision: averagePrecision(scores, labels) };
  });
  tried.sort((left, right) => right.precision - left.precision);
  return { trainer: tried[0]!.trainer, tried: tried.map(({ method, precision }) => ({ method, precision })) };
}

/** Fits a detector on the named rows: read as they are needed where the method can, else on a part of them. */
export function fitUnsupervised(
  trainer: Trainer,
  { rows, chosen, seed }: { rows: StoredRows; chosen: Int32Array; seed: number },
  options: Record<string, unknown>,
): Detector {
  const random = createRandom(seed);
  if (trainer.fitStored !== undefined) return trainer.fitStored(chosenRows(rows, chosen), options, random);
  return trainer.fit(takeStored(rows, thinRows(chosen, mostFitRows, createRandom(seed))), options, random);
}
