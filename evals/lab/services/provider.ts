import { createServer } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { createRandom } from '../random.ts';
import type { ProcessConfig } from '../service-kit/process-config.ts';
import { followParent } from '../service-kit/service.ts';

/** Somebody else's payment service: no metrics, no logs, no traces that we could see. */
export function runProvider(config: ProcessConfig): void {
  const random = createRandom(config.seed).fork('provider');
  let unavailable = 0;
  const server = createServer((incoming, response) => {
    incoming.resume();
    const refuse = random.chance(unavailable);
    const slow = refuse && random.chance(0.3) ? 4000 : random.between(20, 45);
    void delay(slow).then(() => {
      response.writeHead(refuse ? 503 : 200, { 'content-type': 'application/json' });
      response.end(refuse ? '{"error":"service unavailable"}' : '{"status":"succeeded"}');
    });
  });
  server.keepAliveTimeout = 30_000;
  followParent(undefined, (order) => {
    unavailable = order.settings?.unavailableShare ?? unavailable;
  });
  server.listen(config.port, '127.0.0.1', () => process.send?.({ ready: true }));
}
