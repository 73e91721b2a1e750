import { z } from 'zod';
import { finding } from '../domain/finding.ts';
import type { Finding } from '../domain/finding.ts';
import { window as windowSchema } from '../domain/time.ts';
import type { Window } from '../domain/time.ts';
import type { AgentContext, AgentTask, Compared } from './agent.ts';
import { callTool } from './call-tool.ts';
import type { Called } from './call-tool.ts';
import { chooseBaseline, chooseWindow, spanBefore, widened } from './choose-window.ts';

const seen = z
  .object({
    findings: z.array(finding).default([]),
    /** Where a tool found the quiet span and the onset itself, it says what it compared. */
    observed: windowSchema.optional(),
    baseline: windowSchema.optional(),
  })
  .loose();

/** What one look at the systems gave. */
export interface Look {
  /** What was looked for, in a word for a person. */
  about: string;
  called: Called<z.infer<typeof seen>>;
  findings: Finding[];
}

/** All looks of an investigation, in the order of reporting, and the spans that were compared. */
export interface Collected {
  looks: Look[];
  compared: Compared;
}

/** A change may show hours after it was made. */
const changesBeforeMs = 3 * 3_600_000;

/**
 * Looks at everything over the spans given (else those of the question), side by side: metrics, topology, changes and resources at once; logs and traces with them where the baseline is known
 * already, else as soon as the metrics have told it. Never throws but for cancellation.
 */
export async function collectEvidence(
  task: AgentTask,
  context: AgentContext,
  spans: { window: Window; baseline?: Window | undefined } = {
    window: chooseWindow(task.question, task.understanding),
    baseline: chooseBaseline(task.understanding),
  },
): Promise<Collected> {
  const { window, baseline: asked } = spans;
  const look = async (about: string, tool: string, input: Record<string, unknown>): Promise<Look> => {
    const called = await callTool(context, tool, input, seen);
    const id = called.evidence?.id;
    const findings = called.data?.findings ?? [];
    return {
      about,
      called,
      findings: id === undefined ? findings : findings.map((item) => ({ ...item, evidence: [id] })),
    };
  };
  const metrics = look('metrics', 'find_anomalies', {
    entities: [],
    window,
    ...(asked === undefined ? {} : { baseline: asked }),
  });
  const compared = (async (): Promise<{ window: Window; baseline: Window }> => {
    if (asked !== undefined) return { window, baseline: asked };
    const { data } = (await metrics).called;
    const observed = data?.observed ?? window;
    return { window: observed, baseline: data?.baseline ?? spanBefore(observed) };
  })();
  const then = async (about: string, tool: string): Promise<Look> =>
    look(about, tool, { entities: [], ...(await compared) });
  const { alert } = task.question;
  const looks = await Promise.all([
    look('alerts', 'check_alerts', {
      window,
      ...(alert === undefined
        ? {}
        : {
            alert: {
              name: alert.name.slice(0, 300),
              labels: alert.labels,
              startsAt: alert.startsAt,
              ...(alert.expression === undefined ? {} : { expression: alert.expression }),
            },
          }),
    }),
    metrics,
    then('logs', 'find_log_patterns'),
    then('traces', 'search_traces'),
    look('changes', 'list_changes', { entities: [], window: widened(window, changesBeforeMs) }),
    look('resources', 'check_resources', { window }),
    look('topology', 'walk_topology', { entities: [], window: widened(window, 600_000) }),
  ]);
  return { looks, compared: { ...(await compared), moved: movedOf(looks) } };
}

/** Which measures of which entities moved most, for whoever draws them: strongest first, each once. */
function movedOf(looks: readonly Look[]): NonNullable<Compared['moved']> {
  const strongest = looks
    .flatMap(({ findings }) => findings)
    .filter(({ signal }) => signal.type === 'metric')
    .toSorted((left, right) => right.severity - left.severity || (left.id < right.id ? -1 : 1));
  const byKey = new Map(
    strongest.map(({ entity, signal }) => [`${entity} ${signal.role}`, { entity, role: signal.role }]),
  );
  return [...byKey.values()].slice(0, 40);
}
