import type { HttpReply, HttpRequest } from '../service-kit/http-message.ts';
import type { Service, ServiceShape } from '../service-kit/service.ts';
import { readProducts } from './read-products.ts';

/** Suggests products to a customer from the taste of the segment; keeps the suggestions of a segment. */
export function recommendation(service: Service): ServiceShape {
  const cache = service.cache<unknown[]>();
  const suggest = async ({ params, span }: HttpRequest): Promise<HttpReply> => {
    const segment = Number((params['customer'] ?? '').replaceAll(/\D/g, '')) % 20;
    service.readTemplate();
    const ids = Array.from({ length: 12 }, (_, index) => 1 + ((segment * 37 + index * 101) % 1500));
    const items = service.settings.batchReads
      ? await cache.through(`segment:${segment}`, async () => {
          const category = `category-${segment}`;
          const path = `/products?category=${category}`;
          await service.need('catalog').call({ method: 'GET', route: '/products', path, span });
          return readProducts(service, ids, span);
        })
      : await readProducts(service, ids, span);
    const path = `/stock/sku-${ids[0] ?? 1}`;
    const stock = await service.peer('inventory')?.call({ method: 'GET', route: '/stock/:sku', path, span });
    return { body: { items, stock: stock?.body, pricing: { currency: 'eur' } } };
  };
  return { routes: [{ method: 'GET', path: '/suggestions/:customer', handle: suggest }] };
}
