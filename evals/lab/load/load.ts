import { Agent, request } from 'node:http';
import type { Random } from '../random.ts';
import { createRandom } from '../random.ts';
import type { ProcessConfig } from '../service-kit/process-config.ts';
import { followParent } from '../service-kit/service.ts';
import type { LoadSpec } from '../world.ts';

interface Visit {
  readonly method: string;
  readonly path: string;
  readonly body?: object;
}

const inFlightMax = 600;

/** Sends visits to the gateway as an open loop: arrivals do not wait for answers. */
export function runLoad(config: ProcessConfig): void {
  const spec = config.load;
  const port = config.peers.gateway?.port;
  if (spec === undefined || port === undefined) throw new Error('no load in the configuration');
  const random = createRandom(config.seed).fork('visits');
  const agent = new Agent({ keepAlive: true, maxSockets: 256 });
  let factor = 1;
  let wobble = 0;
  let inFlight = 0;
  let due = 0;
  let last = performance.now();
  followParent(undefined, (order) => {
    factor = order.settings?.requestsPerSecondMax ?? factor;
  });

  const visit = (): void => {
    if (inFlight >= inFlightMax) return;
    inFlight += 1;
    const { method, path, body } = drawVisit(spec, random);
    const outgoing = request(
      { host: '127.0.0.1', port, method, path, agent, timeout: 8000, headers: { 'content-type': 'application/json' } },
      (response) => response.resume(),
    );
    outgoing.on('timeout', () => outgoing.destroy());
    outgoing.on('error', () => undefined);
    outgoing.on('close', () => (inFlight -= 1));
    outgoing.end(body === undefined ? undefined : JSON.stringify(body));
  };
  const tick = (): void => {
    const now = performance.now();
    const seconds = now / 1000;
    wobble = wobble * 0.97 + (random.next() - 0.5) * spec.noise;
    const wave = 1 + spec.amplitude * Math.sin((2 * Math.PI * seconds) / spec.periodS + spec.phase) + wobble;
    // Poisson arrivals: exponential gaps laid end to end.
    due += ((now - last) / 1000) * spec.rate * factor * Math.max(0.2, wave);
    last = now;
    while (due > 0) {
      due += Math.log(1 - random.next());
      visit();
    }
  };
  setInterval(tick, 15);
  process.send?.({ ready: true });
}

function drawVisit(spec: LoadSpec, random: Random): Visit {
  const customer = `customer-${random.int(1, 4000)}`;
  // Popularity falls off: squared draws favour small numbers.
  const product = 1 + Math.floor(random.next() ** 3 * 200);
  const visits: Readonly<Record<string, Visit>> = {
    product: { method: 'GET', path: `/products/${product}` },
    list: { method: 'GET', path: `/products?category=category-${random.int(0, 1499)}` },
    search: { method: 'GET', path: `/search?q=word-${Math.floor(random.next() ** 3 * 80)}` },
    recommendations: { method: 'GET', path: `/recommendations/${customer}` },
    cart: { method: 'GET', path: `/cart/${customer}` },
    add: { method: 'POST', path: `/cart/${customer}/items`, body: { product } },
    checkout: { method: 'POST', path: `/checkout/${customer}`, body: {} },
    orders: { method: 'GET', path: `/orders/${customer}` },
  };
  const total = Object.values(spec.mix).reduce((sum, share) => sum + share, 0);
  let mark = random.next() * total;
  for (const [kind, share] of Object.entries(spec.mix)) {
    mark -= share;
    const chosen = visits[kind];
    if (mark <= 0 && chosen !== undefined) return chosen;
  }
  return { method: 'GET', path: `/products/${product}` };
}
