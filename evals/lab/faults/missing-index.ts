import { join } from 'node:path';
import { diffOf } from '../changes/diff.ts';
import { createRandom } from '../random.ts';
import { tableDesigns } from '../stores/table-designs.ts';
import type { World } from '../world.ts';
import { domainsIn } from '../world.ts';
import type { Fault } from './fault.ts';
import type { DataDomain, Role } from '../names.ts';

const owners: Readonly<Record<DataDomain, Role>> = {
  products: 'catalog',
  orders: 'checkout',
  carts: 'cart',
  stock: 'inventory',
  reviews: 'reviews',
};
const script = join(import.meta.dirname, '..', 'stores', 'import-rows.ts');

/** A migration drops an index that queries need, while an import makes the table grow. */
export const missingIndex: Fault = {
  kind: 'missing-index',
  culprit: true,
  targets: (world) => world.databases.filter((database) => domainsOf(world, database.name).length > 0).map(nameOf),
  alsoRight: (world, target) => [ownerOf(world, struckIn(world, target))],
  inject: (levers, target, random) => {
    const domain = struckIn(levers.world, target);
    const { index, indexOn } = tableDesigns[domain];
    const owner = ownerOf(levers.world, domain);
    const file = `${owner}/migrations/00${random.int(21, 68)}_tidy_indexes.sql`;
    levers.deploy(owner, (version) => ({
      kind: 'deploy',
      service: owner,
      title: `Deploy ${owner} ${version}: tidy indexes of ${domain}`,
      summary: `Migration on ${target}: remove an index that was reported as unused, to make imports faster.`,
      files: [file],
      diff: diffOf({ file, line: 1, before: [], removed: [], added: [`DROP INDEX IF EXISTS ${index};`], after: [] }),
    }));
    const stop = levers.runForeign(script, levers.databaseFile(target), domain, String(random.int(28_000, 40_000)));
    return () => {
      stop();
      levers.runForeign(script, levers.databaseFile(target), domain, '0');
      levers.deploy(owner, (version) => ({
        kind: 'deploy',
        service: owner,
        title: `Deploy ${owner} ${version}: bring back ${index}`,
        summary: `CREATE INDEX ${index} ON ${indexOn}`,
      }));
    };
  },
};

const nameOf = ({ name }: { readonly name: string }): string => name;

function domainsOf(world: World, database: string): DataDomain[] {
  const found = world.databases.find(({ name }) => name === database);
  const used = domainsIn(world);
  return (found?.domains ?? []).filter((domain) => used.includes(domain));
}

/** The table that a seed strikes in a database. */
function struckIn(world: World, database: string): DataDomain {
  return createRandom(`${world.seed}:${database}`).pick(domainsOf(world, database));
}

function ownerOf(world: World, domain: DataDomain): string {
  return world.services.find(({ role }) => role === owners[domain])?.name ?? '';
}
