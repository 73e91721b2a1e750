import type { ChangeFeed } from '../changes/feed.ts';
import { nextVersion } from '../changes/next-version.ts';
import type { Levers } from '../faults/fault.ts';
import type { World } from '../world.ts';
import type { ProcessTable } from './process-table.ts';
import type { Proxy } from './proxy.ts';

interface LeversDeps {
  readonly world: World;
  readonly table: ProcessTable;
  readonly proxies: ReadonlyMap<string, Proxy>;
  readonly feed: ChangeFeed;
  readonly fileOf: (database: string) => string;
}

/** Everything that can be done to the running shop. */
export function createLevers({ world, table, proxies, feed, fileOf }: LeversDeps): Levers {
  const versions = new Map(world.services.map(({ name, version }) => [name, version]));
  return {
    world,
    order: table.order,
    publish: (draft) => feed.publish(draft),
    deploy: (name, describe) => {
      const version = nextVersion(versions.get(name) ?? '1.0.0');
      versions.set(name, version);
      feed.publish(describe(version));
      table.order(name, { settings: { version } });
    },
    hold: table.hold,
    revive: table.revive,
    proxy: (name) => proxies.get(name),
    load: (factor) => table.order('visitors', { settings: { requestsPerSecondMax: factor } }),
    runForeign: (script, ...args) => table.runForeign(script, args),
    databaseFile: fileOf,
  };
}
