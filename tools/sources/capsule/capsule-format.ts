import { z } from 'zod';
import { errorTable } from '../../../infra/runtime/errors.ts';
import type { ErrorCode } from '../../../infra/runtime/errors.ts';
import { question, understanding } from '../../../domain/question.ts';
import { instant, window } from '../../../domain/time.ts';

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of the table
const errorCodes = Object.keys(errorTable) as [ErrorCode, ...ErrorCode[]];

/** `manifest.json` of a capsule, version 1. Members that this version does not know are kept out, not refused. */
export const capsuleManifest = z.object({
  format: z.literal('cerebro-capsule'),
  version: z.literal(1),
  title: z.string(),
  created: instant,
  /** What was asked, and when; a replay asks the same at the same time. */
  question: z.string().optional(),
  askedAt: instant.optional(),
  /** The whole question of a recorded run, and what was understood before it in its thread; a replay of it is byte-identical. */
  asked: question.optional(),
  previous: understanding.optional(),
  window,
  baseline: window.optional(),
  /** Which kinds of source were connected, by what name, and how many items of them the data files hold. A kind that is absent was not connected. */
  sources: z.partialRecord(
    z.enum(['metrics', 'logs', 'traces', 'changes', 'cluster', 'topology', 'advisories', 'alerts']),
    z.object({ name: z.string(), items: z.number().int().min(0) }),
  ),
  /** The store of knowledge that was searched; its answers are among the recorded calls. */
  knowledge: z.object({ name: z.string() }).optional(),
  /** Always true: every text went through the redactor. */
  redacted: z.literal(true),
});
export type CapsuleManifest = z.infer<typeof capsuleManifest>;

/** What the writer of a capsule has to say; the rest of the manifest follows from the data. */
export type ManifestParts = Pick<CapsuleManifest, 'title' | 'created' | 'window'> &
  Partial<Pick<CapsuleManifest, 'question' | 'askedAt' | 'asked' | 'previous' | 'baseline' | 'knowledge'>>;

/** A line of `calls.ndjson`: one recorded source call; the blob is the JSON of a RecordedResult. */
export const recordedCall = z.object({
  key: z.string(),
  source: z.string(),
  method: z.string(),
  request: z.record(z.string(), z.unknown()),
  blob: z.string().regex(/^[0-9a-f]{64}$/),
});

/** A call that threw is recorded too, so that a replay fails in the same place. */
export const recordedFailure = z.object({
  status: z.literal('failed'),
  code: z.enum(errorCodes).catch('BACKEND_UNAVAILABLE'),
  message: z.string(),
});
