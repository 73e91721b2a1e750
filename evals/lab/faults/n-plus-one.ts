import { diffOf } from '../changes/diff.ts';
import type { Fault } from './fault.ts';
import { namesOf } from './fault.ts';
import { revertDeploy } from './revert.ts';

const title = 'simpler loading of product details';

/** A new version asks for the items of a list one by one instead of all together. */
export const nPlusOne: Fault = {
  kind: 'n-plus-one',
  culprit: true,
  targets: (world) => namesOf(world, 'catalog', 'search', 'cart', 'recommendation'),
  inject: (levers, target) => {
    const ofCatalog = namesOf(levers.world, 'catalog').includes(target);
    levers.deploy(target, (version) => ({
      kind: 'deploy',
      service: target,
      title: `Deploy ${target} ${version}: ${title}`,
      summary: 'One way to load a product everywhere; removes the special code for lists.',
      files: [ofCatalog ? `${target}/list-products.ts` : `${target}/read-products.ts`],
      diff: ofCatalog ? queryDiff(target) : callDiff(target),
    }));
    levers.order(target, { settings: { batchReads: false } });
    return () => {
      levers.order(target, { settings: { batchReads: true } });
      revertDeploy(levers, target, title);
    };
  },
};

function queryDiff(service: string): string {
  return diffOf({
    file: `${service}/list-products.ts`,
    line: 34,
    before: ['async function detailsOf(session: Session, ids: readonly number[]): Promise<Row[]> {'],
    removed: ['  return manyById(session, ids);'],
    added: [
      '  const rows: Row[] = [];',
      '  for (const id of ids) rows.push(...(await session.query(byId, id)));',
      '  return rows;',
    ],
    after: ['}'],
  });
}

function callDiff(service: string): string {
  return diffOf({
    file: `${service}/read-products.ts`,
    line: 9,
    before: ['    return listIn(await client.call(batchOf(some)), "rows");', '  };'],
    removed: ['  return load(ids);'],
    added: [
      '  const found: unknown[] = [];',
      '  for (const id of ids) found.push(...(await load([id])));',
      '  return found;',
    ],
    after: ['}'],
  });
}
