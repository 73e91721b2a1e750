import { z } from 'zod';
import { edge, entityId } from './entity.ts';
import { evidenceId } from './evidence.ts';
import { signal } from './finding.ts';
import { changeKind } from './signal.ts';
import { instant, window } from './time.ts';

/** One machine-checked condition of a certificate. `unknown`: the data to check it is missing. */
export const condition = z.object({
  holds: z.enum(['yes', 'no', 'unknown']),
  reason: z.string(),
  evidence: z.array(evidenceId),
});
export type Condition = z.infer<typeof condition>;

/** How strongly a cause is carried by evidence, strongest first. */
export const grades = ['proven', 'supported', 'suspected', 'unproven'] as const;
export const grade = z.enum(grades);
export type Grade = z.infer<typeof grade>;

/** One hop of the path from the cause to a symptom, with what was seen on it. */
export const hop = z.object({
  edge: edge.optional(),
  entity: entityId,
  onset: instant.optional(),
  effectSize: z.number().optional(),
});
export type Hop = z.infer<typeof hop>;

/** The proof that goes with a claimed cause: structural, temporal and statistical conditions, the paths, and the grade that follows. */
export const certificate = z.object({
  structural: condition,
  temporal: condition,
  statistical: condition,
  /** The mechanism itself is seen at the accused, not only at those who wait for it. */
  observed: condition.optional(),
  /** More than one independent signal bears it out. */
  borne: condition.optional(),
  paths: z.array(z.array(hop)),
  grade,
});
export type Certificate = z.infer<typeof certificate>;

/**
 * What a confidence is worked out from beside the likelihood: log odds against the best candidate at another entity (`margin`), against the best
 * other kind at the same one (`lead`) and against none of them (`carried`), the likelihood of the entity whatever the kind, and the share of symptoms brought.
 */
export const basis = z.object({
  margin: z.number(),
  lead: z.number(),
  carried: z.number(),
  entity: z.number().min(0).max(1.001),
  coverage: z.number().min(0).max(1),
});
export type Basis = z.infer<typeof basis>;

/** A feature that decided between the first hypothesis and the second: what it says, and the log odds that it was worth. */
export const deciding = z.object({ feature: z.string(), says: z.string(), odds: z.number() });
export type Deciding = z.infer<typeof deciding>;

/** A candidate cause: an entity, a kind from the fault catalogue, the mechanism in words, evidence for and against, a certificate. */
export const hypothesis = z.object({
  id: z.string(),
  entity: entityId,
  faultKind: z.string(),
  mechanism: z.string(),
  /** False for causes outside anybody's service (a traffic surge, a provider, a noisy host). */
  culprit: z.boolean(),
  /** The change that brought the fault, where one did. */
  change: z.string().optional(),
  changeKind: changeKind.optional(),
  /** How surely that change brought it, apart from how surely the fault is there: never above the certificate's grade. */
  changeGrade: grade.optional(),
  /** What speaks for the change, in words. */
  changeBecause: z.array(z.string()).optional(),
  /** Probability that the fault is there and the change brought it. */
  changeConfidence: z.number().min(0).max(1).optional(),
  onset: instant.optional(),
  /** Whether it goes on by the newest samples; absent where that was not looked at. */
  state: z.enum(['active', 'over']).optional(),
  /** When it ended, where it is over. */
  until: instant.optional(),
  /** Likelihood among all that may have happened, in [0, 1]; orders hypotheses, and is not calibrated. */
  score: z.number(),
  /** Calibrated probability in [0, 1] that this is the cause. */
  confidence: z.number().min(0).max(1),
  basis: basis.optional(),
  /** The signals that show it, the strongest first, at most three. */
  shownBy: z.array(signal).optional(),
  findingsFor: z.array(z.string()),
  findingsAgainst: z.array(z.string()),
  evidence: z.array(evidenceId),
  certificate,
});
export type Hypothesis = z.infer<typeof hypothesis>;

/** A candidate that was set aside, with the reason kept. */
export const ruledOut = z.object({
  entity: entityId.optional(),
  change: z.string().optional(),
  faultKind: z.string().optional(),
  reason: z.string(),
  evidence: z.array(evidenceId),
});
export type RuledOut = z.infer<typeof ruledOut>;

/** Something that could not be seen, and the query, signal or permission that would show it. */
export const gap = z.object({ missing: z.string(), wouldShow: z.string(), limits: z.string().optional() });
export type Gap = z.infer<typeof gap>;

/** The missing signal, or the missing sight of one thing, that limits a diagnosis most: in one sentence, with the hypotheses it would tell apart. */
export const limitation = z.object({ signal: z.string(), sentence: z.string(), between: z.array(z.string()) });
export type Limitation = z.infer<typeof limitation>;

/** Where a confidence comes from: priors fitted on recorded incidents, or a team's own labelled outcomes on top of them. `prior` is what the former say. */
export const calibrationNote = z.object({
  from: z.enum(['recorded-incidents', 'own-outcomes']),
  outcomes: z.number().int().min(0),
  prior: z.number().min(0).max(1),
});

/** An entry of the incident's timeline. */
export const timelineEntry = z.object({
  at: instant,
  entity: entityId.optional(),
  text: z.string(),
  evidence: z.array(evidenceId),
});
export type TimelineEntry = z.infer<typeof timelineEntry>;

/** A symptom: the departure that people or alerts complain about. */
export const symptom = z.object({
  entity: entityId,
  signal: signal.optional(),
  onset: instant.optional(),
  /** When it went back to normal; absent while it goes on. */
  until: instant.optional(),
  statement: z.string(),
  evidence: z.array(evidenceId),
});
export type Symptom = z.infer<typeof symptom>;

/**
 * What the engine concludes. `verdict`: `cause` (the first hypothesis names an entity to blame), `external` (something outside explains it:
 * surge, provider, host), `healthy` (nothing departs from normal), `abstain` (something is wrong, no cause is carried by evidence).
 */
export const diagnosis = z.object({
  verdict: z.enum(['cause', 'external', 'healthy', 'abstain']),
  window,
  onset: instant.optional(),
  symptoms: z.array(symptom),
  hypotheses: z.array(hypothesis),
  /** Why the first hypothesis and not the second. */
  decidedBy: z.array(deciding).optional(),
  /** Faults of the window that were over before what is diagnosed here, where there were any. */
  ended: z.array(hypothesis).optional(),
  ruledOut: z.array(ruledOut),
  gaps: z.array(gap),
  limitedBy: limitation.optional(),
  blastRadius: z.array(entityId),
  timeline: z.array(timelineEntry),
  confidence: z.number().min(0).max(1),
  calibration: calibrationNote.optional(),
});
export type Diagnosis = z.infer<typeof diagnosis>;
