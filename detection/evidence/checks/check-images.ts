import { entityIdOf } from '../../../domain/entity.ts';
import type { Resource } from '../../../domain/signal.ts';
import type { Failed } from './check.ts';
import { createCheck, onsetOf } from './check.ts';
import type { Cluster } from './cluster.ts';
import { isReady, statusesOf } from './cluster.ts';
import { memberOf } from '../../../infra/runtime/member-of.ts';
import { textAt } from './fields.ts';

/** Images that cannot be pulled, told apart by the registry's answer: no such image, no right to it, or no registry found. */
export const checkImages = createCheck(
  {
    name: 'images',
    rule: 'A container waits for its image. The answer of the registry says why: not found (wrong name or tag), refused (no or wrong pull secret), name not resolved (DNS of the registry).',
    refutedBy: 'The pod is ready by now.',
  },
  (cluster) => cluster.of('Pod').flatMap((pod) => (isReady(pod) ? [] : pulled(cluster, pod))),
);

const waiting = new Set([
  'ErrImagePull',
  'ImagePullBackOff',
  'InvalidImageName',
  'RegistryUnavailable',
  'ErrImageNeverPull',
]);

function pulled(cluster: Cluster, pod: Resource): Failed[] {
  const reasons = [
    ...statusesOf(pod).map((status) => textAt(status, 'state', 'waiting', 'reason')),
    textAt(pod.object, 'status', 'printed'),
  ];
  const reason = reasons.find((one) => waiting.has(one));
  const events = cluster.eventsOf(pod).filter(({ object }) => /pull|image/i.test(textAt(object, 'message')));
  const failure = events.findLast(({ object }) => textAt(object, 'message').startsWith('Failed to pull image'));
  if (reason === undefined && failure === undefined) return [];
  const status = statusesOf(pod).find((one) => waiting.has(textAt(one, 'state', 'waiting', 'reason')));
  const said = [textAt(failure?.object, 'message'), textAt(memberOf(status, 'state', 'waiting'), 'message')].join(' ');
  const noSecret = events.find(({ object }) => textAt(object, 'reason') === 'FailedToRetrieveImagePullSecret');
  const app = cluster.appOf(pod);
  const { kind, says } = verdictOf(said, reason ?? '', noSecret !== undefined);
  return [
    {
      entity: entityIdOf('service', app),
      faultKind: kind,
      statement: `the image of ${pod.name} cannot be pulled: ${says}`,
      ...(said.trim() === '' ? {} : { excerpt: said.trim() }),
      severity: kind === 'image-pull-failed' ? 0.75 : 0.9,
      objects: [pod, ...(failure === undefined ? [] : [failure]), ...(noSecret === undefined ? [] : [noSecret])],
      ...onsetOf(failure ?? events[0]),
    },
  ];
}

function verdictOf(said: string, reason: string, noSecret: boolean): { kind: string; says: string } {
  if (reason === 'InvalidImageName' || /invalid reference format/.test(said))
    return { kind: 'image-not-found', says: 'its name is not valid' };
  if (
    /no such host|server misbehaving|lookup \S+( on \S+)?: (i\/o timeout|read udp)|name resolution|Temporary failure in name/i.test(
      said,
    )
  )
    return { kind: 'registry-unresolvable', says: 'the name of the registry does not resolve' };
  if (
    /\b(401|403)\b|unauthori[sz]ed|forbidden|authentication required|failed to authorize|no basic auth|pull access denied/i.test(
      said,
    ) ||
    noSecret
  )
    if (!/repository does not exist/.test(said) || noSecret)
      return { kind: 'image-pull-denied', says: 'the registry refuses: a pull secret is missing or wrong' };
  if (/not found|manifest unknown|does not exist|NotFound/i.test(said))
    return { kind: 'image-not-found', says: 'the registry knows no such image or tag' };
  return { kind: 'image-pull-failed', says: 'the reason is not told' };
}
