import { z } from 'zod';
import type { Diagnosis } from '../../domain/diagnosis.ts';
import { diagnosis } from '../../domain/diagnosis.ts';
import { entityNameOf } from '../../domain/entity.ts';
import { evidenceId } from '../../domain/evidence.ts';
import { applyPrior, type Prior } from '../../detection/diagnosis/apply-prior.ts';
import { diagnose } from '../../detection/diagnosis/diagnose.ts';
import type { Tool } from '../tool.ts';
import { loadFindings } from './load-findings.ts';
import type { ReadDeps } from './read-deps.ts';
import { entitiesField, windowField } from './request-fields.ts';
import { foresightSchema } from './search-knowledge.ts';

const input = z.strictObject({
  window: windowField,
  baseline: windowField,
  focus: entitiesField.describe('Entities that were complained about; may be empty.'),
  evidence: z
    .array(evidenceId)
    .min(1)
    .max(100)
    .describe(
      'Ids of evidence from check_alerts, find_anomalies, find_log_patterns, search_traces, list_changes, check_resources, walk_topology; that of find_similar_incidents decides between causes that are level.',
    ),
});
const output = z.object({ diagnosis });

/** Ranks causes from evidence that was collected before; reads nothing but the evidence store. */
export function createRankCauses(
  deps: Pick<ReadDeps, 'sources' | 'evidence' | 'recalibration'>,
): Tool<z.infer<typeof input>, z.infer<typeof output>> {
  return {
    name: 'rank_causes',
    description:
      'Diagnoses an incident from evidence ids: ranked causes with certificates (structural, temporal, statistical) and confidence, what was ruled out and why, gaps, blast radius, timeline. Abstains when nothing is carried by evidence. Collect evidence with the find_, search_, list_ and walk_ tools first.',
    effect: 'read',
    input,
    output,
    run(request) {
      const { unknown, ...loaded } = loadFindings(deps, request.evidence);
      if (unknown.length === new Set(request.evidence).size) {
        return Promise.resolve({
          status: 'no-data' as const,
          lookedAt: `evidence ${unknown.slice(0, 5).join(', ')}`,
          hint: 'None of these ids is known; collect evidence again.',
        });
      }
      const found = diagnose(
        { window: request.window, baseline: request.baseline, focus: request.focus, ...loaded },
        deps.recalibration?.(),
      );
      const prior = priorIn(deps, request.evidence);
      const result = prior === undefined ? found : applyPrior(found, prior);
      return Promise.resolve({
        status: 'ok' as const,
        output: { diagnosis: result },
        digest: digestOf(result),
        kind: 'diagnosis' as const,
        source: 'diagnosis engine',
        window: request.window,
        entities: [...new Set(result.hypotheses.slice(0, 3).map(({ entity }) => entity))],
        tainted: false,
      });
    },
  };
}

const foretold = z.object({ foresight: foresightSchema });

/** What past incidents said, where the evidence of that search was handed in. Nothing that other text claims becomes a prior. */
function priorIn({ evidence }: Pick<ReadDeps, 'evidence'>, ids: readonly string[]): Prior | undefined {
  for (const id of ids) {
    if (evidence.get(id)?.tool !== 'find_similar_incidents') continue;
    const said = foretold.safeParse(evidence.raw(id)).data;
    if (said !== undefined) return said.foresight;
  }
  return undefined;
}

function digestOf({ verdict, hypotheses, confidence, gaps, ruledOut }: Diagnosis): string {
  const told = hypotheses
    .slice(0, 3)
    .map((one) => `${entityNameOf(one.entity)} ${one.faultKind} (${one.certificate.grade}, ${one.confidence})`);
  const missing = gaps.length === 0 ? '' : ` Not seen: ${gaps.map(({ missing: what }) => what).join(', ')}.`;
  return `Verdict ${verdict}, confidence ${confidence}. ${told.join('; ')}. Ruled out: ${ruledOut.length}.${missing}`.slice(
    0,
    590,
  );
}
