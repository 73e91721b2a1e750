import type { HttpReply, HttpRequest } from '../service-kit/http-message.ts';
import { textIn } from '../service-kit/read-value.ts';
import type { Service, ServiceShape } from '../service-kit/service.ts';

const quantity = 'SELECT sum(quantity) AS quantity, count(*) AS places FROM stock WHERE sku = ?';

/** What is in stock, and reservations of it. */
export function inventory(service: Service): ServiceShape {
  const pool = service.pool('stock');
  const pricing = { currency: 'eur' };
  const stock = ({ params, span }: HttpRequest): Promise<HttpReply> =>
    pool.use(span, async (session) => {
      const [found] = await session.query(quantity, params['sku'] ?? '');
      return { body: { ...found, pricing } };
    });
  const reserve = ({ body, span }: HttpRequest): Promise<HttpReply> =>
    pool.use(span, async (session) => {
      const sku = textIn(body, 'sku');
      const [found] = await session.query(quantity, sku);
      await session.query('UPDATE stock SET quantity = quantity - 1 WHERE sku = ? AND quantity > 0', sku);
      return { status: 201, body: { reserved: sku, left: found?.['quantity'], pricing } };
    });
  return {
    routes: [
      { method: 'GET', path: '/stock/:sku', handle: stock },
      { method: 'POST', path: '/reservations', handle: reserve },
    ],
  };
}
