import { listIn } from '../service-kit/read-value.ts';
import type { Service } from '../service-kit/service.ts';
import type { Span } from '../service-kit/tracing.ts';

/** Fetches products from the catalog: in one call, or one call for each where batching is off. */
export async function readProducts(service: Service, ids: readonly number[], span: Span): Promise<unknown[]> {
  const client = service.need('catalog');
  const load = async (some: readonly number[]): Promise<unknown[]> => {
    const path = `/batch?ids=${some.join(',')}`;
    return listIn((await client.call({ method: 'GET', route: '/batch', path, span })).body, 'rows');
  };
  if (service.settings.batchReads) return ids.length === 0 ? [] : load(ids);
  const found: unknown[] = [];
  for (const id of ids) found.push(...(await load([id])));
  return found;
}
