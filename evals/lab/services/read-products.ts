import { listIn } from '../service-kit/read-value.ts';
import type { Service } from '../service-kit/service.ts';
import type { Span } from '../service-kit/tracing.ts';

/** Fetches products from the catalog: in one call, or one call for each where batching is off. */
export async function readProducts(service: Service, ids: readonly number[], span: Span): Promise<unknown[]> {
  const client = service.need('catalog');
  if (ids.length === 0) return [];
  if (service.settings.batchReads) {
    const path = `/batch?ids=${ids.join(',')}`;
    const { body } = await client.call({ method: 'GET', route: '/batch', path, span });
    return listIn(body, 'rows');
  }
  const found: unknown[] = [];
  for (const id of ids) {
    found.push((await client.call({ method: 'GET', route: '/products/:id', path: `/products/${id}`, span })).body);
  }
  return found;
}
