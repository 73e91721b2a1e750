import { z } from 'zod';
import { plan } from '../domain/plan.ts';
import { entityNameOf } from '../domain/entity.ts';
import type { Agent, AgentContext, AgentReport, AgentTask } from './agent.ts';
import { emptyReport } from './agent.ts';
import { callTool } from './call-tool.ts';
import { fact, note } from './sentence.ts';

const planned = z.object({ plan }).loose();

/** Proposes ordered, typed, reversible actions for a diagnosis. Nothing is executed. */
export function createRemediator(): Agent {
  return {
    name: 'remediator',
    description:
      'Proposes ordered, reversible actions with risk, undo and verification for a diagnosed cause; executes nothing.',
    toolNames: ['plan_actions', 'search_runbooks'],
    run: propose,
  };
}

async function propose(task: AgentTask, context: AgentContext): Promise<AgentReport> {
  const { diagnosis } = task;
  if (diagnosis === undefined)
    return emptyReport({ headline: [note('There is no diagnosis to act on, so no action is proposed.')] });
  if (diagnosis.verdict === 'healthy')
    return emptyReport({ sections: [{ title: 'Next step', sentences: [note('Nothing needs to be done.')] }] });
  if (diagnosis.verdict === 'abstain')
    return emptyReport({
      sections: [
        { title: 'Next step', sentences: [note('No action is proposed: acting on a guess can make it worse.')] },
      ],
    });
  const called = await callTool(context, 'plan_actions', { diagnosis }, planned);
  const { data, evidence } = called;
  if (data === undefined)
    return emptyReport({ sections: [{ title: 'Next step', sentences: [note(`No plan: ${called.missing}.`)] }] });
  const id = evidence?.id;
  const sentences = data.plan.actions.map((action, index) =>
    fact(
      `${index + 1}. ${action.verb} ${entityNameOf(action.entity)} (${action.risk} risk): ${action.why} Undo: ${action.undo} Verify: ${action.verify}`,
      action.evidence,
      id,
    ),
  );
  return emptyReport({
    sections: [
      {
        title: 'Next step',
        sentences: [...sentences, ...data.plan.cautions.map((text) => note(text)), note('Nothing has been executed.')],
      },
    ],
    plan: data.plan,
    evidence: evidence === undefined ? [] : [evidence],
  });
}
