import { entityIdOf } from '../../../domain/entity.ts';
import type { Resource } from '../../../domain/signal.ts';
import type { Failed } from './check.ts';
import { createCheck, onsetOf } from './check.ts';
import type { Cluster } from './cluster.ts';
import { listAt, recordAt, textAt } from './fields.ts';
import { quantityOf } from './quantity.ts';

/** Claims that stay unbound: which of class, size, access mode, selector and occupancy keeps the volumes from fitting. */
export const checkClaims = createCheck(
  {
    name: 'claims',
    rule: 'A claim is pending. Each volume is compared with it by class, capacity, access modes, selector and owner; the volume that misses least tells what is wrong.',
    refutedBy: 'The claim is bound, or waits for its first consumer by design.',
  },
  (cluster) =>
    cluster
      .of('PersistentVolumeClaim')
      .filter(({ object }) => textAt(object, 'status', 'phase') === 'Pending')
      .flatMap((claim) => pending(cluster, claim)),
);

interface Miss {
  kind: string;
  says: string;
}

function pending(cluster: Cluster, claim: Resource): Failed[] {
  const event = cluster.eventsOf(claim).at(-1);
  const message = textAt(event?.object, 'message');
  if (/waiting for first consumer/i.test(message)) return [];
  const users = cluster
    .of('Pod')
    .filter((pod) =>
      listAt(pod.object, 'spec', 'volumes').some(
        (volume) => textAt(volume, 'persistentVolumeClaim', 'claimName') === claim.name,
      ),
    );
  const entities = [...new Set(users.map((pod) => entityIdOf('service', cluster.appOf(pod))))];
  const { miss, volume } = nearest(cluster, claim, message);
  return (entities.length === 0 ? [entityIdOf('volume', claim.name, claim.namespace)] : entities).map((entity) => ({
    entity,
    faultKind: miss.kind,
    statement: `claim ${claim.name} stays unbound: ${miss.says}`,
    ...(message === '' ? {} : { excerpt: message }),
    severity: miss.kind === 'volume-mount-failed' ? 0.7 : 0.9,
    objects: [claim, ...(volume === undefined ? [] : [volume]), ...users.slice(0, 2)],
    ...onsetOf(event),
  }));
}

function nearest(cluster: Cluster, claim: Resource, message: string): { miss: Miss; volume?: Resource } {
  const wanted = textAt(claim.object, 'spec', 'storageClassName');
  const volumes = cluster.of('PersistentVolume');
  const classes = cluster.of('StorageClass');
  if (/storageclass.* not found/i.test(message))
    return { miss: { kind: 'claim-class-mismatch', says: `its storage class ${wanted} does not exist` } };
  const judged = volumes
    .map((volume) => ({ volume, free: isFree(volume, claim), misses: missesOf(volume, claim) }))
    .sort((left, right) => Number(right.free) - Number(left.free) || left.misses.length - right.misses.length);
  const free = judged.filter((one) => one.free);
  const taken = judged.find((one) => !one.free && one.misses.length === 0);
  const best = free.find(({ misses }) => misses.length > 0 && misses.length <= 2);
  if (best !== undefined && best.misses[0] !== undefined) return { miss: best.misses[0], volume: best.volume };
  if (taken !== undefined)
    return {
      miss: {
        kind: 'volume-already-bound',
        says: `volume ${taken.volume.name}, which fits, belongs to claim ${textAt(taken.volume.object, 'spec', 'claimRef', 'name')}`,
      },
      volume: taken.volume,
    };
  if (wanted !== '' && classes.length > 0 && classes.every(({ name }) => name !== wanted))
    return { miss: { kind: 'claim-class-mismatch', says: `its storage class ${wanted} does not exist` } };
  return { miss: { kind: 'volume-mount-failed', says: 'no volume fits' } };
}

function isFree(volume: Resource, claim: Resource): boolean {
  const owner = textAt(volume.object, 'spec', 'claimRef', 'name');
  return owner === '' || owner === claim.name || textAt(volume.object, 'status', 'phase') === 'Available';
}

function missesOf(volume: Resource, claim: Resource): Miss[] {
  const misses: Miss[] = [];
  const wanted = textAt(claim.object, 'spec', 'storageClassName');
  const given = textAt(volume.object, 'spec', 'storageClassName');
  if (wanted !== given)
    misses.push({
      kind: 'claim-class-mismatch',
      says: `it asks for storage class "${wanted}", volume ${volume.name} is of class "${given}"`,
    });
  const size = quantityOf(textAt(claim.object, 'spec', 'resources', 'requests', 'storage'));
  const room = quantityOf(textAt(volume.object, 'spec', 'capacity', 'storage'));
  if (size !== undefined && room !== undefined && size > room)
    misses.push({
      kind: 'claim-capacity-mismatch',
      says: `it asks for more (${textAt(claim.object, 'spec', 'resources', 'requests', 'storage')}) than volume ${volume.name} holds (${textAt(volume.object, 'spec', 'capacity', 'storage')})`,
    });
  const modes = listAt(volume.object, 'spec', 'accessModes');
  const lacking = listAt(claim.object, 'spec', 'accessModes').filter((mode) => !modes.includes(mode));
  if (lacking.length > 0 && modes.length > 0)
    misses.push({
      kind: 'claim-access-mode-mismatch',
      says: `it asks for ${lacking.map(String).join(', ')}, which volume ${volume.name} does not offer`,
    });
  const labels = recordAt(volume.object, 'metadata', 'labels');
  const selector = recordAt(claim.object, 'spec', 'selector', 'matchLabels');
  const unmatched = Object.entries(selector).filter(([key, value]) => labels[key] !== value);
  if (unmatched.length > 0)
    misses.push({
      kind: 'claim-selector-mismatch',
      says: `it selects ${unmatched.map(([key, value]) => `${key}=${value}`).join(', ')}, which volume ${volume.name} does not carry`,
    });
  return misses;
}
