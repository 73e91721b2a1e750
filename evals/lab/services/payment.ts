import type { HttpReply, HttpRequest } from '../service-kit/http-message.ts';
import { numberIn, textIn } from '../service-kit/read-value.ts';
import type { Service, ServiceShape } from '../service-kit/service.ts';

/** Charges a customer through the payment provider and files a receipt. */
export function payment(service: Service): ServiceShape {
  let filed = 0;
  const charge = async ({ body, span }: HttpRequest): Promise<HttpReply> => {
    const customer = textIn(body, 'customer');
    const amount = numberIn(body, 'amount');
    const template = service.readTemplate();
    const call = { method: 'POST', route: '/v1/charges', path: '/v1/charges', body: { amount }, span };
    const answer = await service.need('provider').call(call);
    if (answer.status >= 400) return { status: 402, body: { error: 'declined' } };
    filed += 1;
    await service.volume?.write(`receipt-${filed}.txt`, `${customer} ${amount}\n${template}`);
    if (service.has('orders')) {
      await service
        .pool('orders')
        .use(span, (session) =>
          session.query('SELECT count(*) AS charges, sum(amount) AS amount FROM orders WHERE customer = ?', customer),
        );
    }
    return { status: 201, body: { charged: amount, pricing: { currency: 'eur' } } };
  };
  return { routes: [{ method: 'POST', path: '/charges', handle: charge }] };
}
