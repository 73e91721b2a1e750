import { setTimeout as delay } from 'node:timers/promises';
import { UpstreamError } from '../service-kit/http-client.ts';
import { errorFields } from '../service-kit/log.ts';
import { listIn, textIn } from '../service-kit/read-value.ts';
import type { Service, ServiceShape } from '../service-kit/service.ts';

/** Takes orders from the queue and writes a letter for each. */
export function notification(service: Service): ServiceShape {
  const { counter } = service.metrics.lazily;
  const consumed = counter('queue_messages_processed_total', 'Messages processed.', ['queue', 'result']);
  let written = 0;

  const write = async (message: unknown): Promise<void> => {
    const span = service.tracer.start({
      kind: 'consumer',
      name: 'process orders',
      traceparent: textIn(message, 'traceparent'),
    });
    span.set({
      'messaging.system': 'http',
      'messaging.destination.name': 'orders',
      'messaging.operation.type': 'process',
    });
    try {
      written += 1;
      const letter = `${JSON.stringify(message)}\n${service.readTemplate()}`;
      await service.volume?.write(`letter-${written}.txt`, letter);
      consumed.inc({ queue: 'orders', result: 'ok' });
      span.end();
    } catch (error) {
      consumed.inc({ queue: 'orders', result: 'error' });
      service.log.write('error', 'letter not written', {
        trace_id: span.traceId,
        err: errorFields(error, service.name),
      });
      span.end('letter not written');
    }
  };

  const round = async (): Promise<void> => {
    const span = service.tracer.start({ kind: 'client', name: 'poll', traceparent: unsampled });
    const path = '/queues/orders/messages?max=20';
    const call = { method: 'GET', route: '/queues/:queue/messages', path, span };
    const { body } = await service.need('broker').call(call);
    for (const message of listIn(body, 'messages')) await write(message);
  };

  const consume = async (): Promise<void> => {
    await delay(1000);
    for (;;) {
      try {
        if (service.settings.consuming) await round();
      } catch (error) {
        if (!(error instanceof UpstreamError)) throw error;
        service.log.write('error', 'polling failed', { err: errorFields(error, service.name) });
        await delay(500);
      }
      await delay(300);
    }
  };
  return { routes: [], start: () => void consume() };
}

/** Polls are too many to trace. */
const unsampled = `00-${'1'.repeat(32)}-${'1'.repeat(16)}-00`;
