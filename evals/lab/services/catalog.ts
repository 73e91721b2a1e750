import type { HttpReply, HttpRequest } from '../service-kit/http-message.ts';
import type { Row, Session } from '../service-kit/pool.ts';
import type { Service, ServiceShape } from '../service-kit/service.ts';
import type { Span } from '../service-kit/tracing.ts';
import { warmUp } from './warm-up.ts';

const byId = 'SELECT id, sku, category, title, price FROM products WHERE id = ?';
const byCategory = 'SELECT count(*) AS many, min(id) AS first, avg(price) AS price FROM products WHERE category = ?';
const page = 'SELECT id, sku, title, price FROM products WHERE category = ? LIMIT 12';

/** Products: single, by category and by a list of ids. */
export function catalog(service: Service): ServiceShape {
  const cache = service.cache<Row | undefined>();
  const pool = service.pool('products');

  const describe = (id: number, span: Span): Promise<Row | undefined> =>
    cache.through(`product:${id}`, () =>
      pool.use(span, async (session) => {
        const [found] = await session.query(byId, id);
        const [similar] = await session.query(byCategory, found?.['category'] ?? '');
        return found === undefined ? undefined : { ...found, similar: similar?.['many'] ?? 0 };
      }),
    );

  const one = async ({ params, span }: HttpRequest): Promise<HttpReply> => {
    const id = Number(params['id'] ?? 0);
    service.readTemplate();
    const row = await describe(id, span);
    if (row === undefined) return { status: 404, body: { error: 'no such product' } };
    const stock = service.peer('inventory');
    const path = `/stock/sku-${id}`;
    const stocked = await stock?.call({ method: 'GET', route: '/stock/:sku', path, span });
    return { body: { ...row, stock: stocked?.body, pricing: { currency: 'eur' } } };
  };

  const list = async ({ query, span }: HttpRequest): Promise<HttpReply> => {
    const category = query.get('category') ?? '';
    service.readTemplate();
    const items = await pool.use(span, async (session) => {
      const [summary] = await session.query(byCategory, category);
      const rows = await session.query(page, category);
      const ids = rows.map((row) => Number(row['id']));
      return { summary, rows: await detailsOf(session, ids) };
    });
    return { body: { ...items, pricing: { currency: 'eur' } } };
  };

  const detailsOf = async (session: Session, ids: readonly number[]): Promise<Row[]> => {
    if (service.settings.batchReads) return manyById(session, ids);
    const rows: Row[] = [];
    for (const id of ids) rows.push(...(await session.query(byId, id)));
    return rows;
  };

  const batch = async ({ query, span }: HttpRequest): Promise<HttpReply> => {
    const ids = (query.get('ids') ?? '').split(',').map(Number).slice(0, 40);
    const rows = await pool.use(span, (session) => manyById(session, ids));
    return { body: { rows, pricing: { currency: 'eur' } } };
  };

  return {
    start: () => void warmUp(service, (key, span) => describe(1 + key, span), 200),
    routes: [
      { method: 'GET', path: '/products', handle: list },
      { method: 'GET', path: '/batch', handle: batch },
      { method: 'GET', path: '/products/:id', handle: one },
    ],
  };
}

function manyById(session: Session, ids: readonly number[]): Promise<Row[]> {
  const padded = [...ids, ...Array.from({ length: 12 }, () => -1)].slice(0, Math.max(12, ids.length));
  const marks = padded.map(() => '?').join(', ');
  return session.query(`SELECT id, sku, title, price FROM products WHERE id IN (${marks})`, ...padded);
}
