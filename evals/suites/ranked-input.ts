import { z } from 'zod';
import type { App } from '../../app.ts';
import type { DiagnosisInput } from '../../detection/diagnosis/diagnosis-input.ts';
import type { Answer } from '../../domain/answer.ts';
import { window } from '../../domain/time.ts';
import { loadFindings } from '../../tools/read/load-findings.ts';
import type { Sources } from '../../tools/sources/source.ts';

const request = z.object({
  window,
  baseline: window,
  focus: z.array(z.string()).default([]),
  evidence: z.array(z.string()),
});

/** What the engine ranked causes over for an answer, read back from the evidence store; undefined where it was not asked. */
export function rankedInput(
  app: Pick<App, 'evidence'>,
  sources: Sources,
  { evidence }: Answer,
): DiagnosisInput | undefined {
  const asked = evidence.find(({ tool }) => tool === 'rank_causes');
  const found = request.safeParse(asked?.query).data;
  if (found === undefined) return undefined;
  const { unknown: _, ...loaded } = loadFindings({ evidence: app.evidence, sources }, found.evidence);
  return { window: found.window, baseline: found.baseline, focus: found.focus, ...loaded };
}
