import { z } from 'zod';
import { advisory } from '../domain/signal.ts';
import type { Agent, AgentContext, AgentReport, AgentTask } from './agent.ts';
import { emptyReport } from './agent.ts';
import { callTool } from './call-tool.ts';
import { fact, note } from './sentence.ts';
import { quote } from './show-records.ts';

const found = z
  .object({ advisories: z.array(advisory), total: z.number(), bySeverity: z.record(z.string(), z.number()) })
  .loose();

/** Reports known advisories of declared dependencies, worst first, and says what it cannot see. */
export function createSecurityAnalyst(): Agent {
  return {
    name: 'security-analyst',
    description:
      'Reports known vulnerabilities of declared dependencies with the version that fixes each; names what it needs to see more.',
    toolNames: ['find_advisories'],
    run: assess,
  };
}

async function assess(task: AgentTask, context: AgentContext): Promise<AgentReport> {
  const called = await callTool(context, 'find_advisories', { entities: task.understanding.entities }, found);
  const needs = note(
    'Undeclared dependencies, images, code and configuration are not examined: that needs a scanner whose results are connected.',
  );
  if (called.data === undefined) {
    return emptyReport({
      headline: [
        note(
          called.outcome.status === 'no-data'
            ? `No known vulnerability was found (looked at ${called.outcome.lookedAt}).`
            : `Vulnerabilities cannot be told: ${called.missing}.`,
        ),
      ],
      sections: [
        {
          title: 'Not seen',
          sentences: [note('It needs a source of advisories and the lock files of the services.'), needs],
        },
      ],
    });
  }
  const { advisories, total, bySeverity } = called.data;
  const id = called.evidence?.id;
  const counts = Object.entries(bySeverity)
    .map(([severity, count]) => `${count} ${severity}`)
    .join(', ');
  const said = advisories.map((one) =>
    fact(
      `${one.id} (${one.severity}) in ${one.package} ${one.installed}: ${quote(one.summary)}; ${one.fixedIn === undefined ? 'no fixed version is known' : `fixed in ${one.fixedIn}`}.`,
      id,
    ),
  );
  return emptyReport({
    headline: [
      fact(`${total} known vulnerabilities touch the declared dependencies: ${counts}.`, id),
      ...said.slice(0, 1),
    ],
    sections: [
      { title: 'Vulnerabilities', sentences: said.slice(1, 20) },
      { title: 'Not seen', sentences: [needs] },
    ].filter(({ sentences }) => sentences.length > 0),
    evidence: called.evidence === undefined ? [] : [called.evidence],
  });
}
