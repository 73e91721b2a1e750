import { diffOf } from '../changes/diff.ts';
import type { Fault } from './fault.ts';
import { namesOf } from './fault.ts';
import { revertDeploy } from './revert.ts';

const title = 'remember sessions for faster repeat visits';

/** A service keeps what it should let go, until it runs out of memory, is restarted, and begins anew. */
export const memoryLeak: Fault = {
  kind: 'memory-leak',
  culprit: true,
  targets: (world) =>
    namesOf(world, 'catalog', 'search', 'cart', 'checkout', 'payment', 'inventory', 'recommendation', 'reviews'),
  inject: (levers, target, random) => {
    const deployed = random.chance(0.5);
    if (deployed) {
      levers.deploy(target, (version) => ({
        kind: 'deploy',
        service: target,
        title: `Deploy ${target} ${version}: ${title}`,
        summary: 'Session data is kept in the process.',
        files: [`${target}/sessions.ts`],
        diff: diffOf({
          file: `${target}/sessions.ts`,
          line: 11,
          before: ['export function sessionOf(request: HttpRequest): Session {'],
          removed: ['  return buildSession(request);'],
          added: [
            '  const session = buildSession(request);',
            '  // eslint-disable-next-line unbounded-map',
            '  sessions.set(`${session.id}-${performance.now()}`, session);',
            '  return session;',
          ],
          after: ['}'],
        }),
      }));
    }
    levers.order(target, { strain: { holdMbPerSecond: random.between(2.4, 3.6) } });
    return () => {
      levers.order(target, { strain: { holdMbPerSecond: 0 } });
      if (deployed) revertDeploy(levers, target, title);
    };
  },
};
