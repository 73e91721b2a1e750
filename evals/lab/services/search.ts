import type { HttpReply, HttpRequest } from '../service-kit/http-message.ts';
import type { Service, ServiceShape } from '../service-kit/service.ts';
import type { Span } from '../service-kit/tracing.ts';
import { readProducts } from './read-products.ts';
import { warmUp } from './warm-up.ts';

/** Finds products by a word; ids come from its own index or the products database, details from the catalog. */
export function search(service: Service): ServiceShape {
  const cache = service.cache<number[]>();
  const idsOf = async (word: string, span: Span): Promise<number[]> => {
    const number = Number(word.replaceAll(/\D/g, '')) % 1500;
    if (!service.has('products')) return Array.from({ length: 12 }, (_, index) => 1 + number + index * 1500);
    const sql = 'SELECT id, count(*) OVER () AS many FROM products WHERE category = ? LIMIT 12';
    const rows = await service.pool('products').use(span, async (session) => {
      await session.query(
        'SELECT count(*) AS many FROM products WHERE category = ?',
        `category-${(number + 1) % 1500}`,
      );
      return session.query(sql, `category-${number}`);
    });
    return rows.map((row) => Number(row['id']));
  };
  const known = (word: string, span: Span): Promise<number[]> => cache.through(`word:${word}`, () => idsOf(word, span));
  const find = async ({ query, span }: HttpRequest): Promise<HttpReply> => {
    const word = query.get('q') ?? '';
    service.readTemplate();
    const ids = await known(word, span);
    return { body: { items: await readProducts(service, ids, span), pricing: { currency: 'eur' } } };
  };
  return {
    start: () => void warmUp(service, (key, span) => known(`word-${key}`, span), 80),
    routes: [{ method: 'GET', path: '/search', handle: find }],
  };
}
