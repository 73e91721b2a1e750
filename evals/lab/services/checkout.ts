import type { HttpReply, HttpRequest } from '../service-kit/http-message.ts';
import type { Service, ServiceShape } from '../service-kit/service.ts';

const loyalty = 'SELECT count(*) AS many, sum(amount) AS amount FROM orders WHERE customer = ?';
const latest = 'SELECT id, amount, status FROM orders WHERE customer = ? LIMIT 10';
const insert = "INSERT INTO orders (customer, amount, status) VALUES (?, ?, 'paid')";

/** Turns a cart into a paid order and announces it; a connection is kept while an order is being placed. */
export function checkout(service: Service): ServiceShape {
  const pool = service.pool('orders');
  const pricing = { currency: 'eur' };
  let placed = 0;

  const place = async ({ params, span }: HttpRequest): Promise<HttpReply> => {
    const customer = params['customer'] ?? '';
    const path = `/carts/${encodeURIComponent(customer)}`;
    service.readTemplate();
    const order = await pool.use(span, async (session) => {
      await service.need('cart').call({ method: 'GET', route: '/carts/:customer', path, span });
      const [known] = await session.query(loyalty, customer);
      const amount = 20 + (Number(known?.['many'] ?? 0) % 80);
      const sku = `sku-${1 + (amount % 50)}`;
      const reserve = { method: 'POST', route: '/reservations', path: '/reservations', body: { sku }, span };
      await service.need('inventory').call(reserve);
      const charge = { method: 'POST', route: '/charges', path: '/charges', body: { customer, amount }, span };
      await service.need('payment').call(charge);
      await session.query(insert, customer, amount);
      placed += 1;
      await service.volume?.write(`order-${placed}.json`, JSON.stringify({ customer, amount }));
      return { customer, amount };
    });
    await announce(service, order, span);
    await service.need('cart').call({ method: 'DELETE', route: '/carts/:customer', path, span });
    return { status: 201, body: { ...order, pricing } };
  };

  const history = ({ params, span }: HttpRequest): Promise<HttpReply> =>
    pool.use(span, async (session) => {
      const customer = params['customer'] ?? '';
      const [sum] = await session.query(loyalty, customer);
      return { body: { sum, orders: await session.query(latest, customer), pricing } };
    });

  return {
    routes: [
      { method: 'POST', path: '/orders/:customer', handle: place },
      { method: 'GET', path: '/orders/:customer', handle: history },
    ],
  };
}

async function announce(service: Service, order: object, span: HttpRequest['span']): Promise<void> {
  const publishing = span.child('producer', 'publish orders', {
    'messaging.system': 'http',
    'messaging.destination.name': 'orders',
    'messaging.operation.type': 'send',
  });
  const body = { order, traceparent: publishing.traceparent };
  const path = '/queues/orders/messages';
  try {
    const sent = await service
      .need('broker')
      .call({ method: 'POST', route: '/queues/:queue/messages', path, body, span: publishing });
    if (sent.status >= 400) throw new Error(`queue orders refused the message: ${JSON.stringify(sent.body)}`);
    publishing.end();
  } catch (error) {
    publishing.end('publish failed');
    throw error;
  }
}
