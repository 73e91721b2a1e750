import type { Change, Draft } from '../changes/change.ts';
import type { Random } from '../random.ts';
import type { Order } from '../service-kit/settings.ts';
import type { Proxy } from '../supervisor/proxy.ts';
import type { World } from '../world.ts';

/** What a fault may do to the running shop. */
export interface Levers {
  readonly world: World;
  readonly order: (name: string, order: Order) => void;
  readonly publish: (draft: Draft) => Change;
  /** Deploys the next version of a service and announces it. */
  readonly deploy: (name: string, describe: (version: string) => Draft) => void;
  readonly hold: (name: string) => void;
  readonly revive: (name: string) => Promise<void>;
  /** The relay before a process, where there is one. */
  readonly proxy: (name: string) => Proxy | undefined;
  /** Multiplies the visitors' rate. */
  readonly load: (factor: number) => void;
  /** Starts a process that is no part of the shop; the result stops it. */
  readonly runForeign: (script: string, ...args: string[]) => () => void;
  readonly databaseFile: (name: string) => string;
}

/** Undoes what an injection did. */
export type Clear = () => Promise<void> | void;

/** One kind of trouble. `culprit` tells whether an entity of the shop is to blame. */
export interface Fault {
  readonly kind: string;
  readonly culprit: boolean;
  /** Names of the entities that it can strike; empty when it strikes nothing. */
  readonly targets: (world: World) => string[];
  /** Further entities that are as right an answer as the target. */
  readonly alsoRight?: (world: World, target: string) => string[];
  inject(levers: Levers, target: string, random: Random): Promise<Clear> | Clear;
}

/** Names of the services that play one of the roles in this world. */
export function namesOf(world: World, ...roles: readonly string[]): string[] {
  return world.services.filter((service) => roles.includes(service.role)).map((service) => service.name);
}
