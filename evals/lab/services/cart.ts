import type { HttpReply, HttpRequest } from '../service-kit/http-message.ts';
import { numberIn } from '../service-kit/read-value.ts';
import type { Service, ServiceShape } from '../service-kit/service.ts';
import { readProducts } from './read-products.ts';

const items = 'SELECT id, product, quantity FROM carts WHERE customer = ? LIMIT 10';
const total = 'SELECT count(*) AS many, sum(quantity) AS quantity FROM carts WHERE customer = ?';

/** Carts. A connection is kept for the whole request, as with a session per request. */
export function cart(service: Service): ServiceShape {
  const pool = service.pool('carts');
  const pricing = { currency: 'eur' };

  const view = ({ params, span }: HttpRequest): Promise<HttpReply> =>
    pool.use(span, async (session) => {
      const customer = params['customer'] ?? '';
      const rows = await session.query(items, customer);
      const [sum] = await session.query(total, customer);
      const ids = rows.map((row) => Number(row['product']));
      return { body: { items: rows, sum, products: await readProducts(service, ids, span), pricing } };
    });

  const add = ({ params, body, span }: HttpRequest): Promise<HttpReply> =>
    pool.use(span, async (session) => {
      const customer = params['customer'] ?? '';
      const product = numberIn(body, 'product');
      const path = `/stock/sku-${product}`;
      await service.peer('inventory')?.call({ method: 'GET', route: '/stock/:sku', path, span });
      await readProducts(service, [product], span);
      await session.query('INSERT INTO carts (customer, product, quantity) VALUES (?, ?, 1)', customer, product);
      const [sum] = await session.query(total, customer);
      return { status: 201, body: { sum, pricing } };
    });

  const empty = ({ params, span }: HttpRequest): Promise<HttpReply> =>
    pool.use(span, async (session) => {
      await session.query('DELETE FROM carts WHERE customer = ?', params['customer'] ?? '');
      return { body: { done: true, pricing } };
    });

  return {
    routes: [
      { method: 'GET', path: '/carts/:customer', handle: view },
      { method: 'POST', path: '/carts/:customer/items', handle: add },
      { method: 'DELETE', path: '/carts/:customer', handle: empty },
    ],
  };
}
