import type { ClientReply } from '../service-kit/http-client.ts';
import { UpstreamError } from '../service-kit/http-client.ts';
import type { HttpReply, HttpRequest } from '../service-kit/http-message.ts';
import type { Service, ServiceShape } from '../service-kit/service.ts';
import type { Span } from '../service-kit/tracing.ts';
import type { Role } from '../names.ts';

/** The edge of the shop: composes pages from the services behind it and limits the request rate. */
export function gateway(service: Service): ServiceShape {
  const { read, soft } = callers(service);
  const pricing = { currency: 'eur' };

  const product = async ({ params, span }: HttpRequest): Promise<HttpReply> => {
    const id = params['id'] ?? '';
    const [item, stock, reviews] = await Promise.all([
      read('catalog', { span, route: '/products/:id', path: `/products/${id}` }),
      soft('inventory', { span, route: '/stock/:sku', path: `/stock/sku-${id}` }),
      soft('reviews', { span, route: '/reviews/:product', path: `/reviews/${id}` }),
    ]);
    return { status: item.status, body: { item: item.body, stock, reviews, pricing } };
  };
  const pass =
    (role: Role, route: string, path: (request: HttpRequest) => string) =>
    async (request: HttpRequest): Promise<HttpReply> => {
      const found = await read(role, { span: request.span, route, path: path(request) });
      return { status: found.status, body: found.body };
    };
  const post =
    (role: Role, route: string, path: (request: HttpRequest) => string) =>
    async (request: HttpRequest): Promise<HttpReply> => {
      const call = { method: 'POST', route, path: path(request), body: request.body, span: request.span };
      const { status, body } = await service.need(role).call(call);
      return { status, body };
    };
  const param = (request: HttpRequest, name: string): string => encodeURIComponent(request.params[name] ?? '');
  const query = (request: HttpRequest, name: string): string => encodeURIComponent(request.query.get(name) ?? '');

  return {
    admit: rateLimit(service),
    routes: [
      { method: 'GET', path: '/products/:id', handle: product },
      {
        method: 'GET',
        path: '/products',
        handle: pass('catalog', '/products', (request) => `/products?category=${query(request, 'category')}`),
      },
      {
        method: 'GET',
        path: '/search',
        handle: pass('search', '/search', (request) => `/search?q=${query(request, 'q')}`),
      },
      {
        method: 'GET',
        path: '/recommendations/:customer',
        handle: pass('recommendation', '/suggestions/:customer', (r) => `/suggestions/${param(r, 'customer')}`),
      },
      {
        method: 'GET',
        path: '/cart/:customer',
        handle: pass('cart', '/carts/:customer', (request) => `/carts/${param(request, 'customer')}`),
      },
      {
        method: 'POST',
        path: '/cart/:customer/items',
        handle: post('cart', '/carts/:customer/items', (request) => `/carts/${param(request, 'customer')}/items`),
      },
      {
        method: 'POST',
        path: '/checkout/:customer',
        handle: post('checkout', '/orders/:customer', (request) => `/orders/${param(request, 'customer')}`),
      },
      {
        method: 'GET',
        path: '/orders/:customer',
        handle: pass('checkout', '/orders/:customer', (request) => `/orders/${param(request, 'customer')}`),
      },
    ],
  };
}

interface Reading {
  readonly span: Span;
  readonly route: string;
  readonly path: string;
}

function callers(service: Service) {
  const read = (role: Role, reading: Reading): Promise<ClientReply> =>
    service.need(role).call({ method: 'GET', ...reading });
  /** A part of the page that may be missing. */
  const soft = async (role: Role, reading: Reading): Promise<unknown> => {
    const client = service.peer(role);
    if (client === undefined) return undefined;
    try {
      return (await client.call({ method: 'GET', ...reading })).body;
    } catch (error) {
      if (error instanceof UpstreamError) return undefined;
      throw error;
    }
  };
  return { read, soft };
}

function rateLimit(service: Service): () => HttpReply | undefined {
  const rejected = service.metrics.lazily.counter('http_requests_rejected_total', 'Refused by the rate limit.', []);
  let tokens = service.settings.requestsPerSecondMax;
  let filledAt = performance.now();
  return () => {
    const now = performance.now();
    const limit = service.settings.requestsPerSecondMax;
    tokens = Math.min(limit, tokens + ((now - filledAt) / 1000) * limit);
    filledAt = now;
    if (tokens >= 1) {
      tokens -= 1;
      return undefined;
    }
    rejected.inc();
    return { status: 429, body: { error: 'too many requests' } };
  };
}
