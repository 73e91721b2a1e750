import type { Plan } from '../../../../domain/plan.ts';
import { nameOf, wordsOf } from '../state/words.ts';
import { Citations } from './citations.tsx';

/** A plan that waits: each action with its risk, its way back and what would verify it. Nothing here can be executed. */
export function PlanView({ plan, numbers }: { plan: Plan; numbers: ReadonlyMap<string, number> }) {
  return (
    <>
      <ol class="plan">
        {plan.actions.map((action) => (
          <li key={action.id}>
            <p>
              <b>
                {wordsOf(action.verb)} {nameOf(action.entity)}
              </b>{' '}
              <span class={`risk risk-${action.risk}`}>{action.risk} risk</span>
            </p>
            <p>
              {action.why} <Citations ids={action.evidence} numbers={numbers} />
            </p>
            <dl class="facts">
              <dt>Before</dt>
              <dd>{action.preCheck}</dd>
              <dt>Undo</dt>
              <dd>{action.undo}</dd>
              <dt>Verify</dt>
              <dd>{action.verify}</dd>
            </dl>
          </li>
        ))}
      </ol>
      {plan.cautions.map((caution) => (
        <p key={caution} class="caution">
          {caution}
        </p>
      ))}
    </>
  );
}
