import { z } from 'zod';
import { certificate } from '../../domain/diagnosis.ts';
import { entityId } from '../../domain/entity.ts';
import { evidenceId } from '../../domain/evidence.ts';
import { certify } from '../../detection/diagnosis/certify.ts';
import { faultCatalogue, faultKindOf } from '../../detection/faults/fault-catalogue.ts';
import type { Tool } from '../tool.ts';
import { loadFindings } from './load-findings.ts';
import type { ReadDeps } from './read-deps.ts';
import { entitiesField, windowField } from './request-fields.ts';

const input = z.strictObject({
  entity: entityId,
  faultKind: z
    .string()
    .describe('A kind of the fault catalogue, such as cpu-saturation, pool-exhaustion, bad-deploy-errors.'),
  window: windowField,
  baseline: windowField,
  focus: entitiesField,
  evidence: z.array(evidenceId).min(1).max(100),
});
const output = z.object({ certificate });

/** Checks one suspected cause against evidence: whoever has a hunch gets the certificate that the engine itself would give. */
export function createCertifyCause(
  deps: Pick<ReadDeps, 'sources' | 'evidence'>,
): Tool<z.infer<typeof input>, z.infer<typeof output>> {
  return {
    name: 'certify_cause',
    description:
      'Checks one suspected cause (entity and fault kind) against evidence ids and returns its certificate: structural, temporal and statistical condition with reasons, paths to the symptoms, and the grade. Use it to test a hunch.',
    effect: 'read',
    input,
    output,
    run(request) {
      if (faultKindOf(request.faultKind) === undefined) {
        const kinds = faultCatalogue.map(({ kind }) => kind).join(', ');
        return Promise.resolve({
          status: 'failed' as const,
          code: 'INPUT_INVALID',
          message: `${request.faultKind} is no kind of the fault catalogue.`,
          hint: `Use one of: ${kinds}.`,
        });
      }
      const { unknown: _unknown, ...loaded } = loadFindings(deps, request.evidence);
      const { window, baseline, focus } = request;
      const result = certify(request, { window, baseline, focus, ...loaded });
      const said = [result.structural, result.temporal, result.statistical].map(
        ({ holds, reason }) => `${holds}: ${reason}`,
      );
      return Promise.resolve({
        status: 'ok' as const,
        output: { certificate: result },
        digest:
          `${request.faultKind} at ${request.entity} is ${result.grade}. Structural ${said[0]}; temporal ${said[1]}; statistical ${said[2]}.`.slice(
            0,
            590,
          ),
        kind: 'diagnosis' as const,
        source: 'diagnosis engine',
        window,
        entities: [request.entity],
        tainted: false,
      });
    },
  };
}
