import type { Levers } from '../faults/fault.ts';
import type { Random } from '../random.ts';
import type { ServiceSpec } from '../world.ts';
import { serviceOf } from '../world.ts';
import type { ChangeFeed } from './feed.ts';
import { innocentChange } from './innocent-changes.ts';

/** Innocent changes that keep happening. */
export interface ChangeStream {
  /** Something happened, perhaps to a service: perhaps an innocent change falls near it, or on the very service. */
  readonly stir: (service: string) => void;
  readonly stop: () => void;
}

interface StreamDeps {
  readonly levers: Levers;
  readonly feed: ChangeFeed;
  readonly random: Random;
}

const dayMs = 24 * 3600 * 1000;

/** Starts with a day of history and goes on with a change every quarter of a minute or so. */
export function startChangeStream({ levers, feed, random }: StreamDeps): ChangeStream {
  const { services } = levers.world;
  const past = random.fork('past');
  for (let count = past.int(8, 14); count > 0; count -= 1) {
    const service = past.pick(services);
    const draft = innocentChange(past, service, service.version);
    feed.publish(draft, new Date(Date.now() - past.between(60_000, dayMs)));
  }
  const timers = new Set<NodeJS.Timeout>();
  const happenTo = (service: ServiceSpec): void => {
    const draft = innocentChange(random, service, service.version);
    if (draft.kind !== 'deploy') levers.publish(draft);
    else levers.deploy(service.name, (version) => ({ ...draft, title: draft.title.replace(service.version, version) }));
  };
  const happen = (): void => happenTo(random.chance(0.15) ? serviceOf(levers.world, 'gateway') : random.pick(services));
  const later = (milliseconds: number, work: () => void): void => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      work();
    }, milliseconds);
    timers.add(timer);
  };
  const keepHappening = (): void =>
    later(random.between(8_000, 24_000), () => {
      happen();
      keepHappening();
    });
  keepHappening();
  return {
    stir: (name) => {
      const struck = services.find((service) => service.name === name) ?? random.pick(services);
      if (random.chance(0.35)) happen();
      if (random.chance(0.35)) later(random.between(500, 4000), happen);
      if (random.chance(0.3)) later(random.between(1000, 6000), () => happenTo(struck));
    },
    stop: () => {
      for (const timer of timers) clearTimeout(timer);
    },
  };
}
