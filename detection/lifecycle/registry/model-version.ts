import { z } from 'zod';

export const modelStage = z.enum(['none', 'staging', 'production', 'archived']);
export type ModelStage = z.infer<typeof modelStage>;

/** Where a model comes from: enough to make the same bytes again. Hashes are SHA-256 in hexadecimal. */
export const lineage = z.object({
  dataHash: z.string(),
  featureSet: z.string(),
  featureNames: z.number(),
  codeVersion: z.string(),
  seed: z.number(),
  stages: z.record(z.string(), z.string()).default({}),
  /** Hash of the rows that the metrics were measured on; metrics of two models are compared only where it is the same. */
  holdoutHash: z.string().default(''),
});
export type Lineage = z.infer<typeof lineage>;

/** One version of a model as it is shown and exported. `files` are names, sizes and checksums; the bytes lie beside. */
export const modelVersion = z.object({
  name: z.string(),
  version: z.int().min(1),
  stage: modelStage,
  aliases: z.array(z.string()),
  method: z.string(),
  /** What it was trained for, e.g. `champion` or `challenger`. */
  role: z.string(),
  createdAt: z.string(),
  lineage,
  metrics: z.record(z.string(), z.number()),
  options: z.record(z.string(), z.unknown()),
  files: z.record(z.string(), z.object({ sha256: z.string(), bytes: z.number() })),
});
export type ModelVersion = z.infer<typeof modelVersion>;

/** What `add` takes: all but what the registry decides itself. */
export interface NewModel {
  name: string;
  method: string;
  role: string;
  lineage: Lineage;
  metrics: Readonly<Record<string, number>>;
  options: Readonly<Record<string, unknown>>;
  files: Readonly<Record<string, Uint8Array>>;
}
