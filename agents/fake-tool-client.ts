import type { Evidence, EvidenceKind } from '../domain/evidence.ts';
import type { Outcome } from '../domain/outcome.ts';
import { contentHash } from '../infra/runtime/canonical-json.ts';
import type { ToolClient, ToolDescription, ToolSession } from '../tools/client.ts';

/** What a canned tool answers: an outcome as it stands, or data that is wrapped as `ok` with evidence. */
export interface CannedTool {
  effect?: ToolDescription['effect'];
  kind?: EvidenceKind;
  answer(
    input: Record<string, unknown>,
    session: ToolSession,
    signal?: AbortSignal,
  ): Promise<CannedAnswer> | CannedAnswer;
}
export type CannedAnswer = { data: unknown; digest?: string; tainted?: boolean } | Outcome;

/** A ToolClient over canned tools, with the contract of the real one: every call ends in an outcome, evidence ids are content hashes. */
export function createFakeTools(tools: Record<string, CannedTool>) {
  const calls: { tool: string; input: Record<string, unknown>; session: ToolSession }[] = [];
  const clientFor = (session: ToolSession): ToolClient => ({
    list: () =>
      Promise.resolve(
        Object.entries(tools).map(([name, { effect }]) => ({
          name,
          description: name,
          effect: effect ?? 'read',
          inputSchema: {},
          outputSchema: {},
        })),
      ),
    async call(name, input, signal) {
      calls.push({ tool: name, input, session });
      const tool = tools[name];
      if (tool === undefined)
        return { status: 'failed', code: 'NOT_FOUND', message: `No tool is named ${name}.`, hint: 'See the list.' };
      const answer = await tool.answer(input, session, signal);
      if ('status' in answer) return answer;
      const digest = answer.digest ?? `${name} answered`;
      const record = {
        kind: tool.kind ?? 'other',
        tool: name,
        source: 'fake',
        query: input,
        entities: [],
        digest,
        tainted: answer.tainted ?? false,
      };
      const id = `ev_${contentHash([record, answer.data]).slice(0, 16)}`;
      const evidence: Evidence = { ...record, id, handle: id, size: JSON.stringify(answer.data).length };
      return { status: 'ok', data: answer.data, digest, evidence };
    },
  });
  return { clientFor, calls };
}
