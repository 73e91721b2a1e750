import type { HttpReply, HttpRequest } from '../service-kit/http-message.ts';
import type { Service, ServiceShape } from '../service-kit/service.ts';

/** Stars and words about a product. */
export function reviews(service: Service): ServiceShape {
  const pool = service.pool('reviews');
  const summary = ({ params, span }: HttpRequest): Promise<HttpReply> =>
    pool.use(span, async (session) => {
      const product = Number(params['product'] ?? 0);
      const [stars] = await session.query(
        'SELECT avg(stars) AS stars, count(*) AS many FROM reviews WHERE product = ?',
        product,
      );
      return { body: { ...stars, pricing: { currency: 'eur' } } };
    });
  return { routes: [{ method: 'GET', path: '/reviews/:product', handle: summary }] };
}
