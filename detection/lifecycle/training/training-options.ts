import { z } from 'zod';
import { featureSet } from '../features/feature-set.ts';
import { dataSchema } from '../validation/data-schema.ts';

/** How a model is trained; all of it has a default, and all of it is part of the keys of the stages. */
export const trainingOptions = z.strictObject({
  /** Name in the registry. */
  name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/),
  seed: z.int().min(0).default(1),
  /** Declared features; the default set for a host where absent. */
  features: featureSet.optional(),
  schema: dataSchema.prefault({}),
  /** Least quality of the data for training to go on. */
  leastQuality: z.number().min(0).max(1).default(0.2),
  /** Part of each entity's latest rows that no training sees. */
  holdout: z.number().min(0.05).max(0.5).default(0.2),
  folds: z.int().min(2).max(10).default(5),
  /** Options that the search tries, the defaults included; 1 searches nothing. */
  trials: z.int().min(1).max(200).default(6),
  /** Rows that classifiers train on at most: neighbouring stretches are drawn where there are more. */
  mostRows: z.int().min(1_000).default(2_000_000),
  /** Rows that a person is asked to label. */
  reviewBudget: z.int().min(0).max(10_000).default(30),
  /** Weight of a pseudo-label against a person's. */
  trust: z.number().min(0).max(1).default(0.3),
  /** Which detector learns without labels, the isolation forest where absent: a method's name, or `auto` for the one that ranks labelled rows best. */
  detector: z.string().optional(),
  /** Overrides of the defaults of each method; those of `forest` are for the detector that is named. */
  forest: z.record(z.string(), z.unknown()).default({}),
  champion: z.record(z.string(), z.unknown()).default({}),
  challenger: z.record(z.string(), z.unknown()).default({}),
  causes: z.record(z.string(), z.unknown()).default({}),
});
export type TrainingOptions = z.infer<typeof trainingOptions>;
