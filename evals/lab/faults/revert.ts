import type { Levers } from './fault.ts';

/** Announces and deploys the version without a change. */
export function revertDeploy(levers: Levers, target: string, title: string): void {
  levers.deploy(target, (version) => ({
    kind: 'deploy',
    service: target,
    title: `Deploy ${target} ${version}: revert "${title}"`,
    summary: 'Back to the behaviour of the version before.',
  }));
}
