import { z } from 'zod';
import { trainingOptions } from './training-options.ts';

/**
 * A training run on another engine. Input is telemetry in partitions by entity (`entity=<name>/day=.../part-*.parquet`), reachable as a folder on
 * every machine of the job; output is a folder that all of them share.
 */
export const jobSpec = z.strictObject({
  /** Name of the job; small letters, digits and dashes. */
  job: z.string().regex(/^[a-z0-9]([a-z0-9-]{0,49}[a-z0-9])?$/),
  /** The container image that holds this program. */
  image: z.string().min(1),
  /** Where input and output lie for the engine: `s3://...`, or the name of a persistent volume claim. */
  input: z.string().min(1),
  output: z.string().min(1),
  /** Tasks that prepare and compute features side by side; entities are dealt out by a hash of their name. */
  tasks: z.int().min(1).max(1_000),
  /** A task's machine, and that of the one that trains. */
  cpus: z.number().positive().default(4),
  memoryGiB: z.number().positive().default(16),
  trainCpus: z.number().positive().default(16),
  trainMemoryGiB: z.number().positive().default(64),
  /** SageMaker stops a processing job after nine days at the latest. */
  maxHours: z.number().min(0.1).max(216).default(6),
  /** SageMaker only: the ARN of the role that the job runs as. */
  role: z
    .string()
    .regex(/^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/)
    .optional(),
  instanceType: z.string().default('ml.m5.xlarge'),
  trainInstanceType: z.string().default('ml.m5.4xlarge'),
  options: trainingOptions,
});
export type JobSpec = z.infer<typeof jobSpec>;
