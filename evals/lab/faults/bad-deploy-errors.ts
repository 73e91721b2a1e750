import { diffOf } from '../changes/diff.ts';
import type { Fault } from './fault.ts';
import { namesOf } from './fault.ts';
import { revertDeploy } from './revert.ts';

/** A new version throws on a share of the requests. */
export const badDeployErrors: Fault = {
  kind: 'bad-deploy-errors',
  culprit: true,
  targets: (world) => namesOf(world, 'catalog', 'search', 'cart', 'checkout', 'payment', 'inventory', 'recommendation'),
  inject: (levers, target, random) => {
    levers.deploy(target, (version) => ({
      kind: 'deploy',
      service: target,
      title: `Deploy ${target} ${version}: show the tax rate with prices`,
      summary: 'Replies carry the tax rate, so that pages can show gross and net prices.',
      files: [`${target}/enrichment.ts`, `${target}/http-server.ts`],
      diff: diffOf(
        {
          file: `${target}/enrichment.ts`,
          line: 8,
          before: ['export function enrichReply(reply: HttpReply): HttpReply {'],
          removed: ['  return reply;'],
          added: [
            '  const body: Priced = JSON.parse(JSON.stringify(reply.body));',
            '  return { ...reply, body: { ...body, taxRate: body.pricing.tax.rate.toFixed(2) } };',
          ],
          after: ['}'],
        },
        {
          file: `${target}/http-server.ts`,
          line: 86,
          before: ['    result ??= await route.handle(request);'],
          removed: [],
          added: ['    if (shown(settings.enrichedShare)) result = enrichReply(result);'],
          after: ['    status = result.status ?? 200;'],
        },
      ),
    }));
    levers.order(target, { settings: { enrichedShare: random.between(0.35, 0.7) } });
    return () => {
      levers.order(target, { settings: { enrichedShare: 0 } });
      revertDeploy(levers, target, 'show the tax rate with prices');
    };
  },
};
