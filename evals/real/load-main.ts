import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { z } from 'zod';
import { systemClock } from '../../infra/runtime/clock.ts';
import { createRandom } from '../../infra/runtime/random.ts';

// Open-loop load: node load-main.ts <plan.json> <rate file>. The rate (requests a second) is read every second.
const plan = z
  .object({
    seed: z.number(),
    ca: z.string().optional(),
    mix: z.array(z.object({ weight: z.number(), method: z.string(), url: z.string() })),
  })
  .parse(JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')));
const random = createRandom(plan.seed);
const most = 300;
const agents = {
  'http:': new http.Agent({ keepAlive: true, maxSockets: most }),
  'https:': new https.Agent({
    keepAlive: true,
    maxSockets: most,
    ...(plan.ca === undefined ? {} : { ca: readFileSync(plan.ca) }),
  }),
};
const told = { ok: 0, bad: 0 };
let busy = 0;

function send(method: string, url: URL): void {
  busy += 1;
  let open = true;
  const done = (good: boolean): void => {
    if (!open) return;
    open = false;
    busy -= 1;
    told[good ? 'ok' : 'bad'] += 1;
  };
  const secure = url.protocol === 'https:';
  const options = { method, agent: agents[secure ? 'https:' : 'http:'], timeout: 12_000 };
  const request = (secure ? https : http).request(url, options, (reply) => {
    reply.resume();
    reply.once('end', () => done((reply.statusCode ?? 500) < 500));
    reply.once('error', () => done(false));
  });
  request.once('timeout', () => request.destroy());
  request.once('error', () => done(false));
  request.once('close', () => done(false));
  request.end();
}

const total = plan.mix.reduce((sum, { weight }) => sum + weight, 0);
let rate = 0;
let readAt = Number.NEGATIVE_INFINITY;
for (;;) {
  const now = systemClock.now();
  if (now - readAt > 1_000) {
    readAt = now;
    rate = Number(readFileSync(process.argv[3] ?? '', 'utf8')) || 0;
    process.stdout.write(`${systemClock.iso()} rate ${rate} ok ${told.ok} bad ${told.bad} busy ${busy}\n`);
  }
  await systemClock.sleep(rate > 0 ? Math.min(1_000, (-Math.log(1 - random.next()) / rate) * 1_000) : 500);
  if (rate <= 0 || busy >= most) continue;
  let left = random.next() * total;
  const chosen = plan.mix.find(({ weight }) => (left -= weight) < 0) ?? plan.mix[0];
  if (chosen === undefined) continue;
  const filled = chosen.url.replaceAll(/\{(\d+)\}/g, (_, count: string) =>
    String(1 + Math.floor(random.next() * Number(count))),
  );
  send(chosen.method, new URL(filled));
}
