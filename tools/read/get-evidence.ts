import { z } from 'zod';
import { evidence, evidenceId } from '../../domain/evidence.ts';
import type { Tool } from '../tool.ts';
import type { ReadDeps } from './read-deps.ts';

const mostBytes = 60_000;

const input = z.strictObject({
  id: evidenceId.describe('Evidence id as cited in an answer or outcome, `ev_…`.'),
  offset: z.number().int().min(0).default(0),
  limit: z.number().int().min(1).max(500).default(50),
});
const output = z.object({
  evidence,
  items: z.array(z.unknown()),
  total: z.number().int(),
  offset: z.number().int(),
  next: z.number().int().optional(),
});

/** Pages through the raw result behind an evidence id. A page is cut at about 60 kB; `next` is the offset to go on from. */
export function createGetEvidence(deps: ReadDeps): Tool<z.infer<typeof input>, z.infer<typeof output>> {
  return {
    name: 'get_evidence',
    description:
      'Opens the raw result behind an evidence id (series, log lines, spans, changes, findings …) page by page. Use it when a digest is not enough; go on with `offset: next`.',
    effect: 'read',
    input,
    output,
    run(request) {
      const record = deps.evidence.get(request.id);
      if (record === undefined) {
        return Promise.resolve({
          status: 'no-data',
          lookedAt: `the evidence store, id ${request.id}`,
          hint: 'Ids come from outcomes of other tools; old evidence ages out. Run the query again.',
        });
      }
      const { items: page, total } = deps.evidence.page(request.id, request.offset, request.limit);
      const items: unknown[] = [];
      let bytes = 0;
      for (const item of page) {
        bytes += JSON.stringify(item ?? null).length;
        if (items.length > 0 && bytes > mostBytes) break;
        items.push(item);
      }
      const end = request.offset + items.length;
      return Promise.resolve({
        status: 'ok',
        output: { evidence: record, items, total, offset: request.offset, ...(end < total ? { next: end } : {}) },
        digest: `Items ${request.offset} to ${end} of ${total} of ${record.id} (${record.tool}): ${record.digest}`,
        kind: record.kind,
        source: record.source,
        ...(record.window === undefined ? {} : { window: record.window }),
        entities: record.entities,
        tainted: record.tainted,
        stored: record,
      });
    },
  };
}
