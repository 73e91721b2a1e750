import type { App } from '../../app.ts';
import type { Question } from '../../domain/question.ts';
import { createRedactor } from '../../infra/runtime/redact.ts';
import { writeCapsule } from '../../tools/sources/capsule/write-capsule.ts';
import type { SourceResult } from '../../tools/sources/source.ts';

const most = 100_000;
const itemsOf = <T>(result: SourceResult<T> | undefined): T[] | undefined =>
  result === undefined ? undefined : result.status === 'ok' ? result.items : [];

/**
 * Writes everything that the connected sources hold from `from` until the question as a capsule, so that a break is looked at again in seconds. A source
 * that does not answer counts as connected and empty.
 */
export async function keepRealCapsule(app: App, question: Question, dir: string, from: string): Promise<void> {
  const { metrics, logs, traces, changes, cluster } = app.sources;
  // With what the knowledge says of who depends on whom, as the tools saw it.
  const { topology } = app.recordings.sources;
  const window = { from, to: question.askedAt };
  const all = { entities: [], window };
  const calm = async <T>(read: Promise<SourceResult<T>> | undefined): Promise<SourceResult<T> | undefined> =>
    read?.catch((): SourceResult<T> => ({ status: 'no-data', lookedAt: 'did not answer' }));
  const [series, records, spans, graphs, listed, objects] = await Promise.all([
    calm(metrics?.query({ ...all, metrics: [], stepMs: 0, maxSeries: most })),
    calm(logs?.search({ ...all, limit: most })),
    calm(traces?.search({ ...all, limit: most })),
    calm(topology?.read(window)),
    calm(changes?.list({ ...all, limit: 1_000 })),
    calm(cluster?.list({ kinds: [], limit: most })),
  ]);
  const whole = await Promise.all(
    (itemsOf(listed) ?? []).map(async (change) => itemsOf(await calm(changes?.show(change.id)))?.[0] ?? change),
  );
  const [known] = itemsOf(graphs) ?? [];
  const [heldMetrics, heldLogs, heldSpans, heldObjects] = [
    itemsOf(series),
    itemsOf(records),
    itemsOf(spans),
    itemsOf(objects),
  ];
  writeCapsule(
    dir,
    {
      manifest: {
        title: question.thread,
        created: question.askedAt,
        question: question.text,
        askedAt: question.askedAt,
        asked: question,
        window,
      },
      data: {
        ...(heldMetrics === undefined ? {} : { metrics: heldMetrics }),
        ...(heldLogs === undefined ? {} : { logs: heldLogs }),
        ...(heldSpans === undefined ? {} : { spans: heldSpans }),
        ...(heldObjects === undefined ? {} : { resources: heldObjects }),
        ...(changes === undefined ? {} : { changes: whole }),
        ...(topology === undefined ? {} : { topology: known ?? { entities: [], edges: [] } }),
      },
    },
    createRedactor('real'),
  );
}
