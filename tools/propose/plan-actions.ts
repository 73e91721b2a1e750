import { z } from 'zod';
import { entityNameOf } from '../../domain/entity.ts';
import type { Diagnosis, Hypothesis } from '../../domain/diagnosis.ts';
import { diagnosis as diagnosisSchema } from '../../domain/diagnosis.ts';
import { evidenceId } from '../../domain/evidence.ts';
import type { Action, Plan } from '../../domain/plan.ts';
import { plan as planSchema } from '../../domain/plan.ts';
import { contentHash } from '../../infra/runtime/canonical-json.ts';
import { faultKindOf } from '../../detection/faults/fault-catalogue.ts';
import type { EvidenceStore } from '../evidence-store.ts';
import type { Tool } from '../tool.ts';
import type { Verb } from './verb-table.ts';
import { verbTable } from './verb-table.ts';

const input = z
  .strictObject({
    evidence: evidenceId.optional().describe('Evidence id of a rank_causes result.'),
    diagnosis: diagnosisSchema.optional().describe('The diagnosis itself, where it is at hand.'),
  })
  .refine((request) => (request.evidence === undefined) !== (request.diagnosis === undefined), {
    error: 'Give either `evidence` or `diagnosis`.',
  });
const output = z.object({ plan: planSchema });
const stored = z.object({ diagnosis: diagnosisSchema });

/** Proposes ordered, typed, reversible actions for the first cause of a diagnosis. Carries out nothing. */
export function createPlanActions(deps: {
  evidence: EvidenceStore;
}): Tool<z.infer<typeof input>, z.infer<typeof output>> {
  return {
    name: 'plan_actions',
    description:
      'Proposes what to do about a diagnosed cause: ordered actions, each with its risk, what to check before, how to undo it and what would show that it helped. Nothing is carried out; every action waits for a person.',
    effect: 'propose',
    input,
    output,
    run(request) {
      const found = request.diagnosis ?? stored.safeParse(rawOf(deps.evidence, request.evidence)).data?.diagnosis;
      if (found === undefined) {
        return Promise.resolve({
          status: 'no-data',
          lookedAt: `evidence ${request.evidence ?? ''}`,
          hint: 'Hand in the evidence id of rank_causes.',
        });
      }
      const first = found.hypotheses[0];
      if (
        first === undefined ||
        first.certificate.grade === 'unproven' ||
        found.verdict === 'healthy' ||
        found.verdict === 'abstain'
      ) {
        return Promise.resolve({
          status: 'no-data',
          lookedAt: `the diagnosis (verdict ${found.verdict}, ${found.hypotheses.length} hypotheses)`,
          hint:
            found.verdict === 'healthy'
              ? 'Nothing is wrong: nothing needs to be done.'
              : `No cause is carried by evidence; acting on a guess can make it worse. ${gapHint(found)}`,
        });
      }
      const plan = planFor(first, found);
      return Promise.resolve({
        status: 'ok',
        output: { plan },
        digest: `${plan.actions.length} actions for ${first.faultKind} of ${first.entity} (${first.certificate.grade}): ${plan.actions.map(({ verb, risk }) => `${verb} (${risk} risk)`).join(', ') || 'none known'}.`,
        kind: 'plan',
        source: 'fault-catalogue',
        window: found.window,
        entities: [first.entity],
        tainted: false,
      });
    },
  };
}

function planFor(cause: Hypothesis, diagnosis: Diagnosis): Plan {
  const verbs = (faultKindOf(cause.faultKind)?.remedies ?? []).flatMap(
    (name) => verbTable.find(({ verb }) => verb === name) ?? [],
  );
  const others = verbs.filter(({ undoes }) => undoes === undefined);
  // Undoing the change that brought the fault is the surest step; without one there is nothing to go back to.
  const ordered =
    cause.change === undefined
      ? [...others, ...verbs.filter(({ verb }) => verb === 'set_configuration')]
      : [...undoingOf(verbs, cause), ...others];
  return { actions: ordered.map((verb) => actionOf(verb, cause, diagnosis)), cautions: cautionsOf(cause, diagnosis) };
}

/** The remedies that undo the kind of change that is blamed: a deploy is not undone by turning a flag off. Where the kind of fault names none, the one verb for it. */
function undoingOf(verbs: readonly Verb[], { changeKind }: Hypothesis): Verb[] {
  const undoing = verbs.filter(({ undoes }) => undoes !== undefined);
  if (changeKind === undefined) return undoing;
  const fitting = undoing.filter(({ undoes }) => undoes?.includes(changeKind));
  return fitting.length > 0 ? fitting : verbTable.filter(({ undoes }) => undoes?.includes(changeKind)).slice(0, 1);
}

function actionOf(verb: Verb, cause: Hypothesis, diagnosis: Diagnosis): Action {
  const signals = [
    ...new Set(
      diagnosis.symptoms.flatMap((item) =>
        item.signal === undefined ? [] : [`${item.signal.role} of ${entityNameOf(item.entity)}`],
      ),
    ),
  ];
  const fill = (text: string): string =>
    text
      .replaceAll('{entity}', entityNameOf(cause.entity))
      .replaceAll('{change}', cause.change === undefined ? 'the last change' : `change ${cause.change}`)
      .replaceAll('{symptoms}', signals.slice(0, 3).join(', ') || 'the symptoms');
  const input = {
    entity: cause.entity,
    ...(cause.change === undefined || verb.undoes === undefined ? {} : { change: cause.change }),
  };
  return {
    id: `ac_${contentHash({ verb: verb.verb, input }).slice(0, 12)}`,
    verb: verb.verb,
    entity: cause.entity,
    input,
    why: `${fill(verb.says)}: ${cause.mechanism}`,
    risk: verb.risk,
    preCheck: fill(verb.preCheck),
    undo: fill(verb.undo),
    verify: fill(verb.verify),
    evidence: cause.evidence,
  };
}

function cautionsOf(cause: Hypothesis, diagnosis: Diagnosis): string[] {
  const cautions = ['Nothing was carried out; each action waits for a person.'];
  if (cause.certificate.grade === 'suspected')
    cautions.push('The cause is only suspected: confirm it before acting, and prefer the actions of low risk.');
  const rival = diagnosis.hypotheses[1];
  if (rival !== undefined && rival.certificate.grade === cause.certificate.grade) {
    cautions.push(
      `${rival.faultKind} of ${rival.entity} has the same grade; if the first action does not help, look there.`,
    );
  }
  if (!cause.culprit) cautions.push('The cause lies outside the services; actions only lessen its effect.');
  if (diagnosis.gaps.length > 0) cautions.push(gapHint(diagnosis));
  return cautions;
}

function gapHint(diagnosis: Diagnosis): string {
  const [gap] = diagnosis.gaps;
  return gap === undefined
    ? 'Widen the window or connect more sources.'
    : `Could not be seen: ${gap.missing}; ${gap.wouldShow} would show it.`;
}

function rawOf(store: EvidenceStore, id: string | undefined): unknown {
  return id === undefined || store.get(id) === undefined ? undefined : store.raw(id);
}
