import type { HttpReply, HttpRequest } from '../service-kit/http-message.ts';
import type { Service, ServiceShape } from '../service-kit/service.ts';

interface Message {
  readonly body: unknown;
  readonly at: number;
}

const depthMax = 60;

/** Named queues in memory: publish, take in batches; a full queue refuses. */
export function broker(service: Service): ServiceShape {
  const queues = new Map<string, Message[]>([['orders', []]]);
  const { counter, gauge } = service.metrics.lazily;
  const depth = gauge('queue_depth', 'Messages waiting.', ['queue']);
  const oldest = gauge('queue_oldest_message_age_seconds', 'Age of the oldest message.', ['queue']);
  const published = counter('queue_published_total', 'Messages accepted.', ['queue']);
  const consumed = counter('queue_consumed_total', 'Messages handed out.', ['queue']);
  const refused = counter('queue_rejected_total', 'Messages refused: queue full.', ['queue']);
  gauge('queue_depth_max', 'Messages that fit.', ['queue']).set({ queue: 'orders' }, depthMax);
  const queueOf = (name: string): Message[] => {
    const known = queues.get(name) ?? [];
    queues.set(name, known);
    return known;
  };
  setInterval(() => {
    for (const [queue, messages] of queues) {
      const first = messages[0];
      depth.set({ queue }, messages.length);
      oldest.set({ queue }, first === undefined ? 0 : (performance.now() - first.at) / 1000);
    }
  }, 250).unref();

  const publish = ({ params, body }: HttpRequest): HttpReply => {
    const queue = params['queue'] ?? '';
    const messages = queueOf(queue);
    if (messages.length >= depthMax) {
      refused.inc({ queue });
      service.log.write('warn', 'message refused, queue is full', { queue, depth: messages.length });
      return { status: 409, body: { error: 'queue is full', depth: messages.length } };
    }
    messages.push({ body, at: performance.now() });
    published.inc({ queue });
    return { status: 202, body: { depth: messages.length, pricing: { currency: 'eur' } } };
  };
  const take = ({ params, query }: HttpRequest): HttpReply => {
    const queue = params['queue'] ?? '';
    const taken = queueOf(queue).splice(0, Number(query.get('max') ?? 10));
    consumed.inc({ queue }, taken.length);
    return { body: { messages: taken.map((message) => message.body), pricing: { currency: 'eur' } } };
  };
  return {
    routes: [
      { method: 'POST', path: '/queues/:queue/messages', handle: publish },
      { method: 'GET', path: '/queues/:queue/messages', handle: take },
    ],
  };
}
