import { describe, expect, it } from 'vitest';
import type { Condition, Diagnosis, Hypothesis } from '../../domain/diagnosis.ts';
import { faultCatalogue } from '../../detection/faults/fault-catalogue.ts';
import { createFakeToolbox, fakeSession } from '../fake-toolbox.ts';
import { createPlanActions } from './plan-actions.ts';
import { verbTable } from './verb-table.ts';

const held: Condition = { holds: 'yes', reason: 'seen', evidence: [] };
function hypothesis(
  changes: Partial<Hypothesis> = {},
  grade: Hypothesis['certificate']['grade'] = 'supported',
): Hypothesis {
  return {
    id: 'h1',
    entity: 'service:checkout',
    faultKind: 'pool-exhaustion',
    mechanism: 'the pool is too small',
    culprit: true,
    score: 1,
    confidence: 0.8,
    findingsFor: [],
    findingsAgainst: [],
    evidence: ['ev_0123456789abcdef'],
    certificate: { structural: held, temporal: held, statistical: held, paths: [], grade },
    ...changes,
  };
}
function diagnosis(hypotheses: Hypothesis[], verdict: Diagnosis['verdict'] = 'cause'): Diagnosis {
  const window = { from: '2026-11-20T10:00:00Z', to: '2026-11-20T10:30:00Z' };
  return {
    verdict,
    window,
    symptoms: [],
    hypotheses,
    ruledOut: [],
    gaps: [],
    blastRadius: [],
    timeline: [],
    confidence: 0.8,
  };
}
function connect() {
  const made = createFakeToolbox([]);
  made.toolbox.register([createPlanActions({ evidence: made.evidence })]);
  const client = made.toolbox.clientFor(
    fakeSession({ principal: { id: 'ann', kind: 'person', roles: ['responder'] } }),
  );
  return { ...made, plan: (input: Record<string, unknown>) => client.call('plan_actions', input) };
}

describe('plan_actions', () => {
  it('undoes the change first where one is blamed, and hands it to the verb', async () => {
    const outcome = await connect().plan({ diagnosis: diagnosis([hypothesis({ change: 'c7' })]) });
    expect(outcome).toMatchObject({
      status: 'ok',
      data: {
        plan: {
          actions: [
            {
              verb: 'set_configuration',
              input: { entity: 'service:checkout', change: 'c7' },
              risk: 'medium',
              evidence: ['ev_0123456789abcdef'],
            },
            { verb: 'roll_back_service' },
            { verb: 'restart_service' },
          ],
        },
      },
    });
    expect(JSON.stringify(outcome)).not.toMatch(/\{(entity|change|symptoms)\}/);
  });

  it('undoes only with what undoes that kind of change', async () => {
    const verbsFor = async (changeKind: Hypothesis['changeKind']): Promise<string[]> => {
      const blamed = hypothesis({ change: 'c7', faultKind: 'lost-calls', ...(changeKind && { changeKind }) });
      const outcome = await connect().plan({ diagnosis: diagnosis([blamed]) });
      return [...JSON.stringify(outcome).matchAll(/"verb":"(\w+)"/g)].map(([, verb]) => verb ?? '');
    };
    expect(await verbsFor('deploy')).toEqual(['roll_back_service']);
    expect(await verbsFor('flag')).toEqual(['disable_flag']);
    expect(await verbsFor('infrastructure')).toEqual(['set_configuration']);
    expect(await verbsFor(undefined)).toEqual(['roll_back_service', 'disable_flag']);
  });

  it('rolls nothing back where no change is blamed', async () => {
    const outcome = await connect().plan({ diagnosis: diagnosis([hypothesis()]) });
    expect(outcome.status === 'ok' && JSON.stringify(outcome.data)).not.toContain('roll_back_service');
  });

  it('reads the diagnosis from evidence', async () => {
    const { plan, evidence } = connect();
    const about: Parameters<typeof evidence.put>[0] = {
      kind: 'diagnosis',
      tool: 'rank_causes',
      source: 'engine',
      query: {},
      entities: [],
      digest: '',
      tainted: false,
    };
    const { id } = evidence.put(about, { diagnosis: diagnosis([hypothesis()]) });
    expect(await plan({ evidence: id })).toMatchObject({ status: 'ok' });
    expect(await plan({ evidence: 'ev_0000000000000000' })).toMatchObject({ status: 'no-data' });
    expect(await plan({})).toMatchObject({ status: 'failed', code: 'INPUT_INVALID' });
  });

  it('proposes nothing on a guess or when all is well', async () => {
    const { plan } = connect();
    expect(await plan({ diagnosis: diagnosis([hypothesis({}, 'unproven')]) })).toMatchObject({ status: 'no-data' });
    expect(await plan({ diagnosis: diagnosis([], 'abstain') })).toMatchObject({ status: 'no-data' });
    expect(await plan({ diagnosis: diagnosis([], 'healthy') })).toMatchObject({
      status: 'no-data',
      hint: 'Nothing is wrong: nothing needs to be done.',
    });
  });

  it('warns of a cause that is only suspected and of a rival of the same grade', async () => {
    const rival = hypothesis({ id: 'h2', entity: 'service:cart' }, 'suspected');
    const outcome = await connect().plan({ diagnosis: diagnosis([hypothesis({}, 'suspected'), rival]) });
    const text = JSON.stringify(outcome);
    expect(text).toContain('only suspected');
    expect(text).toContain('service:cart has the same grade');
  });

  it('is not for viewers', async () => {
    const { toolbox } = connect();
    expect(await toolbox.clientFor(fakeSession()).call('plan_actions', {})).toMatchObject({ code: 'FORBIDDEN' });
  });

  it('knows every remedy of the fault catalogue', () => {
    const known = new Set(verbTable.map(({ verb }) => verb));
    expect(faultCatalogue.flatMap(({ remedies }) => remedies).filter((verb) => !known.has(verb))).toEqual([]);
  });
});
